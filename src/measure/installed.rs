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
