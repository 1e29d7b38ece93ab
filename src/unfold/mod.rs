//! Generators whose state is their position: what an item is made of, and what the next one is.

#[cfg(feature = "async")]
mod awaited;
mod iter;
#[cfg(feature = "async")]
pub(crate) mod stream;
mod try_iter;
#[cfg(feature = "async")]
pub(crate) mod try_stream;

pub use iter::{Unfold, unfold};
pub use try_iter::{TryUnfold, try_unfold};
