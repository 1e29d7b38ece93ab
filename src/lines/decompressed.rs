use std::fmt;
use std::fs;
use std::io::{self, Seek as _, SeekFrom};
use std::mem;
use std::path::Path;
use std::sync::Arc;

use crate::error::{Error, ErrorKind};
use crate::lines::assembler::{Assembled, Assembler};
use crate::lines::decoder::{Decoder, is_compressed};
use crate::lines::form::Form;
use crate::lines::identity::Identity;
use crate::lines::iter::Lines;
use crate::lines::meter::{Meter, Metered};
use crate::lines::origin::Origin;
use crate::lines::place::Place;
use crate::lines::position::Position;
use crate::lines::read_at::fill_at;
use crate::lines::run::Run;
use crate::lines::runs::{Runs, Step};
use crate::lines::undecodable::Undecodable;

/// Opens a file to give its lines, decompressing it if it is gzip or zstd.
///
/// The format is told by the first bytes, not by the name. All members of a gzip file and all
/// frames of a zstd file are read as one.
///
/// Offsets and positions count decompressed bytes. Going on at one decompresses all that is before
/// it again; in a plain file it goes there.
///
/// # Errors
///
/// [`ErrorKind::Open`] if there is no such file, or it may not be read or is a directory.
///
/// After that each item may be one of these, and nothing follows it:
/// - [`ErrorKind::Truncated`]: the compressed data breaks off, as that of a file does which is
///   still being written; all lines that were whole have been given;
/// - [`ErrorKind::Corrupt`]: it is not what its format allows; again after the good lines, which a
///   checksum had not confirmed yet;
/// - [`ErrorKind::Read`], [`ErrorKind::LongLine`], [`ErrorKind::SourceChanged`], [`ErrorKind::Open`] as
///   for [`lines`](crate::lines());
/// - [`ErrorKind::Shrunk`]: the data ends before the position to begin at;
/// - [`ErrorKind::Unseekable`]: it is a pipe, which can be read once, from its start. (Opening a pipe
///   waits for its writer.)
///
/// # Resources
///
/// One open file, closed once its last byte is read; at most 6 × block + 4 KiB, as
/// [`lines`](crate::lines()), and what [`Decoder`] needs.
///
/// # Examples
///
/// ```
/// let log = headwater::lines::decompressed("fixtures/rotated/access.log.2.gz")?;
/// assert_eq!(log.count(), 100);
/// # Ok::<(), headwater::Error>(())
/// ```
pub fn decompressed(path: impl AsRef<Path>) -> Result<Lines<Decompressed>, Error> {
    let mut origin = Decompressed::new(Arc::from(path.as_ref()), 0, Meter::default());
    origin.state = State::Before(Some(origin.open()?));
    Ok(Lines::new(origin))
}

/// A file that may be compressed as an origin of lines.
///
/// It is created by [`decompressed`].
pub struct Decompressed {
    path: Arc<Path>,
    index: usize,
    /// Where it begins, if that was asked for.
    at: Position,
    state: State,
    assembler: Assembler,
    /// Which file it is; with its identity once it was read.
    place: Arc<Place>,
    /// Whether it is a pipe that was read.
    drained: bool,
    meter: Meter,
}

enum State {
    /// Nothing was read yet; the file is open already where its opening could fail at the call.
    Before(Option<fs::File>),
    Reading(Box<Decoder<Metered<fs::File>>>),
    Closed,
}

impl Decompressed {
    pub(super) fn new(path: Arc<Path>, index: usize, meter: Meter) -> Self {
        let place = Place { path: Some(Arc::clone(&path)), index, ..Place::default() };
        Self {
            path,
            index,
            at: Position::default(),
            state: State::Before(None),
            assembler: Assembler::default(),
            place: Arc::new(place),
            drained: false,
            meter,
        }
    }

    fn open(&self) -> Result<fs::File, Error> {
        let failed = |cause| Error::new(ErrorKind::Open).in_file(Some(&self.path)).because(cause);
        let file = fs::File::open(&self.path).map_err(failed)?;
        if file.metadata().map_err(failed)?.is_dir() {
            return Err(failed(io::ErrorKind::IsADirectory.into()));
        }
        Ok(file)
    }

    /// Opens the file, if it is not open, and begins to decompress it.
    fn prepare(&mut self) -> Result<(), Error> {
        let State::Before(file) = &mut self.state else { return Ok(()) };
        let mut file = match file.take() {
            Some(file) => file,
            None => self.open()?,
        };
        let identity = self.identify(&mut file)?;
        // What a pipe has given is gone. It does not come again when the pipe is opened again.
        if identity.is_none() && (self.at.front > 0 || self.drained) {
            let error =
                Error::new(ErrorKind::Unseekable).at(Some(&self.path), self.assembler.end());
            return Err(error.number(self.at.front));
        }
        self.drained = identity.is_none();
        let path = Some(Arc::clone(&self.path));
        let place = Place { path, index: self.index, identity, ..Place::default() };
        self.place = Arc::new(place);
        let decoder = if !self.drained && self.at.front > 0 && self.go_straight(&mut file)? {
            self.assembler.restart(self.at.front, 0);
            Decoder::plain
        } else {
            self.assembler.restart(0, self.at.front);
            Decoder::new
        };
        let metered = Metered { reader: file, meter: self.meter.clone() };
        self.state = State::Reading(Box::new(decoder(metered)));
        Ok(())
    }

    /// Goes to where it is to go on, if that is somewhere in a plain file.
    fn go_straight(&self, file: &mut fs::File) -> Result<bool, Error> {
        let mut head = [0; 4];
        // What can't be read is found when it is read from the start.
        let (len, result) = fill_at(file, &mut head, 0);
        let plain = result.is_ok() && !is_compressed(&head[..len]);
        let straight = plain && file.metadata().is_ok_and(|file| file.len() >= self.at.front);
        let start = if straight { self.at.front } else { 0 };
        let failed = |cause| Error::new(ErrorKind::Read).at(Some(&self.path), start).because(cause);
        file.seek(SeekFrom::Start(start)).map_err(failed)?;
        Ok(straight)
    }

    /// Takes the file's identity, and holds it against the one that is asked for. A pipe has none.
    fn identify(&self, file: &mut fs::File) -> Result<Option<Identity>, Error> {
        let failed = |(offset, cause)| {
            Error::new(ErrorKind::Read).at(Some(&self.path), offset).because(cause)
        };
        let is_file = file.metadata().map_err(|cause| failed((0, cause)))?.is_file();
        let same = match &self.at.place.identity {
            Some(known) => is_file && known.is_of(file).map_err(failed)?,
            None => true,
        };
        if !same {
            return Err(Error::new(ErrorKind::SourceChanged).at(Some(&self.path), self.at.front));
        }
        if !is_file {
            return Ok(None);
        }
        // On Windows a positioned read moves the cursor.
        let identity = Identity::of(file).and_then(|identity| file.rewind().map(|()| identity));
        identity.map(Some).map_err(|cause| failed((0, cause)))
    }

    fn failed(&self, cause: io::Error) -> Error {
        let kind = Undecodable::kind_of(&cause);
        Error::new(kind).at(Some(&self.path), self.assembler.end()).because(cause)
    }

    fn assemble(&mut self, form: &Form) -> Result<Option<Run>, Error> {
        self.prepare()?;
        let State::Reading(decoder) = &mut self.state else { return Ok(None) };
        match self.assembler.next_run(decoder, form, &self.place) {
            Ok(Assembled::Run(run)) => Ok(Some(run)),
            Ok(Assembled::End(run)) => {
                self.state = State::Closed;
                let end = self.assembler.end();
                if self.at.front > end {
                    let error = Error::new(ErrorKind::Shrunk).at(Some(&self.path), end);
                    return Err(error.number(self.at.front));
                }
                Ok(run)
            }
            Err(cause) => Err(self.failed(cause)),
        }
    }

    /// Makes an origin of another file, which goes on with the same buffers.
    pub(super) fn reuse(&mut self, path: Arc<Path>, index: usize) -> Self {
        let assembler = mem::take(&mut self.assembler);
        Self { assembler, ..Self::new(path, index, self.meter.clone()) }
    }
}

impl fmt::Debug for Decompressed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decompressed")
            .field("place", &self.place)
            .field("assembler", &self.assembler)
            .finish_non_exhaustive()
    }
}

impl Runs for Decompressed {
    fn next_run(&mut self, form: &Form, spent: Option<Run>) -> Step {
        self.assembler.take_back(spent, form);
        let step = match self.assemble(form) {
            Ok(Some(run)) => return Step::Run(run),
            Ok(None) => Step::End,
            Err(error) => Step::Failed(error),
        };
        self.state = State::Closed;
        step
    }

    fn seek(&mut self, at: Position) {
        // What names the file was noted here before it was read. A bare offset may be one of any.
        if at.place.identity.is_none() && at.place.path != self.place.path {
            self.place = self.place.unidentified();
        }
        self.at = at;
        if !matches!(self.state, State::Before(_)) {
            self.state = State::Before(None);
        }
    }

    fn give_up(&mut self) {
        self.state = State::Closed;
    }

    fn start(&self) -> Position {
        let place = match self.at.place.identity {
            Some(_) => &self.at.place,
            None => &self.place,
        };
        Position { place: Arc::clone(place), back: None, rough: false, ..self.at }
    }

    fn meter(&self) -> &Meter {
        &self.meter
    }

    fn is_prompt(&self) -> bool {
        is_prompt(&self.path)
    }
}

impl Origin for Decompressed {}

/// Tells whether reading a file never waits for whoever writes it, as reading a pipe does.
pub(super) fn is_prompt(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|metadata| metadata.is_file())
}
