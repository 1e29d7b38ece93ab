use std::fmt;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use crate::error::{Error, ErrorKind};
use crate::lines::decoder::is_compressed;
use crate::lines::decompressed::{Decompressed, is_prompt};
use crate::lines::file::{ByPath, open_regular};
use crate::lines::form::Form;
use crate::lines::identity::Identity;
use crate::lines::meter::Meter;
use crate::lines::place::Place;
use crate::lines::position::Position;
use crate::lines::ranged::Ranged;
use crate::lines::read_at::fill_at;
use crate::lines::run::Run;
use crate::lines::runs::{Runs, Step};

/// One of many files: all of it, or the lines that begin in some of its bytes.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) path: Arc<Path>,
    /// Its index among all the files, those of other shares included.
    pub(super) index: usize,
    /// The bytes in which its lines begin, if it is a plain file that was divided.
    part: Option<Range<u64>>,
    /// Which file it was when its length was taken, if that was.
    identity: Option<Identity>,
}

/// What can be divided of a file.
pub(super) enum Extent {
    /// These bytes, anywhere.
    Anywhere(Range<u64>),
    /// Nothing: it is compressed. Its length counts all the same.
    Nowhere(u64),
}

impl Extent {
    pub(super) fn len(&self) -> u64 {
        match self {
            Self::Anywhere(bytes) => bytes.end - bytes.start,
            Self::Nowhere(len) => *len,
        }
    }
}

impl Member {
    pub(super) fn new(path: Arc<Path>, index: usize) -> Self {
        Self { path, index, part: None, identity: None }
    }

    /// Finds out how long it is, and whether it can be divided, and notes which file that is.
    pub(super) fn measure(&mut self, form: &Form) -> Result<Extent, Error> {
        let file = open_regular(&self.path)?;
        let path = Some(&self.path);
        let failed = |(at, cause)| Error::new(ErrorKind::Read).at(path, at).because(cause);
        let mut head = [0; 4];
        let (len, result) = fill_at(&file, &mut head, 0);
        result.map_err(|cause| failed((len as u64, cause)))?;
        if let Some(known) = &self.identity
            && !known.is_of(&file).map_err(failed)?
        {
            return Err(Error::new(ErrorKind::SourceChanged).at(path, 0));
        }
        let identity = Identity::of(&file).map_err(|cause| failed((0, cause)))?;
        self.identity = Some(identity);
        let mut whole = Ranged::new(ByPath(Arc::clone(&self.path)), Some(file));
        let bytes = whole.bytes(form)?;
        Ok(match &self.part {
            _ if is_compressed(&head[..len]) => Extent::Nowhere(bytes.end),
            Some(part) => Extent::Anywhere(part.start.min(bytes.end)..part.end.min(bytes.end)),
            None => Extent::Anywhere(bytes),
        })
    }

    /// Narrows it to what is its own in a share of the bytes of all files, among which it begins at
    /// `start`; `None` if that is nothing.
    pub(super) fn narrow(self, extent: &Extent, start: u64, share: &Range<u64>) -> Option<Self> {
        match extent {
            Extent::Nowhere(_) => share.contains(&start).then_some(self),
            Extent::Anywhere(bytes) => {
                let end = start + extent.len();
                let at = |cut: u64| bytes.start + (cut.clamp(start, end) - start);
                let part = at(share.start)..at(share.end);
                (!part.is_empty()).then_some(Self { part: Some(part), ..self })
            }
        }
    }

    /// Makes an origin of it, with the buffers of the one before where it can.
    pub(super) fn reading(&self, before: Option<&mut Reading>, meter: &Meter) -> Reading {
        let path = Arc::clone(&self.path);
        let mut file = match (&self.part, before) {
            (Some(part), _) => return Reading::part(self, self.place(), part.clone(), meter),
            (None, Some(Reading::Whole(file))) => file.reuse(path, self.index),
            (None, _) => Decompressed::new(path, self.index, meter.clone()),
        };
        if self.identity.is_some() {
            file.seek(Position { place: Arc::new(self.place()), ..Position::default() });
        }
        Reading::Whole(file)
    }

    fn place(&self) -> Place {
        let (path, index, identity) = (Some(Arc::clone(&self.path)), self.index, self.identity);
        Place { path, index, identity, ..Place::default() }
    }

    pub(super) fn is_prompt(&self) -> bool {
        is_prompt(&self.path)
    }
}

/// The origin of the lines of a [`Member`].
pub(super) enum Reading {
    Whole(Decompressed),
    Part { file: Ranged<ByPath>, bytes: Range<u64> },
}

impl Reading {
    fn part(of: &Member, place: Place, bytes: Range<u64>, meter: &Meter) -> Self {
        let (front, back) = (bytes.start, Some(bytes.end).filter(|&end| end < u64::MAX));
        let at = Position { place: Arc::new(place), front, back, rough: true };
        let file = Ranged::part(ByPath(Arc::clone(&of.path)), at, bytes.clone(), meter.clone());
        Self::Part { file, bytes }
    }

    pub(super) fn next_run(&mut self, form: &Form, spent: Option<Run>) -> Step {
        match self {
            Self::Whole(file) => file.next_run(form, spent),
            Self::Part { file, .. } => file.next_run(form, spent),
        }
    }

    /// Goes on at a position, which may have been taken in another share.
    pub(super) fn seek(&mut self, at: Position, member: &Member, meter: &Meter) {
        let place = || {
            let place = member.place();
            Place { identity: at.place.identity.or(place.identity), ..place }
        };
        match self {
            Self::Part { bytes, .. } if at.rough => {
                let bytes = bytes.start.max(at.front)..bytes.end.max(at.front);
                *self = Self::part(member, place(), bytes, meter);
            }
            // Only a plain file has lines whose beginning is still to be found.
            Self::Whole(_) if at.rough && at.front > 0 => {
                *self = Self::part(member, place(), at.front..u64::MAX, meter);
            }
            Self::Whole(file) => file.seek(at),
            Self::Part { file, .. } => file.seek(at),
        }
    }

    /// Where it begins. Where it ends is the share's to know: a position is gone on with there.
    pub(super) fn start(&self) -> Position {
        match self {
            Self::Whole(file) => file.start(),
            Self::Part { file, .. } => Position { back: None, ..file.start() },
        }
    }
}

impl fmt::Debug for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(file) => file.fmt(f),
            Self::Part { file, .. } => file.fmt(f),
        }
    }
}
