use std::error::Error as StdError;
use std::fmt;

use futures_core::Stream;
use futures_io::AsyncRead;

use crate::lines::form::Form;
use crate::lines::iter::Lines;
use crate::lines::meter::Meter;
use crate::lines::position::Position;
use crate::lines::read::Read;
use crate::lines::run::Run;
use crate::lines::runs::{Runs, Step};
use crate::lines::stream::encoded::Encoded;
use crate::lines::stream::input::{Input, PollRead};
use crate::lines::stream::origin::{Origin, Polled};
#[cfg(feature = "tokio")]
use crate::lines::stream::readers::TokioReader;
use crate::lines::stream::readers::{Chunks, FuturesReader};
use crate::lines::wait::Wait;

/// Gives the lines of any async reader: a socket, a pipe, a child's output.
///
/// It is the twin of [`lines::read`](crate::lines::read()), for the readers of the `futures` crates;
/// `read_tokio` (feature `tokio`) takes those of tokio. Nothing is read before the first poll, and a line is given as
/// soon as it is there. There is no need for a `BufReader`.
///
/// # Errors
///
/// Those of [`lines::read`](crate::lines::read()): after a hundred reads in a row that timed out, it ends.
///
/// # Resources
///
/// The reader, which is dropped at its end or fatal error. At most six blocks of 128 KiB, unless a
/// line is longer; a line that is kept keeps its block.
///
/// # Cancel safety
///
/// A `next` that is dropped before it is ready loses nothing: what was read stays in the stream.
///
/// # Examples
///
/// ```
/// use futures::{TryStreamExt, executor::block_on, io::AsyncReadExt};
/// use headwater::stream::lines;
///
/// let words = b"one\ntw".chain(&b"o\nthree\n"[..]);
/// let words = lines::read(words).map_ok(|line| line.to_string());
/// assert_eq!(block_on(words.try_collect::<Vec<_>>())?, ["one", "two", "three"]);
/// # Ok::<(), headwater::Error>(())
/// ```
pub fn read<R: AsyncRead>(reader: R) -> Lines<Reader<FuturesReader<R>>> {
    Reader::lines(FuturesReader { reader })
}

/// Gives the lines of any async reader of tokio: a socket, a pipe, a child's output.
///
/// All else is as with [`read`].
///
/// # Errors
///
/// Those of [`lines::read`](crate::lines::read()).
///
/// # Resources
///
/// As with [`read`].
///
/// # Cancel safety
///
/// As with [`read`].
///
/// # Examples
///
/// ```
/// use futures::{TryStreamExt, executor::block_on};
/// use headwater::stream::lines;
///
/// let words = lines::read_tokio(&b"one\ntwo\n"[..]).map_ok(|line| line.to_string());
/// assert_eq!(block_on(words.try_collect::<Vec<_>>())?, ["one", "two"]);
/// # Ok::<(), headwater::Error>(())
/// ```
#[cfg(feature = "tokio")]
pub fn read_tokio<R: tokio::io::AsyncRead>(reader: R) -> Lines<Reader<TokioReader<R>>> {
    Reader::lines(TokioReader { reader })
}

/// Gives the lines of a stream of chunks of bytes: the body of an HTTP response.
///
/// Chunks may break anywhere, and be empty. [`remote`](crate::stream::lines::remote) is for bodies
/// that can be asked for again.
///
/// # Errors
///
/// Each item may be one of these, and nothing follows it:
/// - [`ErrorKind::Read`](crate::ErrorKind::Read): the stream gave an error, which is the cause;
/// - [`ErrorKind::LongLine`](crate::ErrorKind::LongLine): the line is longer than
///   [`max_len`](Lines::max_len);
/// - what [`lines::read`](crate::lines::read()) says of positions that can't be reached, and of
///   compressed data.
///
/// # Resources
///
/// The stream, which is dropped at its end or fatal error; one chunk; and what [`read`] holds.
///
/// # Cancel safety
///
/// A `next` that is dropped before it is ready loses nothing: what was read stays in the stream.
///
/// # Examples
///
/// ```
/// use futures::{TryStreamExt, executor::block_on, stream};
/// use headwater::stream::lines;
///
/// let body = stream::iter(["one\ntw", "", "o\nthr", "ee\n"].map(Ok::<_, std::io::Error>));
/// let words = lines::chunks(body).map_ok(|line| line.to_string());
/// assert_eq!(block_on(words.try_collect::<Vec<_>>())?, ["one", "two", "three"]);
/// # Ok::<(), headwater::Error>(())
/// ```
pub fn chunks<S, B, E>(stream: S) -> Lines<Reader<Chunks<S, B>>>
where
    S: Stream<Item = Result<B, E>>,
    B: AsRef<[u8]>,
    E: Into<Box<dyn StdError + Send + Sync>>,
{
    let mut lines = Reader::lines(Chunks::new(stream));
    // A stream that gave an error is never polled again.
    lines.ends.origin.read = lines.ends.origin.read.with_max_stalls(1);
    lines
}

/// An async reader as an origin of lines.
///
/// It is created by [`read`], `read_tokio` and [`chunks`].
pub struct Reader<R> {
    read: Read<Encoded<Input<R>>>,
    wait: Wait,
    /// What was read, as it came.
    meter: Meter,
}

impl<R: PollRead> Reader<R> {
    fn lines(reader: R) -> Lines<Self> {
        let (wait, meter) = (Wait::default(), Meter::default());
        let read = Read::new(Encoded::Plain(Input::new(reader, &wait, &meter))).that_waits();
        Lines::new(Self { read, wait, meter })
    }
}

#[cfg(feature = "compression")]
impl<R: PollRead> Lines<Reader<R>> {
    /// Decompresses what is gzip or zstd, told by its first bytes, and passes on the rest.
    ///
    /// It belongs before the first poll. Offsets and positions count decompressed bytes. It
    /// decompresses where it is polled, 128 KiB at a time, which takes some tenths of a millisecond.
    ///
    /// # Errors
    ///
    /// An item may be [`ErrorKind::Truncated`](crate::ErrorKind::Truncated) or
    /// [`ErrorKind::Corrupt`](crate::ErrorKind::Corrupt), besides.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures::{StreamExt, executor::block_on};
    /// use headwater::stream::lines;
    ///
    /// let gzip = std::fs::read("fixtures/rotated/access.log.2.gz").unwrap();
    /// assert_eq!(block_on(lines::read(&gzip[..]).decompressed().count()), 100);
    /// ```
    pub fn decompressed(mut self) -> Self {
        self.ends.origin.read = self.ends.origin.read.map_reader(Encoded::decoded);
        self
    }
}

impl<R> fmt::Debug for Reader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").field("read", &self.read).finish_non_exhaustive()
    }
}

impl<R: PollRead> Runs for Reader<R> {
    const ONE_WAY: bool = true;

    fn next_run(&mut self, form: &Form, spent: Option<Run>) -> Step {
        self.read.next_run(form, spent)
    }

    fn give_up(&mut self) {
        self.read.give_up();
    }

    fn start(&self) -> Position {
        self.read.start()
    }

    fn meter(&self) -> &Meter {
        &self.meter
    }

    fn is_prompt(&self) -> bool {
        false
    }
}

impl<R: PollRead> Polled for Reader<R> {
    fn wait(&self) -> &Wait {
        &self.wait
    }
}

impl<R: PollRead> Origin for Reader<R> {}
