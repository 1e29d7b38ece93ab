use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use crate::error::Error;
use crate::lines::form::Form;
use crate::lines::iter::Lines;
use crate::lines::meter::Meter;
use crate::lines::position::Position;
use crate::lines::ranged::Ranged;
use crate::lines::read_at::ReadAt;
use crate::lines::runs::Runs as _;
use crate::lines::share::part;
use crate::lines::store::{Open, Store};

/// A store that several can read at once.
pub trait Shareable: Store {
    /// What each of them reads.
    type Shared: Store + Clone + Send + Sync;

    /// Makes it one that several can read.
    fn share(self) -> Self::Shared;
}

impl<R: ReadAt + Send + Sync> Shareable for R {
    type Shared = Arc<R>;

    fn share(self) -> Arc<R> {
        Arc::new(self)
    }
}

/// What is open already: opening it gives one more handle.
#[derive(Clone, Debug)]
pub struct Opened<S> {
    store: S,
    path: Option<Arc<Path>>,
}

impl<S: Store + Clone> Open for Opened<S> {
    type Store = S;

    fn open(&mut self) -> Result<S, Error> {
        Ok(self.store.clone())
    }

    fn path(&self) -> Option<&Arc<Path>> {
        self.path.as_ref()
    }
}

/// Lines that are divided by bytes among several that read at once.
pub(super) struct Division<S> {
    opened: Opened<S>,
    /// The lines that are still to be given: from which byte up to which.
    whole: Position,
    bytes: Range<u64>,
    form: Form,
    meter: Meter,
    /// What comes behind all lines: why the last of a range can't be read.
    pub(super) owed: Option<Error>,
}

impl<S: Store + Clone> Division<S> {
    /// Opens what is to be divided; `None` if nothing is left of it.
    ///
    /// # Errors
    ///
    /// Those of the first pull.
    pub(super) fn of<O>(lines: Lines<Ranged<O>>) -> Result<Option<Self>, Error>
    where
        O: Open<Store: Shareable<Shared = S>>,
    {
        if lines.ends.has_ended() {
            return Ok(None);
        }
        let (at, form, mut origin) = (lines.ends.position(), lines.ends.form, lines.ends.origin);
        origin.seek(at);
        let meter = origin.meter().clone();
        let Some((unread, owed)) = origin.into_unread(&form)? else { return Ok(None) };
        let (store, bytes, place) = unread.into_parts();
        let opened = Opened { store: store.share(), path: place.path.clone() };
        let whole = Position { place, front: bytes.start, back: Some(bytes.end), rough: false };
        Ok(Some(Self { opened, whole, bytes, form, meter, owed }))
    }

    /// How many parts there should be for so many threads.
    ///
    /// Threads do not end at one time: with parts of a thirty-second of what each has to do, they wait
    /// for each other for less than that. Large ones add nothing, small ones cost a few microseconds.
    pub(super) fn parts(&self, threads: usize) -> usize {
        let block = self.form.block_size as u64;
        let size = ((self.bytes.end - self.bytes.start) / (32 * threads.max(1) as u64))
            .clamp(block, 32 * block);
        usize::try_from((self.bytes.end - self.bytes.start).div_ceil(size)).unwrap_or(usize::MAX)
    }

    /// The lines that begin in one part of the bytes.
    pub(super) fn part(&self, index: usize, count: usize) -> Lines<Ranged<Opened<S>>> {
        let bytes = part(&self.bytes, index, count);
        let part = Ranged::part(self.opened.clone(), self.whole.clone(), bytes, self.meter.clone());
        let mut lines = Lines::new(part);
        lines.ends.form = self.form;
        lines
    }
}
