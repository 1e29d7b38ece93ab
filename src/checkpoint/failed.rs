use std::error::Error as StdError;
use std::fmt;
use std::io;

use crate::checkpoint::error::Error;

/// The error of a source whose position is kept: its own, or that of the keeping.
///
/// It shows as the error that it holds.
///
/// # Examples
///
/// ```
/// use headwater::{Checkpoint, checkpoint::Failed, lines, prelude::*};
///
/// let nowhere = std::env::temp_dir().join("headwater-missing-folder/log.position");
/// let mut log = lines("fixtures/edge/empty.log")?.checkpointed(Checkpoint::new(nowhere))?;
/// assert!(matches!(log.next(), Some(Err(Failed::Checkpoint(_)))), "at its end it saves");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub enum Failed<E> {
    /// The source gave an error.
    Source(E),
    /// The position behind the last item could not be saved.
    Checkpoint(Error),
}

impl<E: fmt::Display> fmt::Display for Failed<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source(error) => error.fmt(f),
            Self::Checkpoint(error) => error.fmt(f),
        }
    }
}

impl<E: StdError> StdError for Failed<E> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Source(error) => error.source(),
            Self::Checkpoint(error) => error.source(),
        }
    }
}

/// Keeps the error's own kind.
impl<E: Into<io::Error>> From<Failed<E>> for io::Error {
    fn from(failed: Failed<E>) -> Self {
        match failed {
            Failed::Source(error) => error.into(),
            Failed::Checkpoint(error) => error.into(),
        }
    }
}
