use std::cmp::Ordering;
use std::io;
use std::sync::Arc;

use crate::lines::stream::wanted::Wanted;

/// What is known of the bytes of a body, before it is held against what was wanted.
#[derive(Clone, Debug)]
pub(super) enum Reply {
    Bytes(Start),
    /// Nothing follows the byte from which on it was wanted.
    Unsatisfied {
        /// The length, where it is told.
        len: Option<u64>,
        validator: Option<Arc<str>>,
    },
    /// What was said of the bytes can't be understood.
    Unclear(&'static str),
    /// An HTTP status that means that there are none.
    Refused(u16),
}

/// Where bytes begin and end, and of what.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Start {
    pub(super) offset: u64,
    /// Behind the last of them, where that is told.
    pub(super) end: Option<u64>,
    /// How long the whole is.
    pub(super) len: Option<u64>,
    pub(super) validator: Option<Arc<str>>,
    /// Whether they are a part of the whole, as they were asked for.
    pub(super) is_part: bool,
    /// Whether they are encoded for the way.
    pub(super) is_encoded: bool,
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
    /// There is nothing from there on, and nothing says whether that is the end.
    Nothing,
    Failed(io::Error),
}

impl Verdict {
    fn refused(why: impl Into<String>) -> Self {
        Self::Failed(io::Error::other(why.into()))
    }
}

impl Reply {
    pub(super) fn http<'h>(status: u16, header: impl Fn(&str) -> Option<&'h str>) -> Self {
        let validator = header("etag").or_else(|| header("last-modified")).map(Arc::from);
        let is_encoded = header("content-encoding")
            .is_some_and(|coding| !coding.trim().eq_ignore_ascii_case("identity"));
        let range = header("content-range").and_then(Range::parse);
        match (status, range) {
            (200, _) => {
                let len = header("content-length").and_then(|len| len.trim().parse().ok());
                let end = len;
                // What is encoded is longer or shorter on the way than what it is of.
                let len = len.filter(|_| !is_encoded);
                Self::Bytes(Start { end, len, validator, is_encoded, ..Start::default() })
            }
            (206, Some(Range { bytes: Some((offset, end)), len })) if !is_encoded => {
                let (end, is_part) = (Some(end), true);
                Self::Bytes(Start { offset, end, len, validator, is_part, is_encoded })
            }
            (206, Some(Range { bytes: Some(_), .. })) => {
                Self::Unclear("the server sent a part of what is encoded")
            }
            (206, _) => Self::Unclear("the server's content-range can't be understood"),
            (416, range) => Self::Unsatisfied { len: range.and_then(|range| range.len), validator },
            (status, _) => Self::Refused(status),
        }
    }

    /// Holds what is known against what was wanted.
    pub(super) fn judge(self, wanted: &Wanted) -> Verdict {
        match self {
            Self::Bytes(start) => start.judge(wanted),
            Self::Unclear(why) => Verdict::refused(why),
            Self::Unsatisfied { validator: Some(validator), .. }
                if wanted.validator().is_some_and(|wanted| *wanted != *validator) =>
            {
                Verdict::Changed
            }
            Self::Unsatisfied { len: Some(len), .. } if wanted.offset() > 0 => {
                match len.cmp(&wanted.offset()) {
                    Ordering::Less => Verdict::Shrunk(len),
                    Ordering::Equal => Verdict::End,
                    Ordering::Greater => Verdict::refused("the server refuses a range that it has"),
                }
            }
            Self::Unsatisfied { .. } => Verdict::Nothing,
            Self::Refused(status) => {
                let refused = format!("the server answered with status {status}");
                Verdict::Failed(io::Error::new(kind_of(status), refused))
            }
        }
    }
}

impl Start {
    fn judge(mut self, wanted: &Wanted) -> Verdict {
        // A part that was asked for on the condition that it is the same is the same (RFC 9110,
        // section 15.3.7). Of all else whose version was told, but is not now, nobody knows.
        if self.is_part && self.validator.is_none() && wanted.is_conditional() {
            self.validator = wanted.validator().map(Arc::from);
        }
        if wanted.validator().is_some() && self.validator.as_deref() != wanted.validator() {
            return Verdict::Changed;
        }
        if let Some(len) = self.len.filter(|&len| len < wanted.offset()) {
            return Verdict::Shrunk(len);
        }
        if self.offset > wanted.offset() {
            return Verdict::refused(format!("the server's bytes begin at byte {}", self.offset));
        }
        Verdict::Read(self)
    }
}

/// What `content-range` says: `bytes 4-7/8`, `bytes 4-7/*`, `bytes */8`.
struct Range {
    /// The first byte, and that behind the last.
    bytes: Option<(u64, u64)>,
    /// The length of the whole.
    len: Option<u64>,
}

impl Range {
    fn parse(value: &str) -> Option<Self> {
        let (unit, rest) = value.trim().split_once(' ')?;
        if !unit.eq_ignore_ascii_case("bytes") {
            return None;
        }
        let (range, len) = rest.trim().split_once('/')?;
        let len = if len == "*" { None } else { Some(len.parse().ok()?) };
        if range == "*" {
            return Some(Self { bytes: None, len });
        }
        let (first, last) = range.split_once('-')?;
        let (first, end) = (first.parse().ok()?, last.parse::<u64>().ok()?.checked_add(1)?);
        let is_right = first < end && len.is_none_or(|len| end <= len);
        is_right.then_some(Self { bytes: Some((first, end)), len })
    }
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
