use std::fmt;

use criterion::measurement::{Measurement, ValueFormatter};

use crate::measure::criterion::scale::{Units, dithered};
use crate::measure::installed::require_installed;
use crate::measure::shared::Scope;

/// How often memory is asked for, as what criterion measures, over all threads.
///
/// Allocations add up, as time does: any way to iterate will do.
///
/// # Panics
///
/// A measurement panics if [`Peak`](crate::measure::Peak) is not the program's global allocator.
///
/// # Examples
///
/// ```
/// use criterion::Criterion;
/// use headwater::measure::{Peak, criterion::Allocations};
/// use std::alloc::System;
///
/// #[global_allocator]
/// static HEAP: Peak = Peak::new(System);
///
/// let mut criterion = Criterion::default().with_measurement(Allocations);
/// # let folder = std::env::temp_dir().join("headwater-allocations");
/// # let mut criterion = criterion.output_directory(&folder).sample_size(10);
/// # criterion = criterion.warm_up_time(std::time::Duration::from_millis(1));
/// # criterion = criterion.measurement_time(std::time::Duration::from_millis(1));
/// criterion.bench_function("generate", |bencher| {
///     let numbers = || headwater::generate(|out| async move { out.emit_all(0..100).await });
///     bencher.iter(|| numbers().count());
/// });
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Allocations;

impl Measurement for Allocations {
    type Intermediate = Counting;
    type Value = u64;

    fn start(&self) -> Counting {
        require_installed();
        Counting(Scope::begin())
    }

    fn end(&self, counting: Counting) -> u64 {
        counting.0.end().allocations()
    }

    fn add(&self, one: &u64, other: &u64) -> u64 {
        one.saturating_add(*other)
    }

    fn zero(&self) -> u64 {
        0
    }

    fn to_f64(&self, value: &u64) -> f64 {
        dithered(*value)
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        &UNITS
    }
}

/// A measurement that was begun.
pub struct Counting(Scope);

impl fmt::Debug for Counting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Counting").finish_non_exhaustive()
    }
}

const UNITS: Units = Units {
    names: &[(1.0, "allocs"), (1e3, "Kallocs"), (1e6, "Mallocs")],
    a_byte: "allocs/B",
    an_element: "allocs/elem",
};
