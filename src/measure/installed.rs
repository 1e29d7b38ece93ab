use std::hint::black_box;
use std::sync::OnceLock;

use crate::measure::thread;

/// Tells whether [`Peak`](crate::measure::Peak) is the program's global allocator.
///
/// Without it there is nothing to measure by, and all that measures panics.
///
/// # Examples
///
/// ```
/// use headwater::measure::{is_installed, measure};
///
/// assert!(!is_installed());
/// let refused = std::panic::catch_unwind(|| measure(|| 1)).unwrap_err();
/// let message = refused.downcast_ref::<&str>().unwrap();
/// assert!(message.starts_with("nothing counts allocations: make `Peak` the global allocator"));
/// ```
#[must_use]
pub fn is_installed() -> bool {
    // Tried once, which is before the first scope, so that no scope counts it.
    static INSTALLED: OnceLock<bool> = OnceLock::new();
    *INSTALLED.get_or_init(|| {
        let before = thread::allocations();
        drop(black_box(Box::new(black_box(0_u8))));
        thread::allocations() != before
    })
}

#[track_caller]
pub(super) fn require_installed() {
    assert!(
        is_installed(),
        "nothing counts allocations: make `Peak` the global allocator of this program, by \
         `#[global_allocator] static HEAP: Peak = Peak::new(System);`"
    );
}

#[cfg(test)]
mod tests {
    use std::panic::{self, catch_unwind};
    use std::sync::Mutex;
    use std::thread;

    use crate::measure::{Growth, assert_constant_memory, measure, process};

    /// Where this thread has panicked last.
    static PLACE: Mutex<Option<(String, u32)>> = Mutex::new(None);

    #[test]
    fn without_it_the_panic_is_where_it_is_missed() {
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
            (line!(), || drop(crate::stream::measure(1))),
        ];
        for (line, case) in cases {
            assert!(catch_unwind(case).is_err());
            let place = PLACE.lock().map(|mut place| place.take()).ok().flatten();
            assert_eq!(place, Some((file!().to_owned(), *line)));
        }
    }
}
