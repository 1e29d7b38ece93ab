use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::error::Error;
use crate::lines::access::Access;
use crate::lines::form::Form;
use crate::lines::identity::Identity;
use crate::lines::meter::Meter;
use crate::lines::origin::{BackOrigin, Origin};
use crate::lines::place::Place;
use crate::lines::position::Position;
use crate::lines::run::Run;
use crate::lines::runs::{Runs, Step};
use crate::lines::store::Open;
use crate::lines::unread::Unread;

/// A range of the bytes of a storage as an origin of lines, from either end.
///
/// It is created by [`lines`](crate::lines()), [`random_access`](crate::lines::random_access) and
/// `mapped`.
pub struct Ranged<O: Open> {
    open: O,
    /// Where it begins, and ends, if that was asked for.
    at: Position,
    /// The bytes whose lines are wanted: those that begin in them.
    wanted: Range<u64>,
    /// The length of the data, and of which file, once it was taken; it stays when the same file is
    /// opened again, wherever that is gone on in.
    end: Option<(u64, Option<Identity>)>,
    state: State<O::Store>,
    /// Why the end of the last wanted line is not known: it comes when all lines before are given.
    owed: Option<Error>,
    /// Which file it is; with its identity once it was read.
    place: Arc<Place>,
    meter: Meter,
}

enum State<S> {
    /// Nothing was read yet; a file is open already where its opening could fail at the call.
    Before(Option<S>),
    Reading(Unread<S>),
    Closed,
}

/// Reads a run from one of the ends.
type ReadRun<S> = fn(&mut Unread<S>, &Form) -> Result<Option<Run>, Error>;

/// What is to be read, and the error that comes behind it.
#[cfg(feature = "parallel")]
type Rest<S> = (Unread<S>, Option<Error>);

impl<O: Open> Ranged<O> {
    pub(super) fn new(open: O, store: Option<O::Store>) -> Self {
        let place = Place { path: open.path().cloned(), ..Place::default() };
        Self {
            open,
            at: Position::default(),
            wanted: 0..u64::MAX,
            end: None,
            state: State::Before(store),
            owed: None,
            place: Arc::new(place),
            meter: Meter::default(),
        }
    }

    /// Makes an origin of the lines that begin in some of the bytes of another, which begins at `at`.
    #[cfg(any(feature = "compression", feature = "parallel"))]
    pub(super) fn part(open: O, at: Position, wanted: Range<u64>, meter: Meter) -> Self {
        let place = at.place.unidentified();
        Self { at, wanted, place, meter, ..Self::new(open, None) }
    }

    /// Opens it, and lets go of the store and of what is to be read of it.
    #[cfg(feature = "parallel")]
    pub(super) fn into_unread(mut self, form: &Form) -> Result<Option<Rest<O::Store>>, Error> {
        self.prepare(form)?;
        match self.state {
            State::Reading(unread) => Ok(Some((unread, self.owed))),
            State::Before(_) | State::Closed => Ok(None),
        }
    }

    pub(super) fn want(&mut self, bytes: Range<u64>) {
        if self.at.rough || self.at == Position::default() {
            let back = Some(bytes.end).filter(|&end| end < u64::MAX);
            self.at = Position { back, rough: true, ..Position::from(bytes.start) };
        }
        self.wanted = bytes;
    }

    /// The bytes whose lines are wanted, up to the end of the data.
    pub(super) fn bytes(&mut self, form: &Form) -> Result<Range<u64>, Error> {
        let len = self.measure(form)?;
        Ok(self.wanted.start.min(len)..self.wanted.end.min(len))
    }

    /// Takes the length before anything is read, and keeps open what it opens for that.
    fn measure(&mut self, form: &Form) -> Result<u64, Error> {
        if let Some((end, _)) = self.end {
            return Ok(end);
        }
        let open = match &mut self.state {
            State::Before(store) => store.take(),
            State::Reading(_) | State::Closed => None,
        };
        let store = open.map_or_else(|| self.open.open(), Ok)?;
        let mut access = Access::new(store, self.open.path(), &self.meter);
        let len = access.measure(form)?;
        if let State::Before(store) = &mut self.state {
            *store = Some(access.into_store());
        }
        Ok(len)
    }

    /// Opens it, if it is not open, and finds the bytes that are to be read.
    fn prepare(&mut self, form: &Form) -> Result<(), Error> {
        let State::Before(store) = &mut self.state else { return Ok(()) };
        let store = match store.take() {
            Some(store) => store,
            None => self.open.open()?,
        };
        let mut access = Access::new(store, self.open.path(), &self.meter);
        if let Some((_, Some(known))) = &self.end
            && !access.is(known)?
        {
            self.end = None;
        }
        let place = access.identify(self.at.place.identity.as_ref(), self.at.front)?;
        self.place = Arc::new(Place { index: self.place.index, ..place });
        let size = access.measure(form)?;
        let (end, _) = *self.end.get_or_insert((size, self.place.identity));
        let (front, back) = match &self.at {
            at if at.rough => (0, None),
            at => (at.front, at.back),
        };
        let asked = front.max(back.unwrap_or(end));
        if asked > size {
            return Err(access.shrunk(size, asked));
        }
        let limit = back.unwrap_or(end);
        let wanted = self.wanted.start.min(limit)..self.wanted.end.min(limit);
        let first = match front {
            _ if front == 0 || front < wanted.start => access.first_line(wanted.clone(), form)?,
            // It began behind what is wanted: other ranges have the line there.
            _ if front >= wanted.end && wanted.end < limit => None,
            front => Some(front),
        };
        let mut back = match first {
            Some(_) => back,
            None => Some(wanted.end.max(front)),
        };
        let front = first.unwrap_or(wanted.end.max(front));
        let mut unread = front..back.unwrap_or(end).max(front);
        if first.is_some() && wanted.end < limit {
            let found = access.line_from(wanted.end, limit, form);
            back = Some(found.as_ref().map_or(wanted.end, |&end| end));
            (unread.end, self.owed) = match found {
                Ok(end) => (end.max(front), None),
                Err(error) => access.last_line(front..wanted.end, error, form),
            };
        }
        self.at = Position { front, back, rough: self.owed.is_some(), ..self.at.clone() };
        self.state = State::Reading(Unread::new(access, unread, &self.place));
        Ok(())
    }

    /// Reads a run; what ends the reading closes it.
    fn step(&mut self, form: &Form, spent: Option<Run>, read: ReadRun<O::Store>) -> Step {
        let prepared = self.prepare(form);
        let run = match (prepared, &mut self.state) {
            (Err(error), _) => Err(error),
            (Ok(()), State::Reading(unread)) => {
                if let Some(spent) = spent {
                    unread.take_back(spent, form);
                }
                read(unread, form)
            }
            (Ok(()), _) => Ok(None),
        };
        let step = match run {
            Ok(Some(run)) => Step::Run(run),
            Ok(None) => self.owed.take().map_or(Step::End, Step::Failed),
            Err(error) => Step::Failed(error),
        };
        if !matches!(step, Step::Run(_)) || self.unread() == Some(0) {
            self.state = State::Closed;
        }
        step
    }
}

impl<O: Open> fmt::Debug for Ranged<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ranged")
            .field("place", &self.place)
            .field("at", &self.at)
            .field("unread", &self.unread())
            .finish_non_exhaustive()
    }
}

impl<O: Open> Runs for Ranged<O> {
    const BACKWARD: bool = true;

    fn next_run(&mut self, form: &Form, spent: Option<Run>) -> Step {
        self.step(form, spent, Unread::first_run)
    }

    fn next_run_back(&mut self, form: &Form, spent: Option<Run>) -> Step {
        if let Err(error) = self.prepare(form).and_then(|()| self.owed.take().map_or(Ok(()), Err)) {
            self.give_up();
            return Step::Failed(error);
        }
        self.step(form, spent, Unread::last_run)
    }

    fn seek(&mut self, at: Position) {
        if at.rough {
            self.wanted = at.front..at.back.unwrap_or(u64::MAX);
        }
        // What names the file was noted here before it was read. A bare offset may be one of any.
        if at.place.identity.is_none() && at.place.path != self.place.path {
            self.place = self.place.unidentified();
        }
        self.at = at;
        self.owed = None;
        if !matches!(self.state, State::Before(_)) {
            self.state = State::Before(None);
        }
    }

    fn give_up(&mut self) {
        self.state = State::Closed;
        self.owed = None;
    }

    fn start(&self) -> Position {
        let place = match self.at.place.identity {
            Some(_) => &self.at.place,
            None => &self.place,
        };
        Position { place: Arc::clone(place), ..self.at }
    }

    fn meter(&self) -> &Meter {
        &self.meter
    }

    fn unread(&self) -> Option<u64> {
        match &self.state {
            State::Before(_) => None,
            State::Reading(unread) => Some(unread.len() + u64::from(self.owed.is_some())),
            State::Closed => Some(0),
        }
    }
}

impl<O: Open> Origin for Ranged<O> {}

impl<O: Open> BackOrigin for Ranged<O> {}
