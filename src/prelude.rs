//! The extension traits, to be imported at once: `use headwater::prelude::*;`.

#[cfg(feature = "checkpoint")]
pub use crate::checkpoint::CheckpointSource;
#[cfg(feature = "parallel")]
pub use crate::parallel_map::ParallelMapIterator;
pub use crate::read_ahead::ReadAheadIterator;
#[cfg(feature = "async")]
pub use crate::read_ahead::stream::ReadAheadStream;
pub use crate::retry::RetrySource;
#[cfg(feature = "async")]
pub use crate::retry::stream::RetryStream;
pub use crate::source::Source;
pub use crate::tracked::TrackSource;
