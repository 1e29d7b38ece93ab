//! Faults that pass: what fails now can be read when it is tried again.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex};

use bstr::ByteSlice;
use headwater::Source;
use headwater::lines::ReadAt;

/// A storage each of whose bytes can't be read at first, and can from then on.
///
/// They begin at offset 1: byte 0 can never be read. That keeps what a source takes the identity
/// of from meeting their faults, and from being most of the work.
#[derive(Debug)]
pub(crate) struct EveryByte {
    bytes: Vec<u8>,
    /// 1 for each byte that has failed, and 0 for each other.
    failed: Mutex<Vec<u8>>,
}

impl EveryByte {
    pub(crate) const START: u64 = 1;

    pub(crate) fn new(bytes: &[u8]) -> Arc<Self> {
        let failed = Mutex::new(vec![0; bytes.len()]);
        Arc::new(Self { bytes: bytes.to_vec(), failed })
    }

    /// How many bytes have failed.
    pub(crate) fn faults(&self) -> usize {
        self.failed.lock().unwrap().iter().map(|&failed| usize::from(failed)).sum()
    }
}

impl ReadAt for EveryByte {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let failure = Err(io::ErrorKind::TimedOut.into());
        let Some(offset) = offset.checked_sub(Self::START) else { return failure };
        let mut failed = self.failed.lock().unwrap();
        let start = usize::try_from(offset).unwrap();
        let asked = failed.get_mut(start..).unwrap_or_default();
        let asked_len = asked.len().min(buf.len());
        match asked[..asked_len].find_byte(0) {
            Some(0) => {
                asked[0] = 1;
                failure
            }
            Some(len) => self.bytes.read_at(&mut buf[..len], offset),
            None => self.bytes.read_at(buf, offset),
        }
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.bytes.size()? + Self::START)
    }
}

/// Reads a storage from an offset on.
#[cfg(feature = "compression")]
#[derive(Debug)]
pub(crate) struct ReadFrom<R>(pub(crate) R, pub(crate) u64);

#[cfg(feature = "compression")]
impl<R: ReadAt> io::Read for ReadFrom<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read_at(buf, self.1)?;
        self.1 += read as u64;
        Ok(read)
    }
}

/// What becomes of the calls of storages, readers and openings, one after the other; all go well
/// once it is used up. Its clones are the same schedule.
#[derive(Clone, Debug, Default)]
pub(crate) struct Schedule(Arc<Mutex<VecDeque<Call>>>);

/// What becomes of one call.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Call {
    /// It gives at most that many bytes.
    Gives(usize),
    Fails,
}

impl Schedule {
    pub(crate) fn new(calls: impl IntoIterator<Item = Call>) -> Self {
        Self(Arc::new(Mutex::new(calls.into_iter().collect())))
    }

    /// Makes a call: tells how many bytes it may give at the most.
    pub(crate) fn call(&self) -> io::Result<usize> {
        match self.0.lock().unwrap().pop_front() {
            None => Ok(usize::MAX),
            Some(Call::Gives(most)) => Ok(most),
            Some(Call::Fails) => Err(io::ErrorKind::ConnectionReset.into()),
        }
    }

    /// Puts a storage or a reader under this schedule.
    pub(crate) fn over<R>(&self, inner: R) -> Scheduled<R> {
        Scheduled { inner, schedule: self.clone() }
    }
}

/// A storage or a reader that fails by a schedule.
#[derive(Clone, Debug)]
pub(crate) struct Scheduled<R> {
    inner: R,
    schedule: Schedule,
}

impl<R: ReadAt> ReadAt for Scheduled<R> {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let len = buf.len().min(self.schedule.call()?);
        self.inner.read_at(&mut buf[..len], offset)
    }

    fn size(&self) -> io::Result<u64> {
        self.schedule.call()?;
        self.inner.size()
    }

    fn ids(&self) -> io::Result<(u64, u64)> {
        self.schedule.call()?;
        self.inner.ids()
    }
}

impl<R: io::Read> io::Read for Scheduled<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let len = buf.len().min(self.schedule.call()?);
        self.inner.read(&mut buf[..len])
    }
}

/// A source that fails before each of its items, and its end, until it is gone on with.
#[derive(Debug)]
pub(crate) struct EveryItem<S> {
    source: S,
    stage: Stage,
    pub(crate) faults: usize,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Stage {
    ToFail,
    Failed,
    GoneOn,
}

/// The error of an [`EveryItem`].
#[derive(Debug, PartialEq)]
pub(crate) enum Fault<E> {
    Injected,
    Own(E),
}

impl<S> EveryItem<S> {
    pub(crate) fn new(source: S) -> Self {
        Self { source, stage: Stage::ToFail, faults: 0 }
    }

    fn pull<T, E>(
        &mut self,
        pull: impl FnOnce(&mut S) -> Option<Result<T, E>>,
    ) -> Option<Result<T, Fault<E>>> {
        match self.stage {
            Stage::ToFail => {
                self.stage = Stage::Failed;
                self.faults += 1;
                Some(Err(Fault::Injected))
            }
            Stage::Failed => None,
            Stage::GoneOn => {
                self.stage = Stage::ToFail;
                pull(&mut self.source).map(|item| item.map_err(Fault::Own))
            }
        }
    }
}

impl<T, E, S: Iterator<Item = Result<T, E>>> Iterator for EveryItem<S> {
    type Item = Result<T, Fault<E>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.pull(S::next)
    }
}

impl<T, E, S: DoubleEndedIterator<Item = Result<T, E>>> DoubleEndedIterator for EveryItem<S> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.pull(S::next_back)
    }
}

impl<S: Source> Source for EveryItem<S> {
    type Position = S::Position;

    fn position(&self) -> S::Position {
        self.source.position()
    }

    fn resume_at(&mut self, at: S::Position) {
        self.source.resume_at(at);
        if self.stage == Stage::Failed {
            self.stage = Stage::GoneOn;
        }
    }
}
