use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::lines::meter::Meter;
use crate::lines::stream::input::{Input, PollRead};
use crate::lines::stream::reply::Start;
use crate::lines::stream::wanted::Wanted;

/// How far the bytes of a remote file have come, as they are sent: which body is read, and how much of
/// it was.
#[derive(Default)]
pub(super) struct Download {
    start: Start,
    /// Counts what is read of all bodies, and had counted so much before this one.
    meter: Meter,
    read_before: u64,
    /// Set at its end, if it is a part.
    has_ended: Arc<AtomicBool>,
}

impl Download {
    pub(super) fn meter(&self) -> &Meter {
        &self.meter
    }

    /// The first byte that was not read.
    pub(super) fn reached(&self) -> u64 {
        self.start.offset + self.meter.total() - self.read_before
    }

    /// Tells whether what is wanted follows what was read.
    pub(super) fn is_followed_by(&self, wanted: &Wanted) -> bool {
        self.start.is_part && wanted.offset() == self.reached()
    }

    /// Tells whether the whole may be as long as it was.
    pub(super) fn may_be_of(&self, start: &Start) -> bool {
        self.start.len.is_none() || start.len.is_none() || self.start.len == start.len
    }

    /// Begins with another body. The end of one that is a `part` is none of the data.
    pub(super) fn begin<R: PollRead>(
        &mut self,
        start: Start,
        input: Input<R>,
        part: bool,
    ) -> Input<R> {
        self.start = Start { len: start.len.or(self.start.len), is_part: part, ..start };
        self.read_before = self.meter.total();
        self.has_ended = Arc::default();
        if part { input.part(&self.has_ended) } else { input }
    }

    /// Forgets what it was of, but not what it counted.
    pub(super) fn forget(&mut self) {
        *self = Self { meter: self.meter.clone(), ..Self::default() };
    }

    /// Has nothing more to come, whatever was expected.
    pub(super) fn end(&mut self) {
        (self.start.end, self.start.is_part) = (None, false);
    }

    /// Tells once whether a part has ended.
    pub(super) fn take_ended(&self) -> bool {
        self.has_ended.swap(false, Ordering::Relaxed)
    }

    /// Tells whether the whole ends where it was read to.
    pub(super) fn is_whole(&self) -> bool {
        self.start.len == Some(self.reached())
    }

    /// Fails if the body ended before it should.
    pub(super) fn check_end(&self) -> io::Result<()> {
        let reached = self.reached();
        match self.start.end {
            Some(expected) if reached < expected => {
                let early = format!("the body ended early: {reached} bytes of {expected}");
                Err(io::Error::new(io::ErrorKind::ConnectionAborted, early))
            }
            _ => Ok(()),
        }
    }
}
