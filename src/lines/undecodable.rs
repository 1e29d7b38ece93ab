use std::error::Error as StdError;
use std::fmt;
use std::io;

use crate::error::ErrorKind;

/// What is wrong with compressed data, as the cause of an [`io::Error`]: so that whoever reads can
/// tell it from the failure of the reader.
#[derive(Debug)]
pub(super) struct Undecodable(Box<dyn StdError + Send + Sync>);

impl Undecodable {
    #[cfg(feature = "compression")]
    pub(super) fn error(
        kind: io::ErrorKind,
        cause: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> io::Error {
        io::Error::new(kind, Self(cause.into()))
    }

    /// What kind of failure it is that reading gave an error.
    pub(super) fn kind_of(error: &io::Error) -> ErrorKind {
        match error.get_ref() {
            Some(cause) if cause.is::<Self>() => match error.kind() {
                io::ErrorKind::UnexpectedEof => ErrorKind::Truncated,
                _ => ErrorKind::Corrupt,
            },
            _ => ErrorKind::Read,
        }
    }
}

impl fmt::Display for Undecodable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl StdError for Undecodable {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source()
    }
}
