//! The async twin.

mod read_ahead;
mod task;

pub use read_ahead::{ReadAhead, ReadAheadStream};
