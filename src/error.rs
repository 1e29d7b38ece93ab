use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// A source's failure: what failed, in which file, at which byte.
///
/// It is one word wide. Its text is this crate's sentence alone; the system's or the decoder's own
/// error, where there is one, is its [`source`](StdError::source).
///
/// # Examples
///
/// ```
/// use headwater::ErrorKind;
///
/// let error = headwater::lines("fixtures/missing.log").unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Open);
/// assert_eq!(error.path().unwrap().to_str(), Some("fixtures/missing.log"));
/// assert_eq!(error.to_string(), "fixtures/missing.log: cannot be opened");
/// ```
pub struct Error(Box<Failure>);

struct Failure {
    kind: ErrorKind,
    path: Option<Arc<Path>>,
    /// The byte at which it failed; for a long line, the line's first.
    offset: Option<u64>,
    /// The number that the kind speaks of: the limit of a long line, the length expected of a file
    /// that shrank, the offset that can't be gone back to.
    number: u64,
    /// Which of the files that are read as one it is of, since a path may occur twice.
    index: usize,
    cause: Option<io::Error>,
}

/// What kind of failure an [`Error`] is.
///
/// # Examples
///
/// ```
/// use headwater::{ErrorKind, lines};
///
/// let mut short = lines::read(&b"as long as it gets\n"[..]).max_len(10);
/// let error = short.next().unwrap().unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::LongLine);
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A file could not be opened.
    Open,
    /// Reading failed; the system's error is the [`source`](StdError::source).
    Read,
    /// What was opened again is not what the position was taken from.
    SourceChanged,
    /// A file became shorter than it was, or than a position in it.
    Shrunk,
    /// A line is longer than the limit, in bytes.
    LongLine,
    /// Compressed data is not what its format allows.
    Corrupt,
    /// Compressed data ends before its format says that it does.
    Truncated,
    /// A reader, a pipe or a device can't go to that place.
    Unseekable,
    /// A line was asked for as text and is not UTF-8.
    NotUtf8,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Self {
        let (path, offset, number, index, cause) = (None, None, 0, 0, None);
        Self(Box::new(Failure { kind, path, offset, number, index, cause }))
    }

    pub(crate) fn at(mut self, path: Option<&Arc<Path>>, offset: u64) -> Self {
        self.0.path = path.cloned();
        self.0.offset = Some(offset);
        self
    }

    pub(crate) fn in_file(mut self, path: Option<&Arc<Path>>) -> Self {
        self.0.path = path.cloned();
        self
    }

    pub(crate) fn number(mut self, number: u64) -> Self {
        self.0.number = number;
        self
    }

    #[cfg(feature = "compression")]
    pub(crate) fn of_file(mut self, index: usize) -> Self {
        self.0.index = index;
        self
    }

    pub(crate) fn index(&self) -> usize {
        self.0.index
    }

    pub(crate) fn because(mut self, cause: io::Error) -> Self {
        self.0.cause = Some(cause);
        self
    }

    /// Returns what kind of failure it is.
    ///
    /// # Examples
    ///
    /// ```
    /// let error = headwater::lines("fixtures").unwrap_err();
    /// assert_eq!(error.kind(), headwater::ErrorKind::Open);
    /// ```
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the path of the file, as it was given, if a file it was.
    ///
    /// # Examples
    ///
    /// ```
    /// let error = headwater::lines("fixtures/missing.log").unwrap_err();
    /// assert_eq!(error.path(), Some("fixtures/missing.log".as_ref()));
    /// ```
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.0.path.as_deref()
    }

    /// Returns the byte at which it failed, counted from the start of the (decompressed) data.
    ///
    /// # Examples
    ///
    /// ```
    /// let mut lines = headwater::lines::read(&b"short\nmuch too long\n"[..]).max_len(10);
    /// lines.next();
    /// assert_eq!(lines.next().unwrap().unwrap_err().offset(), Some(6));
    /// ```
    #[must_use]
    pub fn offset(&self) -> Option<u64> {
        self.0.offset
    }

    /// Tells whether the same call may well succeed a little later: a timeout, a busy resource, a
    /// connection that broke. A missing file or corrupt data is not transient.
    ///
    /// # Examples
    ///
    /// ```
    /// assert!(!headwater::lines("fixtures/missing.log").unwrap_err().is_transient());
    /// ```
    #[must_use]
    pub fn is_transient(&self) -> bool {
        use io::ErrorKind as Io;
        matches!(self.0.kind, ErrorKind::Open | ErrorKind::Read)
            && self.0.cause.as_ref().is_some_and(|cause| {
                matches!(
                    cause.kind(),
                    Io::WouldBlock
                        | Io::TimedOut
                        | Io::Interrupted
                        | Io::ResourceBusy
                        | Io::StaleNetworkFileHandle
                        | Io::BrokenPipe
                        | Io::ConnectionRefused
                        | Io::ConnectionReset
                        | Io::ConnectionAborted
                        | Io::NotConnected
                        | Io::HostUnreachable
                        | Io::NetworkUnreachable
                        | Io::NetworkDown
                )
            })
    }

    fn io_kind(&self) -> io::ErrorKind {
        match (&self.0.cause, self.0.kind) {
            (Some(cause), ErrorKind::Open | ErrorKind::Read) => cause.kind(),
            (_, ErrorKind::Truncated | ErrorKind::Shrunk) => io::ErrorKind::UnexpectedEof,
            (_, ErrorKind::Corrupt | ErrorKind::LongLine | ErrorKind::NotUtf8) => {
                io::ErrorKind::InvalidData
            }
            (_, ErrorKind::Unseekable) => io::ErrorKind::NotSeekable,
            _ => io::ErrorKind::Other,
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("path", &self.0.path)
            .field("offset", &self.0.offset)
            .field("cause", &self.0.cause)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = &self.0.path {
            write!(f, "{}: ", path.display())?;
        }
        let (offset, number) = (self.0.offset.unwrap_or(0), self.0.number);
        match self.0.kind {
            ErrorKind::Open => write!(f, "cannot be opened"),
            ErrorKind::Read => write!(f, "cannot be read at byte {offset}"),
            ErrorKind::SourceChanged => {
                write!(f, "is not the file that byte {offset} was noted in")
            }
            ErrorKind::Shrunk => write!(f, "ends at byte {offset}, before byte {number}"),
            ErrorKind::LongLine => {
                write!(f, "the line at byte {offset} is longer than {number} bytes")
            }
            ErrorKind::Corrupt => write!(f, "compressed data is corrupt after byte {offset}"),
            ErrorKind::Truncated => write!(f, "compressed data breaks off after byte {offset}"),
            ErrorKind::Unseekable => match self.0.offset {
                Some(offset) if offset == number => {
                    write!(f, "was closed at byte {offset}, and can't be gone on with")
                }
                Some(_) => write!(f, "cannot go back from byte {offset} to byte {number}"),
                None => write!(f, "is a pipe or a device: only `lines::read` can read it"),
            },
            ErrorKind::NotUtf8 => write!(f, "the line is not UTF-8 at byte {offset}"),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.cause.as_ref().map(|cause| cause as _)
    }
}

/// Keeps the cause's kind, where there is a cause.
impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        io::Error::new(error.io_kind(), error)
    }
}
