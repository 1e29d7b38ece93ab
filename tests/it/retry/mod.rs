//! Trying again: calls, loops, and sources that heal.

use std::time::Duration;

use headwater::Retry;
use headwater::retry::FakeClock;

mod attempts;
mod budget;
mod calls;
#[cfg(feature = "async")]
mod calls_async;
mod cancel;
mod common;
mod delays;
mod feed;
#[cfg(feature = "compression")]
mod gzip;
mod heal_cancel;
mod heal_files;
mod heal_laws;
mod heal_limits;
mod heal_log;
#[cfg(feature = "compression")]
mod heal_many_files;
mod heal_panics;
mod heal_schedules;
mod hints;
mod jitter;
mod limits;
#[cfg(feature = "tokio")]
mod on_tokio;
mod restart;
mod resume;
#[cfg(feature = "http")]
mod retry_after;
#[cfg(feature = "async")]
mod stream_restart;
#[cfg(feature = "async")]
mod stream_resume;
#[cfg(feature = "async")]
mod stream_retrying;
#[cfg(feature = "async")]
mod stream_waits;
#[cfg(feature = "async")]
mod subscription;
mod tenacity;
mod types;

/// Tries as often as it takes.
fn persistent() -> Retry {
    let retry = Retry::fixed(Duration::from_secs(1)).unlimited_attempts().unlimited_time();
    retry.clock(FakeClock::new())
}
