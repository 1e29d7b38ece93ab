use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

/// Does what a drop has to do. A second panic would end the process, so it goes no further.
pub(super) fn contained(work: impl FnOnce()) {
    if thread::panicking() {
        drop(catch_unwind(AssertUnwindSafe(work)));
    } else {
        work();
    }
}
