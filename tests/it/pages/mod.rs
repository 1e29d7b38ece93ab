//! Pages: what is fetched, in which order, and what comes of it.

#[cfg(feature = "async")]
mod ahead_in_tasks;
mod ahead_in_threads;
mod ahead_laws;
mod numbered;
mod server;
#[cfg(feature = "async")]
mod stream_cancel;
#[cfg(feature = "async")]
mod stream_laws;
#[cfg(feature = "async")]
mod stream_retry;
