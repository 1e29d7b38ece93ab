//! Trying again: calls, loops and sources, by one policy.
//!
//! | to retry | there is |
//! |---|---|
//! | a call | [`Retry::call`], [`Retry::call_until`], [`Retry::call_adapting`] |
//! | a block of code | [`Retry::attempts`] |
//! | a source | [`RetrySource::retry`] |
//! | what can be opened at a position | [`Retry::resume`] |
//! | what can only be opened at its beginning | [`Retry::restart`] |
#![cfg_attr(
    feature = "async",
    doc = "| an async call | [`Retry::call_async`], [`Retry::call_until_async`], [`Retry::call_adapting_async`] |\n\
           | an async block | [`Attempts::next_async`] |\n\
           | a stream that is a source | [`RetryStream::retry`](crate::stream::RetryStream::retry) |\n\
           | a stream that can be opened at a position | [`Retry::resume_stream`] |\n\
           | a stream that can only be opened at its beginning | [`Retry::restart_stream`] |"
)]
//!
//! A [`Retry`] is made of a [`backoff`], which is an iterator of delays, and options:
//! [`Jitter`], limits, a [`Budget`], a [`Cancel`], hooks that are told each [`Failure`],
//! [`Statistics`], and for tests a [`FakeClock`]. What is given up ends with [`GaveUp`].

mod attempts;
pub mod backoff;
mod budget;
mod call;
#[cfg(feature = "async")]
mod call_async;
mod cancel;
mod clock;
mod delays;
mod draws;
mod failure;
mod fake_clock;
mod gave_up;
mod healing;
mod jitter;
mod on_errors;
mod options;
#[cfg(feature = "async")]
mod pause;
mod policy;
mod rejected;
mod reopening;
mod restart;
mod resume;
#[cfg(feature = "http")]
mod retry_after;
mod retrying;
mod rules;
mod statistics;
#[cfg(feature = "async")]
pub(crate) mod stream;
mod tally;
#[cfg(feature = "async")]
mod timer;
mod wait;

pub use attempts::{Attempt, Attempts};
pub use budget::Budget;
pub use cancel::Cancel;
pub use clock::{Clock, SystemClock};
pub use delays::Delays;
pub use failure::Failure;
pub use fake_clock::FakeClock;
pub use gave_up::{GaveUp, Reason};
pub use jitter::Jitter;
pub use policy::Retry;
pub use rejected::Rejected;
pub use restart::Restart;
pub use resume::Resume;
#[cfg(feature = "http")]
pub use retry_after::{InvalidRetryAfter, RetryAfter};
pub use retrying::{RetrySource, Retrying};
pub use rules::{AnyError, On, Rules};
pub use statistics::Statistics;
