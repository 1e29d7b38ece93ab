//! Generators without macros: an async block that emits is an iterator.
//!
//! | | the body | gives |
//! |---|---|---|
//! | [`generate`] | `async move \|out\| { … }`, or `\|out\| async move { … }`; `out` is an [`Emitter`] | an `Iterator` of items |
//! | [`try_generate`] | may fail, with `?`; `out` is a [`TryEmitter`] | an `Iterator` of `Result`s |
//! | [`coroutine`] | gets a value with each pull | [`Coroutine::send`] |
#![cfg_attr(
    feature = "async",
    doc = "| [`generate`](crate::stream::generate), [`try_generate`](crate::stream::try_generate) of `stream` | may await anything | a `Stream` |"
)]
//!
//! A body is an ordinary async block: rustfmt formats it, rust-analyzer completes in it, a function
//! that it calls may borrow its emitter and emit on its behalf. It needs no executor, since it
//! waits for nothing but the next pull.
//!
//! Where a state and a function of it say as much, [`unfold`](crate::unfold()) is the better
//! generator: it knows its position, and can be resumed.

mod body;
mod coroutine;
mod emitter;
mod iter;
mod replies;
mod shared;
mod slot;
#[cfg(feature = "async")]
pub(crate) mod stream;
mod try_emitter;
mod try_iter;
#[cfg(feature = "async")]
pub(crate) mod try_stream;
mod turnstile;

pub use coroutine::{Coroutine, CoroutineEmitter, coroutine};
pub use emitter::{Emit, Emitter};
pub use iter::{Generate, generate};
pub use try_emitter::TryEmitter;
pub use try_iter::{TryGenerate, try_generate};
