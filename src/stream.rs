//! The async twins: the same names, as [`Stream`](futures_core::Stream)s and futures.
//!
//! They run on any executor, and need no feature of one.

pub use crate::generate::stream::{Generate, generate};
pub use crate::generate::try_stream::{TryGenerate, try_generate};
pub use crate::generate::{Emit, Emitter, TryEmitter};
#[doc(inline)]
pub use crate::lines::stream as lines;
pub use crate::lines::stream::lines;
#[cfg(feature = "measure")]
pub use crate::measure::stream::{Measured, measure};
#[doc(inline)]
pub use crate::pages::stream as pages;
pub use crate::pages::stream::pages;
pub use crate::read_ahead::stream::{ReadAhead, ReadAheadStream};
pub use crate::retry::stream::{Restart, Resume, RetryStream, Retrying};
pub use crate::scope::stream::{
    Guard, Resource, Stack, Unreleased, Unwinding, guard, resource, scope,
};
pub use crate::task::Task;
pub use crate::unfold::stream::{Unfold, unfold};
pub use crate::unfold::try_stream::{TryUnfold, try_unfold};
