//! The ways in which a step can end, and what comes of a whole.

use std::any::Any;
use std::panic::{self, AssertUnwindSafe};

/// How a step ends.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum End {
    Gives,
    Fails,
    Panics,
}

pub(super) use End::{Fails, Gives, Panics};

impl End {
    pub(super) const ALL: [Self; 3] = [Gives, Fails, Panics];

    /// Ends a step in this way, by its name.
    pub(super) fn of(self, name: impl Into<String>) -> Result<(), String> {
        match self {
            Gives => Ok(()),
            Fails => Err(name.into()),
            // Without a word on standard error.
            Panics => panic::resume_unwind(Box::new(name.into())),
        }
    }
}

/// Tells what comes of `work`: that it gave something, whose error or whose panic.
pub(super) fn told<T, E: ToString>(work: impl FnOnce() -> Result<T, E>) -> String {
    telling(panic::catch_unwind(AssertUnwindSafe(work)))
}

/// Tells what comes of dropping a value.
pub(super) fn told_of_drop<T>(value: T) -> String {
    told(|| {
        drop(value);
        Ok::<_, String>(())
    })
}

pub(super) fn telling<T, E: ToString>(came: Result<Result<T, E>, Box<dyn Any + Send>>) -> String {
    match came {
        Ok(Ok(_)) => "gave".to_owned(),
        Ok(Err(error)) => format!("failed: {}", error.to_string()),
        Err(payload) => format!("panicked: {}", payload.downcast::<String>().expect("a name")),
    }
}
