//! Panics that are expected.

use std::panic::{self, AssertUnwindSafe};

/// Returns the message that `work` panics with.
pub(crate) fn panic_of<O>(work: impl FnOnce() -> O) -> String {
    let caught = panic::catch_unwind(AssertUnwindSafe(|| drop(work())));
    let panic = caught.expect_err("it did not panic");
    match panic.downcast::<String>() {
        Ok(message) => *message,
        Err(panic) => (*panic.downcast::<&str>().expect("a message")).to_owned(),
    }
}
