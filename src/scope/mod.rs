//! Resources that are released whichever way their use ends, and are told how it ended.
//!
//! | | | Python |
//! |---|---|---|
//! | [`scope`] | acquires, lends, releases | `with` and `@contextmanager` |
//! | [`Stack`] | as many resources as there turn out to be | `ExitStack` |
//! | [`resource`] | an iterator that opens and closes what it reads | a generator with `try … finally` |
//! | [`guard`] | a value that lives as long as an iterator has items | a generator in a `with` |
#![cfg_attr(
    feature = "async",
    doc = "| [`stream::scope`], [`stream::resource`], [`stream::guard`], [`stream::Stack`] | the same, with releases that are awaited | `async with`, `AsyncExitStack` |"
)]
//!
//! A release gets the [`Outcome`]: [`Finished`](Outcome::Finished), [`Failed`](Outcome::Failed) or
//! [`Abandoned`](Outcome::Abandoned). It is run exactly once, and its error is never lost where
//! there is somebody to tell it to. Nothing is released of what is forgotten (`std::mem::forget`),
//! nor when the process ends at once: by `std::process::exit`, or by a panic where
//! `panic = "abort"` is set.

mod bracket;
mod entries;
mod guard;
mod held;
mod outcome;
mod panics;
mod resource;
mod stack;
#[cfg(feature = "async")]
pub(crate) mod stream;
mod unwound;

pub use bracket::scope;
pub use entries::Key;
pub use guard::{Guard, guard};
pub use outcome::Outcome;
pub use resource::{Resource, resource};
pub use stack::Stack;
pub use unwound::Unwound;
