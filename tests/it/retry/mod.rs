//! Calls and loops that are tried again.

mod attempts;
mod budget;
mod calls;
#[cfg(feature = "async")]
mod calls_async;
mod cancel;
mod common;
mod delays;
mod hints;
mod jitter;
mod limits;
#[cfg(feature = "tokio")]
mod on_tokio;
#[cfg(feature = "http")]
mod retry_after;
mod tenacity;
mod types;
