use std::error::Error;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Why the work of all ended: the error of one worker, as it can be sent to the others.
///
/// Its text is that of the error and of its causes, from the outermost in.
///
/// # Examples
///
/// ```
/// use headwater::distributed::Failure;
///
/// let error = headwater::lines("fixtures/missing.log").unwrap_err();
/// let failure = Failure::new(3, &error);
/// assert_eq!(failure.worker(), 3);
/// assert!(failure.to_string().starts_with("fixtures/missing.log: cannot be opened: "));
/// ```
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct Failure {
    /// Failures are sorted by it, so that all workers choose the same.
    worker: usize,
    message: String,
}

impl Failure {
    /// Takes down what failed on a worker.
    #[must_use]
    pub fn new(worker: usize, error: &dyn Error) -> Self {
        let mut message = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            message.push_str(": ");
            message.push_str(&error.to_string());
            cause = error.source();
        }
        Self { worker, message }
    }

    /// Returns the index of the worker, among those of all processes.
    #[must_use]
    pub fn worker(&self) -> usize {
        self.worker
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Failure {}
