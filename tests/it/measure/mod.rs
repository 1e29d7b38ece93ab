//! Memory: what is counted, to the byte; what grows and what does not; what sources promise.

mod allocations;
mod allocator;
mod bounds;
mod constant;
mod constant_lines;
#[cfg(feature = "async")]
mod constant_streams;
#[cfg(feature = "criterion")]
mod criterion;
mod growth;
mod kept;
mod process;
mod resident;
mod scopes;
#[cfg(feature = "async")]
mod stream;
