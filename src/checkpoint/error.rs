use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// A checkpoint's failure: which file, and what is the matter with it.
///
/// It is one word wide. Its text is this crate's sentence alone; the system's or the parser's own
/// error, where there is one, is its [`source`](StdError::source).
///
/// # Examples
///
/// ```
/// use headwater::{Checkpoint, checkpoint::ErrorKind};
///
/// let error = Checkpoint::<u64>::new("fixtures/README.md").load().unwrap_err();
/// assert_eq!((error.kind(), error.path()), (ErrorKind::Foreign, "fixtures/README.md".as_ref()));
/// assert_eq!(error.to_string(), "fixtures/README.md: is not a checkpoint");
/// ```
pub struct Error(Box<Failure>);

struct Failure {
    path: Arc<Path>,
    matter: Matter,
    cause: Option<io::Error>,
}

/// What is the matter with a checkpoint: its kind, and what the text says besides.
#[derive(Debug)]
pub(super) enum Matter {
    Read,
    Write,
    Remove,
    Corrupt,
    NotOne,
    /// It has this label, and should have another.
    Label(Option<String>),
    /// Its position is not what a position here looks like.
    Shape,
    Version(u64),
}

/// What kind of failure an [`Error`] is.
///
/// # Examples
///
/// ```
/// use headwater::{Checkpoint, checkpoint::ErrorKind};
///
/// let nowhere = std::env::temp_dir().join("headwater-missing-folder/app.position");
/// assert_eq!(Checkpoint::new(nowhere).save(&1).unwrap_err().kind(), ErrorKind::Write);
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The file is there and cannot be read.
    Read,
    /// It cannot be written, replaced or synced, or the position cannot be written as JSON.
    Write,
    /// It cannot be removed.
    Remove,
    /// It is a checkpoint that was cut off or changed.
    Corrupt,
    /// It is not a checkpoint, has another label, or holds a position of another kind.
    Foreign,
    /// It was written by a later version of this crate.
    Version,
}

impl Error {
    pub(super) fn new(path: &Arc<Path>, matter: Matter) -> Self {
        Self(Box::new(Failure { path: Arc::clone(path), matter, cause: None }))
    }

    pub(super) fn because(mut self, cause: impl Into<io::Error>) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    /// Returns what kind of failure it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self.0.matter {
            Matter::Read => ErrorKind::Read,
            Matter::Write => ErrorKind::Write,
            Matter::Remove => ErrorKind::Remove,
            Matter::Corrupt => ErrorKind::Corrupt,
            Matter::NotOne | Matter::Label(_) | Matter::Shape => ErrorKind::Foreign,
            Matter::Version(_) => ErrorKind::Version,
        }
    }

    /// Returns the path of the checkpoint, as it was given.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0.path
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("path", &self.0.path)
            .field("matter", &self.0.matter)
            .field("cause", &self.0.cause)
            .finish()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.0.path.display())?;
        match &self.0.matter {
            Matter::Read => write!(f, "cannot be read"),
            Matter::Write => write!(f, "cannot be written"),
            Matter::Remove => write!(f, "cannot be removed"),
            Matter::Corrupt => write!(f, "is a checkpoint that was cut off or damaged"),
            Matter::NotOne => write!(f, "is not a checkpoint"),
            Matter::Label(Some(label)) => write!(f, "is the checkpoint of {label:?}"),
            Matter::Label(None) => write!(f, "is a checkpoint without a label"),
            Matter::Shape => write!(f, "is the checkpoint of another kind of source"),
            Matter::Version(version) => {
                write!(f, "is a checkpoint of version {version}, which is not known here")
            }
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.cause.as_ref().map(|cause| cause as _)
    }
}

/// Keeps the kind of the system's error, where there is one.
impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        let kind = match (error.kind(), &error.0.cause) {
            (ErrorKind::Read | ErrorKind::Write | ErrorKind::Remove, Some(cause)) => cause.kind(),
            _ => io::ErrorKind::InvalidData,
        };
        io::Error::new(kind, error)
    }
}
