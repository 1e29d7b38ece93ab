//! How a page is tried again.

use std::time::Duration;

use headwater::Retry;
use headwater::retry::{Jitter, On};

use crate::args::Fetching;
use crate::failure::Failure;
use crate::notes::Notes;

/// Some servers want to know who asks.
pub(crate) const USER_AGENT: &str = "headwater-paginate/0.1";

/// Tries what may pass, waits as long as the server asks for, and tells of it.
pub(crate) fn retry(fetching: &Fetching, notes: &Notes) -> Retry<On<Failure>> {
    let notes = notes.clone();
    Retry::exponential(Duration::from_millis(100))
        .max_delay(Duration::from_secs(10))
        .jitter(Jitter::Equal)
        .max_attempts(fetching.attempts)
        .stop_before(fetching.patience)
        .max_hint(fetching.patience)
        .statistics(notes.statistics())
        .when(Failure::is_transient)
        .hint(Failure::hint)
        .before_sleep(move |failure| notes.tell_failure(failure))
}
