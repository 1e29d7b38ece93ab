//! A log that fails as often as it is told to.

use std::error::Error;
use std::fmt;
use std::num::NonZeroU64;

use headwater::{Line, Source};

/// A source that fails after every so many lines, once each time.
pub(crate) struct Faulty<S> {
    source: S,
    every: Option<NonZeroU64>,
    /// How many lines it gave since it failed.
    given: u64,
    /// Whether it, and not the log, failed last.
    has_failed: bool,
}

/// Why no line was given.
#[derive(Debug)]
pub(crate) enum Fault {
    Injected,
    Log(headwater::Error),
}

impl<S> Faulty<S> {
    /// Fails after every so many lines; never, if that is `None`.
    pub(crate) fn new(source: S, every: Option<NonZeroU64>) -> Self {
        Self { source, every, given: 0, has_failed: false }
    }
}

impl<S: Iterator<Item = Result<Line, headwater::Error>>> Iterator for Faulty<S> {
    type Item = Result<Line, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        self.has_failed = self.every.is_some_and(|every| self.given == every.get());
        if self.has_failed {
            self.given = 0;
            return Some(Err(Fault::Injected));
        }
        let item = self.source.next()?;
        self.given += 1;
        Some(item.map_err(Fault::Log))
    }
}

impl<S: Source> Source for Faulty<S> {
    type Position = S::Position;

    fn position(&self) -> S::Position {
        self.source.position()
    }

    fn resume_at(&mut self, at: S::Position) {
        self.source.resume_at(at);
    }

    /// What was injected is over. The log knows of its own errors.
    fn can_recover(&self) -> bool {
        self.has_failed || self.source.can_recover()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Injected => write!(f, "a read failed, as it was told to"),
            Self::Log(error) => error.fmt(f),
        }
    }
}

impl Error for Fault {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Injected => None,
            Self::Log(error) => error.source(),
        }
    }
}
