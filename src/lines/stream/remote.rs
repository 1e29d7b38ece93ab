use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;

use crate::error::{Error, ErrorKind};
use crate::lines::assembler::{Assembled, Assembler};
use crate::lines::form::Form;
use crate::lines::iter::Lines;
use crate::lines::meter::Meter;
use crate::lines::place::Place;
use crate::lines::position::Position;
use crate::lines::run::Run;
use crate::lines::runs::{Runs, Step};
use crate::lines::stream::ask::Ask;
use crate::lines::stream::body::Body;
use crate::lines::stream::download::Download;
use crate::lines::stream::encoded::Encoded;
use crate::lines::stream::input::Input;
use crate::lines::stream::origin::{Origin, Polled};
use crate::lines::stream::readers::{Chunks, io_error};
use crate::lines::stream::reply::Verdict;
use crate::lines::stream::wanted::Wanted;
use crate::lines::undecodable::Undecodable;
use crate::lines::wait::Wait;

/// Gives the lines of what can be asked for again from any byte on: a file behind HTTP, an object in
/// a store.
///
/// `ask` is called with what is [`Wanted`], at the first poll, and again at the first poll after each
/// [`resume_at`](crate::Source::resume_at). So such a stream can be retried, and goes on at the byte
/// at which it broke: with [`Wanted::headers`] and [`Body::http`], HTTP servers are asked by `range`
/// and `if-range`, and a file that is another by then is told by its `ETag` or `Last-Modified`, which
/// is a part of the [`Position`]. A file that grows has a new `ETag`, too: to go on in it, pass the
/// position's [`offset`](Position::offset) alone. Without either, only another length tells, and only
/// while the stream lives. A body whose length was not told, and that was cut short, ends as if it were
/// whole: [`Line::is_complete`](crate::Line::is_complete) says whether the last line had its end.
///
/// # Errors
///
/// Each item may be one of these, and nothing follows it until it is resumed:
/// - [`ErrorKind::Open`]: `ask` failed, or what it gave is not what was wanted;
/// - [`ErrorKind::Read`]: the body gave an error, or ended early. What has no error of the system below
///   it counts as a broken connection, which is transient;
/// - [`ErrorKind::SourceChanged`]: the validator is another than that of the position, or the length
///   another than before;
/// - [`ErrorKind::Shrunk`]: it ends before the position;
/// - [`ErrorKind::LongLine`]: the line is longer than [`max_len`](Lines::max_len);
/// - [`ErrorKind::Truncated`] and [`ErrorKind::Corrupt`], if it is [decompressed](Lines::decompressed).
///
/// # Resources
///
/// One body, dropped at its end or fatal error; one chunk; at most six blocks of 128 KiB, unless a
/// line is longer.
///
/// # Cancel safety
///
/// A `next` that is dropped before it is ready loses nothing: the call that is under way stays in the
/// stream.
///
/// # Examples
///
/// With a client of HTTP, here reqwest, `ask` is what the guide's chapter on
/// [scale](crate::guide::scale#many-tasks) has. Any other source of bytes will do:
///
/// ```
/// use futures::{StreamExt, TryStreamExt, executor::block_on, stream};
/// use headwater::{Retry, prelude::*, stream::lines::{self, Body}};
///
/// // A connection that breaks behind the fifth byte, once.
/// let mut breaks = true;
/// let file = "one\ntwo\nthree\n";
/// let log = lines::remote(move |wanted| {
///     let from = usize::try_from(wanted.offset()).unwrap();
///     let end = if std::mem::take(&mut breaks) { 5 } else { file.len() };
///     let body = stream::iter([Ok(&file[from..end]), Err("broken")]).take(if end == 5 { 2 } else { 1 });
///     std::future::ready(Ok::<_, String>(Body::new(body).starting_at(wanted.offset()).validator("v7")))
/// });
/// let lines = log.retry(Retry::immediately()).map_ok(|line| line.to_string());
/// assert_eq!(block_on(lines.try_collect::<Vec<_>>()).unwrap(), ["one", "two", "three"]);
/// ```
pub fn remote<F, Asking>(ask: F) -> Lines<Remote<F>>
where
    F: Ask + FnMut(Wanted) -> Asking,
{
    Lines::new(Remote {
        ask,
        at: Position::default(),
        wanted: Wanted::new(0, None),
        state: State::Before,
        assembler: Assembler::default(),
        place: Arc::default(),
        is_encoded: false,
        body: Download::default(),
        wait: Wait::default(),
    })
}

/// What can be asked for again as an origin of lines.
///
/// It is created by [`remote`].
pub struct Remote<F: Ask> {
    ask: F,
    /// Where it begins, if that was asked for.
    at: Position,
    /// What was asked for last.
    wanted: Wanted,
    state: State<F>,
    assembler: Assembler,
    /// What it is, with its validator once that is known.
    place: Arc<Place>,
    /// Whether it is to be decompressed: then it can only be read from the start.
    is_encoded: bool,
    body: Download,
    wait: Wait,
}

enum State<F: Ask> {
    Before,
    Asking(Pin<Box<F::Asking>>),
    Reading(Encoded<Input<Chunks<F::Chunks, F::Chunk>>>),
    Closed,
}

/// What was asked for is never pinned here, but where it lies.
impl<F: Ask> Unpin for Remote<F> {}

#[cfg(feature = "compression")]
impl<F: Ask> Lines<Remote<F>> {
    /// Decompresses what is gzip or zstd, told by its first bytes, and passes on the rest.
    ///
    /// It belongs before the first poll. Offsets and positions count decompressed bytes; going on at
    /// one asks for all that is before it again.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures::{StreamExt, executor::block_on, stream};
    /// use headwater::stream::lines::{self, Body};
    ///
    /// let gzip = std::fs::read("fixtures/rotated/access.log.2.gz").unwrap();
    /// let log = lines::remote(|wanted| {
    ///     assert_eq!(wanted.offset(), 0);
    ///     let body = Body::new(stream::iter([Ok::<_, std::io::Error>(gzip.clone())]));
    ///     std::future::ready(Ok::<_, String>(body))
    /// });
    /// assert_eq!(block_on(log.decompressed().count()), 100);
    /// ```
    pub fn decompressed(mut self) -> Self {
        self.ends.origin.is_encoded = true;
        self
    }
}

impl<F: Ask> Remote<F> {
    fn failed(&self, kind: ErrorKind, cause: io::Error) -> Error {
        Error::new(kind).at(None, self.at.front.max(self.assembler.end())).because(cause)
    }

    fn refused(&self, why: &str) -> Error {
        self.failed(ErrorKind::Open, io::Error::other(why))
    }

    fn changed(&self) -> Error {
        Error::new(ErrorKind::SourceChanged).at(None, self.at.front.max(self.assembler.end()))
    }

    /// Asks for what follows a byte, unless that is under way.
    fn ask_from(&mut self, offset: u64, validator: Option<Arc<str>>) {
        self.wanted = Wanted::new(offset, validator);
        self.state = State::Asking(Box::pin(self.ask.ask(self.wanted.clone())));
    }

    /// Asks for the bytes, unless they are there.
    fn prepare(&mut self) -> Result<(), Stop> {
        if let State::Before = self.state {
            let offset = if self.is_encoded { 0 } else { self.at.front };
            self.ask_from(offset, self.at.place.validator.clone());
        }
        let State::Asking(asking) = &mut self.state else { return Ok(()) };
        let reply = self.wait.poll(|cx| asking.as_mut().poll(cx)).ok_or(Stop::Pending)?;
        self.state = State::Closed;
        let body = reply
            .map_err(|error| Stop::Failed(self.failed(ErrorKind::Open, io_error(error.into()))))?;
        self.begin(body).map_err(Stop::Failed)
    }

    /// Begins with the bytes of a body, if they are those that were wanted.
    fn begin(&mut self, body: Body<F::Chunks>) -> Result<(), Error> {
        let from = self.wanted.offset();
        let goes_on = self.body.is_followed_by(&self.wanted);
        let start = match body.reply.judge(&self.wanted) {
            Verdict::Read(start) => start,
            Verdict::Nothing if !goes_on => {
                let nothing = "the server has nothing there, and says not how long it is";
                return Err(self.refused(nothing));
            }
            Verdict::End | Verdict::Nothing => {
                self.end();
                return Ok(());
            }
            Verdict::Changed => return Err(self.changed()),
            Verdict::Shrunk(end) => {
                return Err(Error::new(ErrorKind::Shrunk).at(None, end).number(from));
            }
            Verdict::Failed(cause) => return Err(self.failed(ErrorKind::Open, cause)),
        };
        if start.is_encoded && !self.is_encoded {
            return Err(self.refused("the server sent it encoded, and it is not decompressed"));
        }
        // What has no validator may still have another length than before.
        if !self.body.may_be_of(&start) {
            return Err(self.changed());
        }
        if !goes_on {
            let skip = if self.is_encoded { self.at.front } else { from - start.offset };
            self.assembler.restart(start.offset, skip);
        } else if start.offset != from {
            return Err(self.refused("the server's bytes do not begin where it was left"));
        }
        if self.place.validator != start.validator {
            let validator = start.validator.clone();
            self.place = Arc::new(Place { validator, ..Place::default() });
        }
        let is_part = start.is_part && !self.is_encoded;
        let input = Input::new(Chunks::new(body.chunks), &self.wait, self.body.meter());
        let input = self.body.begin(start, input, is_part);
        self.state = State::Reading(Encoded::new(input, self.is_encoded));
        Ok(())
    }

    /// Has nothing more to read.
    fn end(&mut self) {
        self.body.end();
        let input = Input::new(Chunks::ended(), &self.wait, self.body.meter());
        self.state = State::Reading(Encoded::new(input, false));
    }

    /// Says what is wrong with an end of the bytes, if anything is.
    fn check_end(&self) -> Result<(), Error> {
        self.body.check_end().map_err(|cause| self.failed(ErrorKind::Read, cause))?;
        let end = self.assembler.end();
        if end < self.at.front {
            return Err(Error::new(ErrorKind::Shrunk).at(None, end).number(self.at.front));
        }
        Ok(())
    }

    /// Goes on behind a part, unless the whole ends with it.
    fn go_on(&mut self) -> Result<(), Error> {
        self.state = State::Closed;
        self.check_end()?;
        if self.body.is_whole() {
            self.end();
        } else {
            self.ask_from(self.body.reached(), self.place.validator.clone());
        }
        Ok(())
    }

    fn assemble(&mut self, form: &Form) -> Result<Option<Run>, Stop> {
        loop {
            self.prepare()?;
            let State::Reading(reader) = &mut self.state else { return Ok(None) };
            return match self.assembler.next_run(reader, form, &self.place) {
                Ok(Assembled::Run(run)) => Ok(Some(run)),
                Ok(Assembled::End(run)) => {
                    self.state = State::Closed;
                    self.check_end().map_err(Stop::Failed)?;
                    Ok(run)
                }
                Err(cause) if cause.kind() == io::ErrorKind::WouldBlock => {
                    if self.body.take_ended() {
                        self.go_on().map_err(Stop::Failed)?;
                        continue;
                    }
                    Err(Stop::Pending)
                }
                Err(cause) => Err(Stop::Failed(self.failed(Undecodable::kind_of(&cause), cause))),
            };
        }
    }
}

/// What stands between a poll and a run.
enum Stop {
    Pending,
    Failed(Error),
}

impl<F: Ask> fmt::Debug for Remote<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Remote")
            .field("wanted", &self.wanted)
            .field("assembler", &self.assembler)
            .finish_non_exhaustive()
    }
}

impl<F: Ask> Runs for Remote<F> {
    fn next_run(&mut self, form: &Form, spent: Option<Run>) -> Step {
        self.assembler.take_back(spent, form);
        let step = match self.assemble(form) {
            Ok(Some(run)) => return Step::Run(run),
            Ok(None) => Step::End,
            Err(Stop::Pending) => return Step::pending(&self.wait),
            Err(Stop::Failed(error)) => Step::Failed(error),
        };
        self.state = State::Closed;
        step
    }

    fn seek(&mut self, at: Position) {
        // A position of its own is one of the same bytes; of any other, nothing is known.
        if !Arc::ptr_eq(&at.place, &self.place) {
            self.place = Arc::default();
            self.body.forget();
        }
        self.body.end();
        self.assembler.restart(at.front, 0);
        self.at = at;
        self.state = State::Before;
    }

    fn give_up(&mut self) {
        self.state = State::Closed;
    }

    fn start(&self) -> Position {
        let place = match self.at.place.validator {
            Some(_) => &self.at.place,
            None => &self.place,
        };
        Position { place: Arc::clone(place), back: None, rough: false, ..self.at }
    }

    fn meter(&self) -> &Meter {
        self.body.meter()
    }

    fn is_prompt(&self) -> bool {
        false
    }
}

impl<F: Ask> Polled for Remote<F> {
    fn wait(&self) -> &Wait {
        &self.wait
    }
}

impl<F: Ask> Origin for Remote<F> {}
