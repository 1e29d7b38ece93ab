//! The async twins of [`scope`](crate::scope): their releases are awaited.

mod bracket;
mod guard;
mod held;
mod panics;
mod resource;
mod stack;
mod unreleased;
mod unwinding;

pub use bracket::scope;
pub use guard::{Guard, guard};
pub use resource::{Resource, resource};
pub use stack::Stack;
pub use unreleased::Unreleased;
pub use unwinding::Unwinding;
