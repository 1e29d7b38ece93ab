use crate::measure::installed::require_installed;
use crate::measure::shared;
use crate::measure::usage::Usage;

/// Measures what the whole process uses of the heap while a closure runs.
///
/// All threads count, whoever started them: it is for pipelines that have threads of their own, and
/// what other threads do meanwhile is in the figures, too. The peak is that of the sum, to the
/// byte, but how threads run beside each other may differ from run to run, and the peak with it. What
/// another thread allocates in the very moment in which a scope begins or ends may count on either
/// side of it.
///
/// Any number of these scopes may run at once, on any threads, nested or not. What the closure
/// returns is live at the end.
///
/// # Panics
///
/// Panics if [`Peak`](crate::measure::Peak) is not the program's global allocator.
///
/// # Examples
///
/// ```
/// use headwater::measure::{Peak, process};
/// use std::{alloc::System, num::NonZeroUsize};
///
/// #[global_allocator]
/// static HEAP: Peak = Peak::new(System);
///
/// let (count, usage) = process(|| {
///     let log = headwater::lines("fixtures/apache_access.log").unwrap();
///     log.read_ahead(NonZeroUsize::MIN).map_while(Result::ok).count()
/// });
/// assert_eq!(count, 10_000);
/// assert!(usage.peak() > 256 << 10 && usage.peak() < 1 << 20, "{usage}");
/// ```
#[track_caller]
pub fn process<T>(job: impl FnOnce() -> T) -> (T, Usage) {
    require_installed();
    let scope = shared::Scope::begin();
    let value = job();
    (value, scope.end())
}
