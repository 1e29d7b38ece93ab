//! Iterators and streams that are pulled ahead of their consumer, on a thread or in a task.

mod ahead;
mod iter;
#[cfg(feature = "async")]
pub(crate) mod stream;
mod thread;

pub use iter::{ReadAhead, ReadAheadIterator};
