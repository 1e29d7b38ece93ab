//! Generators: iterators, coroutines and, with the feature `async`, streams.

mod bodies;
mod coroutine;
mod emit_all;
mod joined;
mod lazy;
mod nested;
mod outside;
mod overrides;
mod panics;
mod release;
#[cfg(feature = "async")]
mod stream;
#[cfg(feature = "async")]
mod stream_cancel;
#[cfg(feature = "async")]
mod stream_release;
mod trying;
mod types;
mod wakers;
