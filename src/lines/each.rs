use std::fmt;
use std::path::Path;
use std::sync::Arc;

use crate::error::{Error, ErrorKind};
use crate::lines::decompressed::{Decompressed, is_prompt};
use crate::lines::form::Form;
use crate::lines::iter::Lines;
use crate::lines::meter::Meter;
use crate::lines::origin::Origin;
use crate::lines::place::Place;
use crate::lines::position::Position;
use crate::lines::run::Run;
use crate::lines::runs::{Runs, Step};

/// Gives the lines of many files, one file after the other, decompressing those that are gzip or
/// zstd.
///
/// Each file is opened when its turn comes and closed before the next one is: nothing can fail at
/// the call, which is why there is no `?` behind it. The last line of one
/// file and the first of the next are two lines, whether or not the one had its end.
///
/// [`Line::path`](crate::Line::path) says which file a line is from, and a position says in which
/// file to go on.
///
/// # Errors
///
/// Each item may be an error of [`decompressed`](crate::lines::decompressed()), with the path. It
/// is the last item, unless [`on_failure`](Lines::on_failure) says otherwise.
/// [`ErrorKind::SourceChanged`] also says that the file to go on in is not among these, under its name or
/// another.
///
/// # Resources
///
/// One open file at a time; six blocks of 128 KiB at most, and what
/// [`Decoder`](crate::lines::Decoder) needs; and the paths.
///
/// # Examples
///
/// ```
/// let rotated = ["access.log.2.gz", "access.log.1.zst", "access.log"];
/// let log = headwater::lines::each(rotated.map(|name| format!("fixtures/rotated/{name}")));
/// assert_eq!(log.count(), 300);
/// ```
pub fn each<P: AsRef<Path>>(paths: impl IntoIterator<Item = P>) -> Lines<Each> {
    let paths: Vec<Arc<Path>> = paths.into_iter().map(|path| Arc::from(path.as_ref())).collect();
    let meter = Meter::default();
    let file = paths.first().map(|path| Decompressed::new(Arc::clone(path), 0, meter.clone()));
    Lines::new(Each { paths, index: 0, file, on_failure: OnFailure::Stop, sought: None, meter })
}

/// Many files as an origin of lines.
///
/// It is created by [`each`].
pub struct Each {
    paths: Vec<Arc<Path>>,
    /// Which of the paths is that of `file`.
    index: usize,
    /// The file whose turn it is; `None` after the last.
    file: Option<Decompressed>,
    on_failure: OnFailure,
    /// A position to go on at, whose file is still to be found.
    sought: Option<Position>,
    meter: Meter,
}

/// What follows the error of one file of many.
///
/// # Examples
///
/// ```
/// use headwater::lines::{self, OnFailure};
///
/// let paths = ["fixtures/missing.log", "fixtures/rotated/access.log"];
/// assert_eq!(lines::each(paths).count(), 1);
/// assert_eq!(lines::each(paths).on_failure(OnFailure::NextFile).flatten().count(), 100);
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum OnFailure {
    /// Nothing.
    #[default]
    Stop,
    /// The next file.
    NextFile,
}

impl Lines<Each> {
    /// Says what follows the error of one file.
    ///
    /// With [`NextFile`](OnFailure::NextFile) the position after an error is still that in the file
    /// that failed: resuming there tries it again.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::lines::{self, OnFailure};
    ///
    /// let log = lines::each(["missing.log", "fixtures/rotated/access.log"]);
    /// let (lines, errors): (Vec<_>, Vec<_>) =
    ///     log.on_failure(OnFailure::NextFile).partition(Result::is_ok);
    /// assert_eq!((lines.len(), errors.len()), (100, 1));
    /// ```
    pub fn on_failure(mut self, policy: OnFailure) -> Self {
        self.ends.origin.on_failure = policy;
        self
    }
}

impl Each {
    /// Goes on with the path at `index`, if there is one.
    fn turn_to(&mut self, index: usize) {
        self.index = index;
        let path = self.paths.get(index);
        self.file = match (path, &mut self.file) {
            (Some(path), Some(file)) => Some(file.reuse(Arc::clone(path), index)),
            (Some(path), None) => {
                Some(Decompressed::new(Arc::clone(path), index, self.meter.clone()))
            }
            (None, _) => None,
        };
    }

    /// Finds the file of a position: by its path, or else, since logs are renamed when they are
    /// rotated, by its identity.
    fn index_of(&self, place: &Place) -> Option<usize> {
        let Some(path) = &place.path else { return Some(0) };
        let by_path = match self.paths.get(place.index) {
            Some(other) if other == path => Some(place.index),
            _ => self.paths.iter().position(|other| other == path),
        };
        let Some(identity) = &place.identity else { return by_path };
        let is_it = |&index: &usize| identity.is_of_path(&self.paths[index]);
        by_path.filter(is_it).or_else(|| (0..self.paths.len()).find(is_it)).or(by_path)
    }

    /// Goes on at a position, if its file is among these.
    fn turn_to_position(&mut self, at: Position) -> Result<(), Error> {
        let Some(index) = self.index_of(&at.place) else {
            return Err(Error::new(ErrorKind::SourceChanged).at(at.place.path.as_ref(), at.front));
        };
        self.turn_to(index);
        if let Some(file) = &mut self.file {
            file.seek(at);
        }
        Ok(())
    }
}

impl fmt::Debug for Each {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Each")
            .field("paths", &self.paths)
            .field("file", &self.file)
            .field("on_failure", &self.on_failure)
            .finish_non_exhaustive()
    }
}

impl Runs for Each {
    fn next_run(&mut self, form: &Form, mut spent: Option<Run>) -> Step {
        if let Some(at) = self.sought.take()
            && let Err(error) = self.turn_to_position(at)
        {
            return Step::Failed(error);
        }
        while let Some(file) = &mut self.file {
            match file.next_run(form, spent.take()) {
                Step::End => self.turn_to(self.index + 1),
                Step::Failed(error) => {
                    self.give_up();
                    let wrap = if self.goes_on() { Step::Stalled } else { Step::Failed };
                    return wrap(error);
                }
                step => return step,
            }
        }
        Step::End
    }

    fn seek(&mut self, at: Position) {
        self.file = None;
        self.sought = Some(at);
    }

    fn give_up(&mut self) {
        match self.on_failure {
            OnFailure::Stop => self.file = None,
            OnFailure::NextFile => self.turn_to(self.index + 1),
        }
    }

    fn goes_on(&self) -> bool {
        self.on_failure == OnFailure::NextFile
    }

    fn start(&self) -> Position {
        let file = || self.file.as_ref().map_or_else(Position::default, Runs::start);
        self.sought.clone().unwrap_or_else(file)
    }

    fn meter(&self) -> &Meter {
        &self.meter
    }

    fn is_prompt(&self) -> bool {
        self.paths.iter().all(|path| is_prompt(path))
    }
}

impl Origin for Each {}
