use std::fmt;
use std::io;
use std::num::NonZeroU32;
use std::sync::Arc;

use crate::error::Error;
use crate::lines::assembler::{Assembled, Assembler};
use crate::lines::form::Form;
use crate::lines::iter::Lines;
use crate::lines::meter::{Meter, Metered};
use crate::lines::origin::Origin;
use crate::lines::place::Place;
use crate::lines::position::Position;
use crate::lines::run::Run;
use crate::lines::runs::{Runs, Step};
use crate::lines::undecodable::Undecodable;

/// Gives the lines of any reader: standard input, a socket, a pipe, a decoder.
///
/// Nothing is read before the first pull, and a line is given as soon as it is there. There is no
/// need for a [`BufReader`](io::BufReader).
///
/// A reader can't go back: [`from`](Lines::from) a later position it reads up to there.
///
/// # Errors
///
/// Each item may be an error:
/// - [`ErrorKind::Read`]: reading failed. After [`TimedOut`](io::ErrorKind::TimedOut) and
///   [`WouldBlock`](io::ErrorKind::WouldBlock) the next pull reads on, and half a line that had
///   come is completed; after [`max_stalls`](Lines::max_stalls) of them in a row, and after any
///   other, nothing follows. [`Interrupted`](io::ErrorKind::Interrupted) never shows.
/// - [`ErrorKind::Truncated`] and [`ErrorKind::Corrupt`]: as for `decompressed`, if the reader is a
///   `Decoder`;
/// - [`ErrorKind::LongLine`]: the line is longer than [`max_len`](Lines::max_len);
/// - [`ErrorKind::Unseekable`]: the position to go on from was passed already;
/// - [`ErrorKind::Shrunk`]: the reader ends before it.
///
/// [`ErrorKind::Read`]: crate::ErrorKind::Read
/// [`ErrorKind::Truncated`]: crate::ErrorKind::Truncated
/// [`ErrorKind::Corrupt`]: crate::ErrorKind::Corrupt
/// [`ErrorKind::LongLine`]: crate::ErrorKind::LongLine
/// [`ErrorKind::Unseekable`]: crate::ErrorKind::Unseekable
/// [`ErrorKind::Shrunk`]: crate::ErrorKind::Shrunk
///
/// # Resources
///
/// The reader, which is dropped at its end or fatal error. At most 6 × block + 4 KiB, where a block
/// is 128 KiB or twice the longest line, whichever is more; a line that is kept keeps its block.
///
/// # Examples
///
/// ```
/// use std::io;
///
/// let words = io::Read::chain(&b"one\ntw"[..], &b"o\nthree\n"[..]);
/// let words: Vec<String> = headwater::lines::read(words)
///     .map(|line| line.map(|line| line.to_string()))
///     .collect::<Result<_, _>>()?;
/// assert_eq!(words, ["one", "two", "three"]);
/// # Ok::<(), headwater::Error>(())
/// ```
pub fn read<R: io::Read>(reader: R) -> Lines<Read<R>> {
    Lines::new(Read::new(reader))
}

/// A reader as an origin of lines.
///
/// It is created by [`read`].
pub struct Read<R> {
    state: State<R>,
    /// How many reads in a row could not be done yet, and where in the data that was.
    stalls: u32,
    stalled_at: u64,
    max_stalls: u32,
    /// Whether that a read would block is no failure: it is tried again when it would not.
    waits: bool,
    assembler: Assembler,
    place: Arc<Place>,
    meter: Meter,
}

enum State<R> {
    Reading(Metered<R>),
    Closed,
}

impl<R> Read<R> {
    const MAX_STALLS: u32 = 100;

    pub(super) fn new(reader: R) -> Self {
        let meter = Meter::default();
        Self {
            state: State::Reading(Metered { reader, meter: meter.clone() }),
            stalls: 0,
            stalled_at: 0,
            max_stalls: Self::MAX_STALLS,
            waits: false,
            assembler: Assembler::default(),
            place: Arc::default(),
            meter,
        }
    }

    /// Takes a reader for one that is read again when it would not block.
    #[cfg(feature = "async")]
    pub(super) fn that_waits(self) -> Self {
        Self { waits: true, ..self }
    }

    /// Puts its reader into another.
    #[cfg(all(feature = "async", feature = "compression"))]
    pub(super) fn map_reader(self, wrap: impl FnOnce(R) -> R) -> Self {
        let state = match self.state {
            State::Reading(Metered { reader, meter }) => {
                State::Reading(Metered { reader: wrap(reader), meter })
            }
            State::Closed => State::Closed,
        };
        Self { state, ..self }
    }

    #[cfg(feature = "async")]
    pub(super) fn with_max_stalls(self, max_stalls: u32) -> Self {
        Self { max_stalls, ..self }
    }
}

impl<R: io::Read> Lines<Read<R>> {
    /// Says how many reads in a row may time out or would block before that is the end. The default
    /// is 100.
    ///
    /// So a loop that skips errors ends. A reader that waits for hours, with a timeout of seconds,
    /// needs more.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::io;
    /// use std::num::NonZeroU32;
    ///
    /// struct Silent;
    ///
    /// impl io::Read for Silent {
    ///     fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
    ///         Err(io::ErrorKind::TimedOut.into())
    ///     }
    /// }
    ///
    /// let three = NonZeroU32::new(3).unwrap();
    /// assert_eq!(headwater::lines::read(Silent).max_stalls(three).count(), 3);
    /// ```
    pub fn max_stalls(mut self, reads: NonZeroU32) -> Self {
        self.ends.origin.max_stalls = reads.get();
        self
    }
}

impl<R> Read<R> {
    fn failed(&mut self, cause: io::Error) -> Step {
        let stalled = matches!(cause.kind(), io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock);
        let would_block = cause.kind() == io::ErrorKind::WouldBlock;
        let error =
            Error::new(Undecodable::kind_of(&cause)).at(None, self.assembler.end()).because(cause);
        if self.waits && would_block {
            return Step::Stalled(error);
        }
        self.stalls = if self.assembler.end() > self.stalled_at { 1 } else { self.stalls + 1 };
        self.stalled_at = self.assembler.end();
        if stalled && self.stalls < self.max_stalls {
            return Step::Stalled(error);
        }
        self.state = State::Closed;
        Step::Failed(error)
    }
}

impl<R> fmt::Debug for Read<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Read")
            .field("assembler", &self.assembler)
            .field("stalls", &self.stalls)
            .finish_non_exhaustive()
    }
}

impl<R: io::Read> Runs for Read<R> {
    const ONE_WAY: bool = true;

    fn next_run(&mut self, form: &Form, spent: Option<Run>) -> Step {
        self.assembler.take_back(spent, form);
        let State::Reading(reader) = &mut self.state else { return Step::End };
        match self.assembler.next_run(reader, form, &self.place) {
            Ok(Assembled::Run(run)) => Step::Run(run),
            Ok(Assembled::End(run)) => {
                self.state = State::Closed;
                run.map_or(Step::End, Step::Run)
            }
            Err(cause) => self.failed(cause),
        }
    }

    fn give_up(&mut self) {
        self.state = State::Closed;
    }

    fn start(&self) -> Position {
        Position { place: Arc::clone(&self.place), ..Position::from(self.assembler.offset()) }
    }

    fn meter(&self) -> &Meter {
        &self.meter
    }

    fn is_prompt(&self) -> bool {
        false
    }
}

impl<R: io::Read> Origin for Read<R> {}
