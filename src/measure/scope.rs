use crate::measure::installed::require_installed;
use crate::measure::thread;
use crate::measure::usage::Usage;

/// Measures what a closure uses of the heap, on this thread.
///
/// All that this thread allocates and frees counts, and nothing that another does. So the figures are
/// the same at each run, whatever else is going on, and tests that run side by side do not disturb
/// each other. Memory counts where it is allocated and where it is freed: of a pipeline that hands
/// memory from thread to thread (`read_ahead`, `prefetch`), [`process`](crate::measure::process)
/// tells more.
///
/// Scopes nest, and the peak of an inner one is one of the outer's, too. What the closure returns is
/// live at the end.
///
/// # Panics
///
/// Panics if [`Peak`](crate::measure::Peak) is not the program's global allocator.
///
/// # Examples
///
/// ```
/// use headwater::measure::{Peak, measure};
/// use std::alloc::System;
///
/// #[global_allocator]
/// static HEAP: Peak = Peak::new(System);
///
/// let path = "fixtures/apache_access.log";
/// let (count, lazy) = measure(|| headwater::lines(path).unwrap().map_while(Result::ok).count());
/// let (lines, eager) = measure(|| headwater::lines(path).unwrap().collect::<Vec<_>>());
/// assert_eq!((count, lines.len()), (10_000, 10_000));
/// assert!(lazy.peak() < 150 << 10 && eager.peak() > 2 << 20);
/// assert_eq!(lazy.live_at_end(), 0);
/// ```
#[track_caller]
pub fn measure<T>(job: impl FnOnce() -> T) -> (T, Usage) {
    require_installed();
    let scope = thread::Scope::begin();
    let value = job();
    (value, scope.end())
}

/// Returns what the innermost scope of this thread has used so far.
///
/// It is how to see memory over time: called now and then, its
/// [`live_at_end`](Usage::live_at_end) is a curve. Outside of any scope there is none.
///
/// # Examples
///
/// ```
/// use headwater::measure::{Peak, measure, so_far};
/// # use std::alloc::System;
/// # #[global_allocator]
/// # static HEAP: Peak = Peak::new(System);
///
/// let mut curve = Vec::with_capacity(3);
/// measure(|| {
///     let mut kept = Vec::new();
///     for _ in 0..3 {
///         kept.push(Box::new([0_u8; 1000]));
///         curve.extend(so_far().map(|usage| usage.live_at_end() / 1000));
///     }
/// });
/// assert_eq!(curve, [1, 2, 3]);
/// assert_eq!(so_far(), None);
/// ```
#[must_use]
pub fn so_far() -> Option<Usage> {
    thread::so_far()
}
