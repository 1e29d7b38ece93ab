use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use criterion::Throughput;
use criterion::measurement::ValueFormatter;

/// Returns a count as criterion reckons, off by less than a millionth of it, and never twice by the
/// same: of samples that are all equal it would make a division by 0, and its plots a panic.
pub(super) fn dithered(count: u64) -> f64 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    // Steps by the golden ratio fill the range evenly, in any number.
    let step = NEXT.fetch_add(0x9E37_79B9, Relaxed);
    let part = f64::from(step) / f64::from(u32::MAX) - 0.5;
    #[expect(clippy::cast_precision_loss, reason = "criterion reckons in f64")]
    let count = count as f64;
    count * (1.0 + part * 1e-6)
}

/// In which units something is reported.
pub(super) struct Units {
    /// How many of the smallest each is, and its name; ascending.
    pub(super) names: &'static [(f64, &'static str)],
    pub(super) a_byte: &'static str,
    pub(super) an_element: &'static str,
}

impl ValueFormatter for Units {
    fn scale_values(&self, typical: f64, values: &mut [f64]) -> &'static str {
        scale(typical, values, self.names)
    }

    fn scale_throughputs(
        &self,
        _typical: f64,
        throughput: &Throughput,
        values: &mut [f64],
    ) -> &'static str {
        if spread(values, throughput) { self.a_byte } else { self.an_element }
    }

    fn scale_for_machines(&self, _values: &mut [f64]) -> &'static str {
        self.names.first().map_or("", |unit| unit.1)
    }
}

/// Divides values by a unit that suits a typical one of them, and names it. Units ascend.
fn scale(typical: f64, values: &mut [f64], units: &[(f64, &'static str)]) -> &'static str {
    let suits = |unit: &&(f64, &str)| typical >= unit.0;
    let found = units.iter().rev().find(suits).or(units.first());
    let (unit, name) = found.copied().unwrap_or((1.0, ""));
    for value in values {
        *value /= unit;
    }
    name
}

/// Divides values by what an iteration gets through, and tells whether that is bytes.
fn spread(values: &mut [f64], throughput: &Throughput) -> bool {
    let (amount, is_bytes) = match *throughput {
        Throughput::Bits(bits) => (bits.div_ceil(8), true),
        Throughput::Bytes(bytes) | Throughput::BytesDecimal(bytes) => (bytes, true),
        Throughput::Elements(elements) | Throughput::ElementsAndBytes { elements, .. } => {
            (elements, false)
        }
    };
    #[expect(clippy::cast_precision_loss, reason = "criterion reckons in f64")]
    let amount = amount.max(1) as f64;
    for value in values {
        *value /= amount;
    }
    is_bytes
}
