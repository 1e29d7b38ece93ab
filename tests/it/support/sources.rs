//! All ways to the same lines: what holds of one must hold of each.

use std::fmt;
use std::io;
use std::iter::FusedIterator;
use std::num::NonZeroUsize;
use std::sync::Arc;

use headwater::lines::{BackOrigin, Blocks, Containing, Lines, Origin, Position};
#[cfg(feature = "async")]
use headwater::lines::{Pattern, Search};
use headwater::{Error, Line, Source, lines};

#[cfg(feature = "async")]
use headwater::stream::lines::{Origin as AsyncOrigin, Wanted};

#[cfg(feature = "async")]
use super::blocking::Blocking;
use super::data::Data;
use super::hostile::Trickling;
use super::options::Options;
#[cfg(feature = "async")]
use super::streams::{Hesitating, chunks, serve};

/// What every source of lines is.
pub(crate) trait Lawful:
    Iterator<Item = Result<Line, Error>> + FusedIterator + Source<Position = Position> + fmt::Debug
{
    /// How many lines were over the limit, where it tells.
    fn long_lines(&self) -> Option<u64>;
}

impl<S: Origin> Lawful for Lines<S> {
    fn long_lines(&self) -> Option<u64> {
        Some(Lines::long_lines(self))
    }
}

impl<S: Origin> Lawful for Containing<S> {
    fn long_lines(&self) -> Option<u64> {
        None
    }
}

#[cfg(feature = "regex")]
impl<S: Origin> Lawful for lines::Matching<S> {
    fn long_lines(&self) -> Option<u64> {
        None
    }
}

#[cfg(feature = "async")]
impl<S: AsyncOrigin> Lawful for Blocking<Lines<S>> {
    fn long_lines(&self) -> Option<u64> {
        Some(self.0.long_lines())
    }
}

#[cfg(feature = "async")]
impl<P: Pattern + Unpin, S: AsyncOrigin> Lawful for Blocking<Search<P, S>> {
    fn long_lines(&self) -> Option<u64> {
        None
    }
}

/// One way to lines.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Strategy {
    pub(crate) name: &'static str,
    pub(crate) medium: Medium,
    /// Whether a thread reads ahead.
    pub(crate) ahead: bool,
    /// Whether it is retried.
    pub(crate) heals: bool,
    /// Whether it is mapped on all cores.
    pub(crate) parallel: bool,
}

/// What lines are read from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Medium {
    /// A reader over memory: it can only be read on.
    Reader,
    /// A storage in memory, which can be opened again, as all that follow.
    Storage,
    /// Files, which are open while they are read.
    File,
    /// A map, which stays with its lines.
    Map,
}

impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)?;
        f.write_str(if self.ahead { ", read ahead" } else { "" })?;
        f.write_str(if self.heals { ", healed" } else { "" })?;
        f.write_str(if self.parallel { ", mapped in parallel" } else { "" })
    }
}

/// What is done with every source. `open` opens it anew at each call.
pub(crate) trait Visitor {
    /// Is given each of them.
    fn forward<S: Lawful>(&mut self, strategy: Strategy, open: impl Fn() -> S) {
        let _ = (strategy, open);
    }

    /// Is given those that can be read from both ends, besides.
    fn both_ends<S: Lawful + DoubleEndedIterator>(
        &mut self,
        strategy: Strategy,
        open: impl Fn() -> S,
    ) {
        let _ = (strategy, open);
    }
}

/// Visits every way to the lines of `data`.
pub(crate) fn visit_lines(data: &Data, options: Options, visitor: &mut impl Visitor) {
    every_way(data, options, &mut Every(visitor));
}

/// Visits every way to the lines of `data` that hold `needle`.
pub(crate) fn visit_containing(
    data: &Data,
    options: Options,
    needle: &[u8],
    visitor: &mut impl Visitor,
) {
    every_way(data, options, &mut Holding(visitor, needle));
}

/// Visits every way to the lines of `data` that `regex` matches.
#[cfg(feature = "regex")]
pub(crate) fn visit_matching(
    data: &Data,
    options: Options,
    regex: &regex::bytes::Regex,
    visitor: &mut impl Visitor,
) {
    every_way(data, options, &mut Matching(visitor, regex));
}

/// What is done with the blocks of every source.
pub(crate) trait BlockVisitor {
    fn blocks<S: Origin>(&mut self, strategy: Strategy, open: impl Fn() -> Blocks<S>);
}

/// Visits every way to the lines of `data`, in blocks.
pub(crate) fn visit_blocks(data: &Data, options: Options, visitor: &mut impl BlockVisitor) {
    every_way(data, options, &mut InBlocks(visitor));
}

/// Visits the lines of several files, which are those of `data` again and again.
#[cfg(feature = "compression")]
pub(crate) fn visit_many_files(data: &Data, options: Options, visitor: &mut impl Visitor) {
    let paths = [data.gzip(), data.empty(), data.plain(), data.zstd(), data.empty()];
    one_end("many files", Medium::File, &mut Every(visitor), || options.set(lines::each(&paths)));
}

/// The table.
fn every_way(data: &Data, options: Options, pipe: &mut impl Pipe) {
    both_ends("file", Medium::File, pipe, || options.set(lines(data.plain()).unwrap()));
    both_ends("storage", Medium::Storage, pipe, || {
        let bytes = Arc::clone(&data.bytes);
        options.set(lines::random_access(move || Ok(Arc::clone(&bytes))))
    });
    #[cfg(feature = "mmap")]
    both_ends("map", Medium::Map, pipe, || options.set(mapped(data)));
    #[cfg(feature = "async")]
    every_stream(data, options, pipe);
    one_end("reader", Medium::Reader, pipe, || options.set(lines::read(reader(data))));
    let slow = Strategy {
        name: "slow reader",
        medium: Medium::Reader,
        ahead: false,
        heals: false,
        parallel: false,
    };
    pipe.one_end(slow, || options.set(lines::read(slow_reader(data))));
    #[cfg(feature = "compression")]
    {
        let decompressed = |path| options.set(lines::decompressed(path).unwrap());
        let plain = Strategy {
            name: "decompressed plain",
            medium: Medium::File,
            ahead: false,
            heals: false,
            parallel: false,
        };
        pipe.one_end(plain, || decompressed(data.plain()));
        one_end("decompressed gzip", Medium::File, pipe, || decompressed(data.gzip()));
        one_end("decompressed zstd", Medium::File, pipe, || decompressed(data.zstd()));
        let paths = [data.empty(), data.plain()];
        one_end("each", Medium::File, pipe, || options.set(lines::each(&paths)));
    }
}

/// The part of the table that is polled.
#[cfg(feature = "async")]
fn every_stream(data: &Data, options: Options, pipe: &mut impl Pipe) {
    use headwater::stream::lines as async_lines;

    let strategy =
        |name, medium, ahead| Strategy { name, medium, ahead, heals: false, parallel: false };
    pipe.stream(strategy("file stream", Medium::File, true), || {
        options.set(lines(data.plain()).unwrap()).into_stream(AHEAD)
    });
    pipe.stream(strategy("async reader", Medium::Reader, false), || {
        options.set_stream(async_lines::read(Hesitating::new(&data.bytes)))
    });
    #[cfg(feature = "tokio")]
    pipe.stream(strategy("tokio's reader", Medium::Reader, false), || {
        options.set_stream(async_lines::read_tokio(Hesitating::new(&data.bytes)))
    });
    pipe.stream(strategy("chunks", Medium::Reader, false), || {
        options.set_stream(async_lines::chunks(chunks(&data.bytes)))
    });
    pipe.stream(strategy("remote", Medium::Storage, false), || {
        let bytes = Arc::clone(&data.bytes);
        options.set_stream(async_lines::remote(move |wanted: Wanted| {
            std::future::ready(io::Result::Ok(serve(&bytes, &wanted)))
        }))
    });
    #[cfg(feature = "compression")]
    pipe.stream(strategy("gzip stream", Medium::File, true), || {
        options.set(lines::decompressed(data.gzip()).unwrap()).into_stream(AHEAD)
    });
}

/// What stands between lines and their visitor.
trait Pipe {
    fn one_end<S: Origin>(&mut self, strategy: Strategy, open: impl Fn() -> Lines<S>);
    fn both_ends<S: BackOrigin>(&mut self, strategy: Strategy, open: impl Fn() -> Lines<S>);
    #[cfg(feature = "async")]
    fn stream<S: AsyncOrigin>(&mut self, strategy: Strategy, open: impl Fn() -> Lines<S>);
}

/// How far ahead is read: so little that the thread has to wait.
const AHEAD: NonZeroUsize = NonZeroUsize::MIN;

fn one_end<S: Origin + Send + 'static>(
    name: &'static str,
    medium: Medium,
    pipe: &mut impl Pipe,
    open: impl Fn() -> Lines<S>,
) {
    pipe.one_end(Strategy { name, medium, ahead: false, heals: false, parallel: false }, &open);
    pipe.one_end(Strategy { name, medium, ahead: true, heals: false, parallel: false }, || {
        open().read_ahead(AHEAD)
    });
}

fn both_ends<S: BackOrigin + Send + 'static>(
    name: &'static str,
    medium: Medium,
    pipe: &mut impl Pipe,
    open: impl Fn() -> Lines<S>,
) {
    pipe.both_ends(Strategy { name, medium, ahead: false, heals: false, parallel: false }, &open);
    pipe.both_ends(Strategy { name, medium, ahead: true, heals: false, parallel: false }, || {
        open().read_ahead(AHEAD)
    });
}

/// Passes on all lines.
struct Every<'a, V>(&'a mut V);

impl<V: Visitor> Pipe for Every<'_, V> {
    fn one_end<S: Origin>(&mut self, strategy: Strategy, open: impl Fn() -> Lines<S>) {
        self.0.forward(strategy, open);
    }

    fn both_ends<S: BackOrigin>(&mut self, strategy: Strategy, open: impl Fn() -> Lines<S>) {
        self.one_end(strategy, &open);
        self.0.both_ends(strategy, open);
    }

    #[cfg(feature = "async")]
    fn stream<S: AsyncOrigin>(&mut self, strategy: Strategy, open: impl Fn() -> Lines<S>) {
        self.0.forward(strategy, || Blocking(open()));
    }
}

/// Passes on all lines, in blocks.
struct InBlocks<'a, V>(&'a mut V);

impl<V: BlockVisitor> Pipe for InBlocks<'_, V> {
    fn one_end<S: Origin>(&mut self, strategy: Strategy, open: impl Fn() -> Lines<S>) {
        self.0.blocks(strategy, || open().blocks());
    }

    fn both_ends<S: BackOrigin>(&mut self, strategy: Strategy, open: impl Fn() -> Lines<S>) {
        self.one_end(strategy, open);
    }

    #[cfg(feature = "async")]
    fn stream<S: AsyncOrigin>(&mut self, strategy: Strategy, open: impl Fn() -> Lines<S>) {
        // They are the same blocks: `stream_lines` has what is not.
        let _ = (strategy, open);
    }
}

/// Passes on lines that hold a needle.
struct Holding<'a, V>(&'a mut V, &'a [u8]);

impl<V: Visitor> Pipe for Holding<'_, V> {
    fn one_end<S: Origin>(&mut self, strategy: Strategy, open: impl Fn() -> Lines<S>) {
        self.0.forward(strategy, || open().containing(self.1));
    }

    fn both_ends<S: BackOrigin>(&mut self, strategy: Strategy, open: impl Fn() -> Lines<S>) {
        self.one_end(strategy, &open);
        self.0.both_ends(strategy, || open().containing(self.1));
    }

    #[cfg(feature = "async")]
    fn stream<S: AsyncOrigin>(&mut self, strategy: Strategy, open: impl Fn() -> Lines<S>) {
        self.0.forward(strategy, || Blocking(open().containing(self.1)));
    }
}

/// Passes on lines that an expression matches.
#[cfg(feature = "regex")]
struct Matching<'a, V>(&'a mut V, &'a regex::bytes::Regex);

#[cfg(feature = "regex")]
impl<V: Visitor> Pipe for Matching<'_, V> {
    fn one_end<S: Origin>(&mut self, strategy: Strategy, open: impl Fn() -> Lines<S>) {
        self.0.forward(strategy, || open().matching(self.1));
    }

    fn both_ends<S: BackOrigin>(&mut self, strategy: Strategy, open: impl Fn() -> Lines<S>) {
        self.one_end(strategy, &open);
        self.0.both_ends(strategy, || open().matching(self.1));
    }

    #[cfg(feature = "async")]
    fn stream<S: AsyncOrigin>(&mut self, strategy: Strategy, open: impl Fn() -> Lines<S>) {
        self.0.forward(strategy, || Blocking(open().matching(self.1)));
    }
}

/// Bytes that are read where they are, uncopied.
#[derive(Debug)]
struct Shared(Arc<Vec<u8>>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

fn reader(data: &Data) -> io::Cursor<Shared> {
    io::Cursor::new(Shared(Arc::clone(&data.bytes)))
}

/// Gives the bytes in pieces: a few at a time, if they are few.
fn slow_reader(data: &Data) -> Trickling<io::Cursor<Shared>> {
    Trickling::new(reader(data), 3.max(data.bytes.len() / 64), 5)
}

#[cfg(feature = "mmap")]
#[expect(unsafe_code, reason = "a map can be had in no other way")]
fn mapped(data: &Data) -> Lines<lines::Mapped> {
    // SAFETY: nobody writes to the files of a test's data once they are there.
    unsafe { lines::mapped(data.plain()).unwrap() }
}
