use crate::measure::growth::Growth;

/// Asserts that the memory of a pipeline does not grow with its input, on this thread.
///
/// It is run at each size, and once before, and may grow by no more than
/// [`Growth::MAX_SLOPE`] bytes an item, or [`Growth::MAX_GROWTH`] in all. The smallest size has to
/// be large enough to fill what is bounded (a block, a window), or it is that whose growth is seen;
/// sizes that are multiples of it leave as much of the last block empty. Three sizes or more tell
/// what it grows like.
///
/// Of pipelines with threads, `assert!(growth.is_constant(), "{growth}")` of a
/// [`Growth::process`] says the same.
///
/// # Panics
///
/// Panics if it grows, and shows the sizes, the peaks, the slope and what is likely to cause it; if
/// there are not two different sizes; and if [`Peak`](crate::measure::Peak) is not the program's
/// global allocator.
///
/// # Examples
///
/// ```
/// use headwater::{lines, measure::{Peak, assert_constant_memory}};
/// use std::{alloc::System, io::{self, Read}, num::NonZeroUsize};
///
/// #[global_allocator]
/// static HEAP: Peak = Peak::new(System);
///
/// let small = NonZeroUsize::new(4096).unwrap();
/// assert_constant_memory([8192, 16_384, 65_536], |n| {
///     let log = io::repeat(b'\n').take(n as u64);
///     assert_eq!(lines::read(log).block_size(small).map_while(Result::ok).count(), n);
/// });
/// ```
///
/// What keeps its items does not pass:
///
/// ```should_panic
/// # use headwater::measure::{Peak, assert_constant_memory};
/// # use std::alloc::System;
/// # #[global_allocator]
/// # static HEAP: Peak = Peak::new(System);
/// assert_constant_memory([1_000, 10_000, 100_000], |n| {
///     let mut numbers: Vec<_> = (0..n).rev().collect();
///     numbers.sort();
/// });
/// ```
#[track_caller]
pub fn assert_constant_memory<T>(
    sizes: impl IntoIterator<Item = usize>,
    pipeline: impl FnMut(usize) -> T,
) {
    let growth = Growth::measure(sizes, pipeline);
    assert!(growth.is_constant(), "{growth}");
}
