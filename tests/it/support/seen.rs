//! An item as a test sees it: everything of it that can be compared.

use bstr::BString;
use headwater::{Error, ErrorKind, Line};

#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Seen {
    Line { text: BString, offset: u64, complete: bool, truncated: bool },
    Error { kind: ErrorKind, offset: Option<u64> },
}

impl Seen {
    /// Looks at an item of a source of lines.
    pub(crate) fn of(item: Result<Line, Error>) -> Self {
        match item {
            Ok(line) => Self::Line {
                offset: line.offset(),
                complete: line.is_complete(),
                truncated: line.is_truncated(),
                text: line.into_owned(),
            },
            Err(error) => Self::Error { kind: error.kind(), offset: error.offset() },
        }
    }

    /// The bytes of a line; none of an error.
    pub(crate) fn text(&self) -> Option<&[u8]> {
        match self {
            Self::Line { text, .. } => Some(text),
            Self::Error { .. } => None,
        }
    }
}
