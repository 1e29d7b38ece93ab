//! Maps on all cores, in order, back into a plain iterator.

mod iter;
mod jobs;
mod window;

pub use iter::{ParallelMap, ParallelMapIterator};
