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

#[cfg(test)]
mod tests {
    use std::panic::{self, catch_unwind};
    use std::sync::Mutex;
    use std::thread;

    use crate::measure::assert_constant::assert_constant_memory;
    use crate::measure::growth::Growth;
    use crate::measure::process::process;
    use crate::measure::scope::measure;

    /// Where this thread has panicked last.
    static PLACE: Mutex<Option<(String, u32)>> = Mutex::new(None);

    #[test]
    fn without_peak_the_panic_is_where_it_is_missed() {
        let (here, before) = (thread::current().id(), panic::take_hook());
        panic::set_hook(Box::new(move |info| {
            if thread::current().id() != here {
                return before(info);
            }
            let place = info.location().map(|place| (place.file().to_owned(), place.line()));
            *PLACE.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = place;
        }));
        let cases: &[(u32, fn())] = &[
            (line!(), || drop(measure(|| vec![1]))),
            (line!(), || drop(process(|| vec![1]))),
            (line!(), || drop(Growth::measure([1, 2], |n| n))),
            (line!(), || drop(Growth::process([1, 2], |n| n))),
            (line!(), || assert_constant_memory([1, 2], |n| n)),
            #[cfg(feature = "async")]
            (line!(), || drop(crate::measure::stream::measure(1))),
        ];
        for (line, case) in cases {
            assert!(catch_unwind(case).is_err());
            let place = PLACE.lock().map(|mut place| place.take()).ok().flatten();
            assert_eq!(place, Some((file!().to_owned(), *line)));
        }
    }
}
