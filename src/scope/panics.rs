use std::any::Any;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::thread;

/// What a panic carries.
///
/// If it panics when it is dropped, that goes no further: it would skip the releases that are still
/// to be run, and end the process during another panic.
pub(super) struct Payload(Box<dyn Any + Send>);

impl Payload {
    /// Works, and stops a panic.
    pub(super) fn catch<T>(work: impl FnOnce() -> T) -> Result<T, Self> {
        catch_unwind(AssertUnwindSafe(work)).map_err(Self)
    }

    /// Goes on with the panic.
    pub(super) fn resume(mut self) -> ! {
        resume_unwind(self.take())
    }

    fn take(&mut self) -> Box<dyn Any + Send> {
        mem::replace(&mut self.0, Box::new(()))
    }
}

impl Drop for Payload {
    fn drop(&mut self) {
        let payload = self.take();
        if let Err(second) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
            // Which may panic when it is dropped, and so on.
            mem::forget(second);
        }
    }
}

/// Does what a drop has to do. A second panic would end the process, so it goes no further.
pub(super) fn contained(work: impl FnOnce()) {
    if thread::panicking() {
        drop(Payload::catch(work));
    } else {
        work();
    }
}
