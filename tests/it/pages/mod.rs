//! Paginated sources: what is fetched, in which order, and what comes of it.

#[cfg(feature = "async")]
mod ahead_in_tasks;
mod ahead_in_threads;
mod ahead_laws;
mod distinct;
mod errors;
mod keyset;
mod laws;
mod limits;
#[cfg(feature = "links")]
mod links;
#[cfg(feature = "links")]
mod links_hostile;
#[cfg(feature = "links")]
mod next;
mod numbered;
mod numbers;
#[cfg(feature = "links")]
mod origins;
mod panics;
mod positions;
mod repeats;
mod retrying;
mod scan;
mod server;
mod shelf;
#[cfg(feature = "async")]
mod stream_cancel;
#[cfg(feature = "async")]
mod stream_laws;
#[cfg(feature = "async")]
mod stream_retry;
#[cfg(feature = "throttle")]
mod throttle;
mod tokens;
