use std::fmt;
use std::path::Path;
use std::sync::Arc;

use crate::error::{Error, ErrorKind};
use crate::lines::form::Form;
use crate::lines::iter::Lines;
use crate::lines::member::{Extent, Member, Reading};
use crate::lines::meter::Meter;
use crate::lines::origin::Origin;
use crate::lines::position::Position;
use crate::lines::run::Run;
use crate::lines::runs::{Runs, Step};
use crate::lines::share::{check, part};

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
/// One open file at a time; at most 6 × block + 4 KiB, as [`lines`](crate::lines()), and what
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
    let members = paths.into_iter().enumerate();
    let members = members.map(|(index, path)| Member::new(Arc::from(path.as_ref()), index));
    let mut each = Each {
        members: members.collect(),
        index: 0,
        file: None,
        on_failure: OnFailure::Stop,
        sought: None,
        meter: Meter::default(),
    };
    each.turn_to(0);
    Lines::new(each)
}

/// Many files as an origin of lines.
///
/// It is created by [`each`].
pub struct Each {
    members: Vec<Member>,
    /// Which of the members `file` is.
    index: usize,
    /// The file whose turn it is; `None` after the last.
    file: Option<Reading>,
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

    /// Narrows the lines to one of `count` shares of about as many bytes each, as the files are
    /// stored.
    ///
    /// The shares are the lines of all files, each once, in the order of their indices. A plain file
    /// may be cut anywhere, as by [`range`](Lines::range); a compressed one is of the share in which
    /// its first byte lies. A position is gone on with in the share that it was taken in.
    ///
    /// The lengths are taken now. So those who take a share each agree on them only while no file
    /// grows. A file that is another by its turn, as after a rotation, is
    /// [`ErrorKind::SourceChanged`] then.
    ///
    /// # Errors
    ///
    /// With the path of the file:
    /// - [`ErrorKind::Open`] if there is no such file, it may not be read or is a directory;
    /// - [`ErrorKind::Unseekable`] if it is a pipe, a socket or a device;
    /// - [`ErrorKind::Read`] if its length or its first bytes can't be read;
    /// - [`ErrorKind::SourceChanged`] if the file to begin in is not among these, or a share is
    ///   divided of which a file was replaced.
    ///
    /// # Panics
    ///
    /// If `index` is not less than `count`.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::lines;
    ///
    /// let rotated = ["access.log.2.gz", "access.log.1.zst", "access.log"];
    /// let rotated = rotated.map(|name| format!("fixtures/rotated/{name}"));
    /// let mut count = 0;
    /// for index in 0..2 {
    ///     count += lines::each(&rotated).share(index, 2)?.count();
    /// }
    /// assert_eq!(count, 300);
    /// # Ok::<(), headwater::Error>(())
    /// ```
    pub fn share(mut self, index: usize, count: usize) -> Result<Self, Error> {
        check(index, count);
        let form = self.ends.form;
        self.ends.origin.narrow(index, count, &form)?;
        Ok(self)
    }
}

impl Each {
    /// Goes on with the member at `index`, if there is one.
    fn turn_to(&mut self, index: usize) {
        self.index = index;
        let member = self.members.get(index);
        self.file = member.map(|member| member.reading(self.file.as_mut(), &self.meter));
    }

    /// Keeps those members, and parts of them, that are of one of `count` shares.
    fn narrow(&mut self, index: usize, count: usize, form: &Form) -> Result<(), Error> {
        // Where it begins at a position, that is so for the shares together.
        let first = self.sought.as_ref().map_or(Ok(0), |at| self.index_of(at))?;
        let extents = self.members.iter_mut().map(|member| member.measure(form));
        let extents: Vec<Extent> = extents.collect::<Result<_, _>>()?;
        let share = part(&(0..extents.iter().map(Extent::len).sum()), index, count);
        let (mut start, mut members, mut begins) = (0, Vec::new(), false);
        for (place, (member, extent)) in self.members.drain(..).zip(&extents).enumerate() {
            let narrowed = member.narrow(extent, start, &share).filter(|_| place >= first);
            begins |= place == first && narrowed.is_some();
            members.extend(narrowed);
            start += extent.len();
        }
        self.members = members;
        self.sought = self.sought.take().filter(|_| begins);
        self.turn_to(0);
        Ok(())
    }

    /// Finds the member of a position: by its path, or else, since logs are renamed when they are
    /// rotated, by its identity.
    fn index_of(&self, at: &Position) -> Result<usize, Error> {
        let place = &at.place;
        let Some(path) = &place.path else { return Ok(0) };
        let named = |member: &Member| member.path == *path;
        let exactly = |member: &Member| member.index == place.index && named(member);
        let by_path = self.members.iter().position(exactly);
        let by_path = by_path.or_else(|| self.members.iter().position(named));
        let found = match &place.identity {
            Some(identity) => {
                let is_it = |&index: &usize| identity.is_of_path(&self.members[index].path);
                let by_identity = || (0..self.members.len()).find(is_it);
                by_path.filter(is_it).or_else(by_identity).or(by_path)
            }
            None => by_path,
        };
        found.ok_or_else(|| Error::new(ErrorKind::SourceChanged).at(Some(path), at.front))
    }

    /// Goes on at a position, if its file is among these.
    fn turn_to_position(&mut self, at: Position) -> Result<(), Error> {
        self.turn_to(self.index_of(&at)?);
        if let (Some(file), Some(member)) = (&mut self.file, self.members.get(self.index)) {
            file.seek(at, member, &self.meter);
        }
        Ok(())
    }
}

impl fmt::Debug for Each {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Each")
            .field("members", &self.members)
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
                    let error = error.of_file(self.members[self.index].index);
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
        let file = || self.file.as_ref().map_or_else(Position::default, Reading::start);
        self.sought.clone().unwrap_or_else(file)
    }

    fn meter(&self) -> &Meter {
        &self.meter
    }

    fn is_prompt(&self) -> bool {
        self.members.iter().all(Member::is_prompt)
    }
}

impl Origin for Each {}
