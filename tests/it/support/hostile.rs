//! Readers and storages that do all that they may do, and one thing that they may not.
//!
//! Each wraps a reader or a storage, and is of the same kind as that.

use std::collections::VecDeque;
use std::io;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use headwater::lines::ReadAt;

use super::random::Random;

/// Is interrupted at every other call, the first among them.
#[derive(Debug, Default)]
pub(crate) struct Interrupted<R> {
    inner: R,
    done: AtomicBool,
}

impl<R> Interrupted<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self { inner, done: AtomicBool::new(false) }
    }

    fn pause(&self) -> io::Result<()> {
        if self.done.fetch_xor(true, Ordering::Relaxed) {
            return Ok(());
        }
        Err(io::ErrorKind::Interrupted.into())
    }
}

impl<R: io::Read> io::Read for Interrupted<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.pause()?;
        self.inner.read(buf)
    }
}

impl<R: ReadAt> ReadAt for Interrupted<R> {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        self.pause()?;
        self.inner.read_at(buf, offset)
    }

    fn size(&self) -> io::Result<u64> {
        self.inner.size()
    }
}

/// Gives fewer bytes than it is asked for: a random number of them, up to a few.
#[derive(Debug)]
pub(crate) struct Trickling<R> {
    inner: R,
    most: usize,
    random: Mutex<Random>,
}

impl<R> Trickling<R> {
    pub(crate) fn new(inner: R, most: usize, seed: u64) -> Self {
        Self { inner, most, random: Mutex::new(Random::new(seed)) }
    }

    fn len(&self, asked: usize) -> usize {
        asked.min(1 + self.random.lock().unwrap().below(self.most))
    }
}

impl<R: io::Read> io::Read for Trickling<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let len = self.len(buf.len());
        self.inner.read(&mut buf[..len])
    }
}

impl<R: ReadAt> ReadAt for Trickling<R> {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let len = self.len(buf.len());
        self.inner.read_at(&mut buf[..len], offset)
    }

    fn size(&self) -> io::Result<u64> {
        self.inner.size()
    }
}

/// Fails at one byte: gives what is before it, then an error, a number of times.
///
/// What is behind that byte can be read: by a reader once it has failed often enough, in a storage
/// at any time.
#[derive(Debug)]
pub(crate) struct Failing<R> {
    inner: R,
    at: u64,
    kind: io::ErrorKind,
    left: AtomicUsize,
    /// How far a reader has come.
    read: u64,
}

impl<R> Failing<R> {
    pub(crate) const FOR_EVER: usize = usize::MAX;

    pub(crate) fn new(inner: R, at: usize, kind: io::ErrorKind, times: usize) -> Self {
        Self { inner, at: at as u64, kind, left: AtomicUsize::new(times), read: 0 }
    }

    /// How many of `len` bytes from `offset` on can be read.
    fn reach(&self, offset: u64, len: usize) -> io::Result<usize> {
        let before = self.at.checked_sub(offset).and_then(|before| usize::try_from(before).ok());
        match (before, self.left.load(Ordering::Relaxed)) {
            (Some(0), left @ 1..) if len > 0 => {
                self.left
                    .store(if left == Self::FOR_EVER { left } else { left - 1 }, Ordering::Relaxed);
                Err(self.kind.into())
            }
            (Some(before), 1..) => Ok(len.min(before)),
            _ => Ok(len),
        }
    }
}

impl<R: io::Read> io::Read for Failing<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let len = self.reach(self.read, buf.len())?;
        let read = self.inner.read(&mut buf[..len])?;
        self.read += read as u64;
        Ok(read)
    }
}

impl<R: ReadAt> ReadAt for Failing<R> {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let len = self.reach(offset, buf.len())?;
        self.inner.read_at(&mut buf[..len], offset)
    }

    fn size(&self) -> io::Result<u64> {
        self.inner.size()
    }
}

/// Fails at one byte like [`Failing`], for ever, and gives nothing of what is before it in the same
/// read: the way of devices and of requests for a range.
#[derive(Debug)]
pub(crate) struct Brittle<R> {
    inner: R,
    at: u64,
}

impl<R> Brittle<R> {
    pub(crate) fn new(inner: R, at: usize) -> Self {
        Self { inner, at: at as u64 }
    }
}

impl<R: ReadAt> ReadAt for Brittle<R> {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        if (offset..offset + buf.len() as u64).contains(&self.at) {
            return Err(io::ErrorKind::Other.into());
        }
        self.inner.read_at(buf, offset)
    }

    fn size(&self) -> io::Result<u64> {
        self.inner.size()
    }
}

/// Fails at one call, whatever is called, and at no other.
#[derive(Debug)]
pub(crate) struct FailingCall<R> {
    inner: R,
    kind: io::ErrorKind,
    /// How many calls still go well before the one that fails.
    left: AtomicUsize,
}

impl<R> FailingCall<R> {
    pub(crate) fn new(inner: R, call: usize, kind: io::ErrorKind) -> Self {
        Self { inner, kind, left: AtomicUsize::new(call) }
    }

    /// Tells whether the call that fails was made.
    pub(crate) fn has_failed(&self) -> bool {
        self.left.load(Ordering::Relaxed) > usize::MAX / 2
    }

    fn call(&self) -> io::Result<()> {
        match self.left.fetch_sub(1, Ordering::Relaxed) {
            0 => Err(self.kind.into()),
            _ => Ok(()),
        }
    }
}

impl<R: ReadAt> ReadAt for FailingCall<R> {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        self.call()?;
        self.inner.read_at(buf, offset)
    }

    fn size(&self) -> io::Result<u64> {
        self.call()?;
        self.inner.size()
    }

    fn ids(&self) -> io::Result<(u64, u64)> {
        self.call()?;
        self.inner.ids()
    }
}

/// Says that it gave more than it was asked for, which no reader may.
#[derive(Debug)]
pub(crate) struct Boasting<R>(pub(crate) R);

impl<R: io::Read> io::Read for Boasting<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        Ok(self.0.read(buf)?.max(1) + buf.len())
    }
}

impl<R: ReadAt> ReadAt for Boasting<R> {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        Ok(self.0.read_at(buf, offset)?.max(1) + buf.len())
    }

    fn size(&self) -> io::Result<u64> {
        self.0.size()
    }
}

/// Gives what it is told, one after the other, and then ends.
#[derive(Debug)]
pub(crate) struct Scripted(VecDeque<Result<&'static str, io::ErrorKind>>);

impl Scripted {
    pub(crate) fn new(script: impl Into<VecDeque<Result<&'static str, io::ErrorKind>>>) -> Self {
        Self(script.into())
    }
}

impl io::Read for Scripted {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self.0.pop_front() {
            None => Ok(0),
            Some(Err(kind)) => Err(kind.into()),
            Some(Ok(text)) => {
                let len = text.len().min(buf.len());
                buf[..len].copy_from_slice(&text.as_bytes()[..len]);
                if len < text.len() {
                    self.0.push_front(Ok(&text[len..]));
                }
                Ok(len)
            }
        }
    }
}
