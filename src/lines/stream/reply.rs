use std::io;
use std::sync::Arc;

use crate::error::ErrorKind;
use crate::lines::stream::wanted::Wanted;

/// What is known of the bytes of a body, before it is held against what was wanted.
#[derive(Clone, Debug)]
pub(super) enum Reply {
    Bytes(Start),
    /// Nothing follows the byte from which on it was wanted; the length, where it is told.
    Unsatisfied(Option<u64>),
    /// What was said of the bytes can't be understood.
    Unclear(&'static str),
    /// An HTTP status that means that there are none.
    Refused(u16),
}

/// Where bytes begin, and of what.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Start {
    pub(super) offset: u64,
    pub(super) validator: Option<Arc<str>>,
    /// How long the whole is.
    pub(super) len: Option<u64>,
}

/// What follows from a reply.
#[derive(Debug)]
pub(super) enum Verdict {
    /// The bytes are those of `Start`, of which those before the ones that are wanted are passed over.
    Read(Start),
    End,
    /// They are of another version.
    Changed,
    /// The whole ends there, before the first byte that is wanted.
    Shrunk(u64),
    Failed(ErrorKind, io::Error),
}

impl Reply {
    pub(super) fn http<'h>(status: u16, header: impl Fn(&str) -> Option<&'h str>) -> Self {
        let validator = header("etag").or_else(|| header("last-modified")).map(Arc::from);
        match status {
            200 => {
                // What is encoded is longer or shorter on the way than what it is of.
                let is_encoded =
                    header("content-encoding").is_some_and(|coding| coding != "identity");
                let len = header("content-length").filter(|_| !is_encoded);
                let len = len.and_then(|len| len.trim().parse().ok());
                Self::Bytes(Start { offset: 0, validator, len })
            }
            206 => match header("content-range").and_then(content_range) {
                Some((Some(offset), len)) => Self::Bytes(Start { offset, validator, len }),
                _ => Self::Unclear("the server's content-range can't be understood"),
            },
            416 => Self::Unsatisfied(
                header("content-range").and_then(content_range).and_then(|(_, len)| len),
            ),
            status => Self::Refused(status),
        }
    }

    /// Holds what is known against what was wanted.
    pub(super) fn judge(self, wanted: &Wanted) -> Verdict {
        let start = match self {
            Self::Bytes(start) => start,
            Self::Unsatisfied(Some(len)) if len < wanted.offset() => return Verdict::Shrunk(len),
            Self::Unsatisfied(Some(len)) if len > wanted.offset() => {
                return Verdict::Failed(
                    ErrorKind::Open,
                    io::Error::other("the server refuses a range that it has"),
                );
            }
            Self::Unsatisfied(_) => return Verdict::End,
            Self::Unclear(why) => {
                return Verdict::Failed(ErrorKind::Open, io::Error::other(why));
            }
            Self::Refused(status) => {
                let refused = format!("the server answered with status {status}");
                return Verdict::Failed(ErrorKind::Open, io::Error::new(kind_of(status), refused));
            }
        };
        // Of one whose version is not told now, but was, nobody knows whether it is the same.
        if wanted.validator().is_some() && start.validator.as_deref() != wanted.validator() {
            return Verdict::Changed;
        }
        if start.len.is_some_and(|len| len < wanted.offset()) {
            return Verdict::Shrunk(start.len.unwrap_or_default());
        }
        if start.offset > wanted.offset() {
            let beyond = format!("the server's bytes begin at byte {}", start.offset);
            return Verdict::Failed(ErrorKind::Open, io::Error::other(beyond));
        }
        Verdict::Read(start)
    }
}

/// Reads `bytes 4-7/8`, `bytes 4-7/*` and `bytes */8`: the first byte, and the length of the whole.
fn content_range(value: &str) -> Option<(Option<u64>, Option<u64>)> {
    let (unit, rest) = value.trim().split_once(' ')?;
    if !unit.eq_ignore_ascii_case("bytes") {
        return None;
    }
    let (range, len) = rest.trim().split_once('/')?;
    let len = if len == "*" { None } else { Some(len.parse().ok()?) };
    if range == "*" {
        return Some((None, len));
    }
    let (first, last) = range.split_once('-')?;
    let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
    (first <= last).then_some((Some(first), len))
}

/// What a status is called among the errors of input: those that may be gone soon are transient.
fn kind_of(status: u16) -> io::ErrorKind {
    match status {
        401 | 403 | 407 => io::ErrorKind::PermissionDenied,
        404 | 410 => io::ErrorKind::NotFound,
        408 | 504 => io::ErrorKind::TimedOut,
        425 | 429 | 500 | 502 | 503 => io::ErrorKind::ResourceBusy,
        _ => io::ErrorKind::Other,
    }
}
