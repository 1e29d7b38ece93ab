//! What is asked of a reader or a storage: the largest buffer that was to be filled, and all bytes.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use headwater::lines::ReadAt;

/// Notes what is asked of the readers that it watches.
#[derive(Clone, Debug, Default)]
pub(crate) struct Demand(Arc<Noted>);

#[derive(Debug, Default)]
struct Noted {
    largest: AtomicUsize,
    last: AtomicUsize,
    total: AtomicUsize,
}

impl Demand {
    pub(crate) fn watch<R>(&self, inner: R) -> Watched<R> {
        Watched { inner, demand: self.clone() }
    }

    /// The length of the largest buffer.
    pub(crate) fn largest(&self) -> usize {
        self.0.largest.load(Ordering::SeqCst)
    }

    /// The length of the buffer that was to be filled last.
    pub(crate) fn last(&self) -> usize {
        self.0.last.load(Ordering::SeqCst)
    }

    /// How many bytes were given.
    pub(crate) fn total(&self) -> usize {
        self.0.total.load(Ordering::SeqCst)
    }

    fn note(&self, asked: usize, given: usize) {
        self.0.largest.fetch_max(asked, Ordering::SeqCst);
        self.0.last.store(asked, Ordering::SeqCst);
        self.0.total.fetch_add(given, Ordering::SeqCst);
    }
}

/// What is watched; it reads as what is in it.
#[derive(Debug)]
pub(crate) struct Watched<R> {
    inner: R,
    demand: Demand,
}

impl<R: io::Read> io::Read for Watched<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buf)?;
        self.demand.note(buf.len(), read);
        Ok(read)
    }
}

impl<R: ReadAt> ReadAt for Watched<R> {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let read = self.inner.read_at(buf, offset)?;
        self.demand.note(buf.len(), read);
        Ok(read)
    }

    fn size(&self) -> io::Result<u64> {
        self.inner.size()
    }
}
