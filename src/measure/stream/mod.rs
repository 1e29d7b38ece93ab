//! The async twin of `scope.rs`.

mod measured;

pub use measured::{Measured, measure};
