//! Generators whose state is their position.

mod iter;
#[cfg(feature = "async")]
mod stream;
