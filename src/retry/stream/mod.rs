//! The async twins of sources that heal: they wait without blocking.

mod reopening;
mod restart;
mod resume;
mod retrying;

pub use restart::Restart;
pub use resume::Resume;
pub use retrying::{RetryStream, Retrying};
