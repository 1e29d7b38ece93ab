//! What a server does wrong, and when: by a plan, so that each run is as the one before.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// What a server does wrong with one request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Fault {
    /// 429, and a number of seconds to wait.
    BusyFor(u64),
    /// 429, and a time to come back at, so many seconds from now.
    BusyUntil(u64),
    /// 503, and no word of when.
    Unavailable,
    /// The 502 of a proxy, whose body is HTML.
    BadGateway,
    /// The connection is reset in the middle of the body.
    Reset,
    /// The page comes late.
    Slow(Duration),
}

/// The faults of a server: those of the first request of a page, of the second, and so on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults(BTreeMap<usize, Vec<Fault>>);

impl Faults {
    pub(crate) fn none() -> Self {
        Self::default()
    }

    /// Plans what is wrong with the first requests of a page, the first of which is 0.
    pub(crate) fn on(mut self, page: usize, faults: impl Into<Vec<Fault>>) -> Self {
        self.0.insert(page, faults.into());
        self
    }

    /// Takes the next fault of a page.
    pub(crate) fn take(&mut self, page: usize) -> Option<Fault> {
        let left = self.0.get_mut(&page)?;
        (!left.is_empty()).then(|| left.remove(0))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BusyFor(seconds) => write!(f, "429, Retry-After: {seconds}"),
            Self::BusyUntil(seconds) => write!(f, "429, Retry-After: a date in {seconds} s"),
            Self::Unavailable => write!(f, "503"),
            Self::BadGateway => write!(f, "502, with a page of HTML"),
            Self::Reset => write!(f, "connection reset in the middle of the body"),
            Self::Slow(delay) => write!(f, "page slow, by {delay:?}"),
        }
    }
}
