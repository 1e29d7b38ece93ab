use std::fmt;

use criterion::measurement::{Measurement, ValueFormatter};
use criterion::{BatchSize, Bencher};

use crate::measure::criterion::scale::{Units, dithered};
use crate::measure::installed::require_installed;
use crate::measure::shared::Scope;

/// The peak of the heap as what criterion measures, in bytes, over all threads.
///
/// A routine is run by [`PeakHeap::iter`], or `iter_batched` with `BatchSize::PerIteration`. By
/// `Bencher::iter` criterion measures many iterations at once and divides by their number, which is
/// right for what adds up, as time does, but not for a peak.
///
/// # Panics
///
/// A measurement panics if [`Peak`](crate::measure::Peak) is not the program's global allocator.
///
/// # Examples
///
/// ```
/// use criterion::{BenchmarkId, Criterion};
/// use headwater::measure::{Peak, criterion::PeakHeap};
/// use std::alloc::System;
///
/// #[global_allocator]
/// static HEAP: Peak = Peak::new(System);
///
/// let mut criterion = Criterion::default().with_measurement(PeakHeap);
/// # let folder = std::env::temp_dir().join("headwater-peak-heap");
/// # let mut criterion = criterion.output_directory(&folder).sample_size(10);
/// # criterion = criterion.warm_up_time(std::time::Duration::from_millis(1));
/// # criterion = criterion.measurement_time(std::time::Duration::from_millis(1));
/// criterion.bench_function("lines", |bencher| {
///     PeakHeap::iter(bencher, || headwater::lines("fixtures/apache_access.log").unwrap().count());
/// });
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct PeakHeap;

impl PeakHeap {
    /// Runs a routine as often as criterion asks for, and measures the peak of each run.
    #[track_caller]
    pub fn iter<T>(bencher: &mut Bencher<'_, Self>, mut routine: impl FnMut() -> T) {
        require_installed();
        bencher.iter_batched(|| (), |()| routine(), BatchSize::PerIteration);
    }
}

impl Measurement for PeakHeap {
    type Intermediate = Running;
    type Value = u64;

    fn start(&self) -> Running {
        require_installed();
        Running(Scope::begin())
    }

    fn end(&self, running: Running) -> u64 {
        running.0.end().peak()
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
pub struct Running(Scope);

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running").finish_non_exhaustive()
    }
}

const UNITS: Units = Units {
    names: &[
        (1.0, "B"),
        (1024.0, "KiB"),
        (1024.0 * 1024.0, "MiB"),
        (1024.0 * 1024.0 * 1024.0, "GiB"),
    ],
    a_byte: "B/B",
    an_element: "B/elem",
};
