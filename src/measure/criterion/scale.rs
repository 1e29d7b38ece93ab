use criterion::Throughput;

/// Divides values by a unit that suits a typical one of them, and names it. Units ascend.
pub(super) fn scale(
    typical: f64,
    values: &mut [f64],
    units: &[(f64, &'static str)],
) -> &'static str {
    let suits = |unit: &&(f64, &str)| typical >= unit.0;
    let found = units.iter().rev().find(suits).or(units.first());
    let (unit, name) = found.copied().unwrap_or((1.0, ""));
    for value in values {
        *value /= unit;
    }
    name
}

/// Divides values by what an iteration gets through, and tells whether that is bytes.
pub(super) fn spread(values: &mut [f64], throughput: &Throughput) -> bool {
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
