use std::fmt;
use std::io::{self, BufRead, BufReader, Read};
use std::mem;

use flate2::bufread::GzDecoder;
use zstd::stream::read::Decoder as ZstdDecoder;

use crate::lines::undecodable::Undecodable;

/// A reader that decompresses gzip and zstd, told by their first bytes, and passes on the rest.
///
/// All members of a gzip file are read, and all frames of a zstd file, as if they were one. Zeros
/// after the last member are ignored, as gzip does.
///
/// Nothing is read before the first `read`.
///
/// # Errors
///
/// A read fails with [`InvalidData`](io::ErrorKind::InvalidData) where the data is corrupt, with
/// [`UnexpectedEof`](io::ErrorKind::UnexpectedEof) where it breaks off, once all that could be
/// decompressed was given, and as the reader does.
///
/// # Resources
///
/// A buffer of 32 KiB, and what the format needs: for gzip less than 100 KiB, for zstd the window
/// that the file asks for, which is refused beyond 128 MiB.
///
/// # Examples
///
/// ```
/// use std::fs::File;
/// use std::io::Read;
///
/// use headwater::lines::Decoder;
///
/// let mut text = String::new();
/// Decoder::new(File::open("fixtures/rotated/access.log.2.gz")?).read_to_string(&mut text)?;
/// assert_eq!(text.lines().count(), 100);
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Decoder<R> {
    format: Format<R>,
}

enum Format<R> {
    /// Its first bytes are still to be seen.
    Unknown(Input<R>),
    Plain(Input<R>),
    Gzip(Box<GzDecoder<BufReader<Input<R>>>>),
    Zstd(ZstdDecoder<'static, BufReader<Input<R>>>),
    /// All was given, or it failed.
    Closed,
}

impl<R: Read> Decoder<R> {
    /// Decompresses what `reader` reads.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::io::Read;
    ///
    /// let mut text = String::new();
    /// headwater::lines::Decoder::new(&b"not compressed"[..]).read_to_string(&mut text)?;
    /// assert_eq!(text, "not compressed");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn new(reader: R) -> Self {
        Self { format: Format::Unknown(Input::new(reader)) }
    }

    /// Passes on what `reader` reads, whatever it looks like.
    pub(super) fn plain(reader: R) -> Self {
        Self { format: Format::Plain(Input::new(reader)) }
    }

    /// Finds out the format.
    fn sniff(&mut self) -> io::Result<()> {
        let Format::Unknown(input) = &mut self.format else { return Ok(()) };
        let head = input.peek()?;
        let (gzip, zstd) = (is_gzip(head), is_zstd(head));
        let Format::Unknown(input) = mem::replace(&mut self.format, Format::Closed) else {
            return Ok(());
        };
        self.format = if gzip {
            Format::Gzip(Box::new(GzDecoder::new(input.buffered())))
        } else if zstd {
            Format::Zstd(ZstdDecoder::with_buffer(input.buffered())?)
        } else {
            Format::Plain(input)
        };
        self.failure().map_or(Ok(()), Err)
    }

    /// Goes on with the next member of a gzip file, if there is one.
    fn next_member(&mut self) -> io::Result<bool> {
        let Format::Gzip(mut decoder) = mem::replace(&mut self.format, Format::Closed) else {
            return Ok(false);
        };
        match has_member(decoder.get_mut()) {
            Ok(false) => Ok(false),
            Ok(true) => {
                let input = decoder.into_inner();
                self.format = Format::Gzip(Box::new(GzDecoder::new(input)));
                self.failure().map_or(Ok(true), Err)
            }
            Err(error) => {
                self.format = Format::Gzip(decoder);
                Err(self.explain(error))
            }
        }
    }

    /// Tells the reader's errors, after which it can go on, from those of the data, which end it.
    fn explain(&mut self, error: io::Error) -> io::Error {
        if let Some(failure) = self.failure() {
            return failure;
        }
        self.format = Format::Closed;
        let kind = match error.kind() {
            io::ErrorKind::UnexpectedEof => io::ErrorKind::UnexpectedEof,
            _ => io::ErrorKind::InvalidData,
        };
        Undecodable::error(kind, error)
    }

    /// Takes the reader's own error, if there was one. (A gzip decoder begins to read, and may meet
    /// it, when it is made.)
    fn failure(&mut self) -> Option<io::Error> {
        match &mut self.format {
            Format::Unknown(input) | Format::Plain(input) => input.failure.take(),
            Format::Gzip(decoder) => decoder.get_mut().get_mut().failure.take(),
            Format::Zstd(decoder) => decoder.get_mut().get_mut().failure.take(),
            Format::Closed => None,
        }
    }
}

/// Tells by the first four bytes of a file, or all there are, whether a [`Decoder`] decompresses it.
///
/// What is compressed can be read from its start alone, and not be divided.
///
/// # Examples
///
/// ```
/// use headwater::lines::is_compressed;
///
/// let gzip = std::fs::read("fixtures/rotated/access.log.2.gz")?;
/// assert!(is_compressed(&gzip[..4]));
/// assert!(!is_compressed(b"::1 "));
/// # Ok::<(), std::io::Error>(())
/// ```
#[must_use]
pub fn is_compressed(head: &[u8]) -> bool {
    is_gzip(head) || is_zstd(head)
}

fn is_gzip(head: &[u8]) -> bool {
    head.starts_with(&[0x1F, 0x8B])
}

/// RFC 8878, section 3.1: a frame, or one that is to be skipped.
fn is_zstd(head: &[u8]) -> bool {
    matches!(head, [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..])
}

/// Tells whether a gzip member follows, after zeros if there are any.
fn has_member(input: &mut impl BufRead) -> io::Result<bool> {
    loop {
        match input.fill_buf()? {
            [] => return Ok(false),
            [0, ..] => input.consume(1),
            [0x1F, ..] => return Ok(true),
            _ => return Err(io::Error::other("what follows the last gzip member is none")),
        }
    }
}

impl<R> fmt::Debug for Decoder<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let format = match self.format {
            Format::Unknown(_) => "unknown",
            Format::Plain(_) => "plain",
            Format::Gzip(_) => "gzip",
            Format::Zstd(_) => "zstd",
            Format::Closed => "closed",
        };
        f.debug_struct("Decoder").field("format", &format).finish_non_exhaustive()
    }
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        self.sniff()?;
        loop {
            let read = match &mut self.format {
                Format::Unknown(_) | Format::Closed => return Ok(0),
                Format::Plain(input) => input.read(buf),
                Format::Gzip(decoder) => decoder.read(buf),
                Format::Zstd(decoder) => decoder.read(buf),
            };
            match read {
                Ok(0) if self.next_member()? => {}
                Ok(read) => return Ok(read),
                Err(error) => return Err(self.explain(error)),
            }
        }
    }
}

/// The bytes that are read, before they are decompressed.
struct Input<R> {
    reader: R,
    /// Bytes that were looked at, and are still to be given.
    head: [u8; 4],
    start: usize,
    end: usize,
    /// The reader's error, for which decoders get `WouldBlock`: only after that can they go on.
    failure: Option<io::Error>,
}

impl<R: Read> Input<R> {
    const BUFFER: usize = 32 << 10;

    fn new(reader: R) -> Self {
        Self { reader, head: [0; 4], start: 0, end: 0, failure: None }
    }

    fn buffered(self) -> BufReader<Self> {
        BufReader::with_capacity(Self::BUFFER, self)
    }

    /// Looks at the first four bytes, or all there are.
    fn peek(&mut self) -> io::Result<&[u8]> {
        while self.end < self.head.len() {
            match self.reader.read(&mut self.head[self.end..]) {
                Ok(0) => break,
                Ok(read) => self.end += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(&self.head[..self.end])
    }
}

impl<R: Read> Read for Input<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.start < self.end {
            let len = buf.len().min(self.end - self.start);
            buf[..len].copy_from_slice(&self.head[self.start..self.start + len]);
            self.start += len;
            return Ok(len);
        }
        loop {
            match self.reader.read(buf) {
                Ok(read) => return Ok(read),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.failure = Some(error);
                    return Err(io::ErrorKind::WouldBlock.into());
                }
            }
        }
    }
}
