//! Memory: what is counted, to the byte; what grows and what does not; what sources promise.

mod allocator;
#[cfg(feature = "criterion")]
mod criterion;
mod growth;
mod process;
mod resident;
mod scopes;
#[cfg(feature = "async")]
mod stream;
