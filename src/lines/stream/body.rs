use std::fmt;
use std::sync::Arc;

use crate::lines::stream::reply::{Reply, Start};

/// The bytes of a remote file, from some byte on, as they come.
///
/// It is what the closure of [`remote`](crate::stream::lines::remote) gives: chunks, and what is
/// known of them.
///
/// # Examples
///
/// ```
/// use futures::stream;
/// use headwater::stream::lines::Body;
///
/// let object = stream::iter([Ok::<_, std::io::Error>("one\ntwo\n")]);
/// let body = Body::new(object).validator("\"v7\"").total_len(8);
/// assert!(format!("{body:?}").contains("v7"));
/// ```
pub struct Body<S> {
    pub(super) chunks: S,
    pub(super) reply: Reply,
}

impl<S> Body<S> {
    /// Makes one of chunks that begin with the first byte.
    pub fn new(chunks: S) -> Self {
        Self { chunks, reply: Reply::Bytes(Start::default()) }
    }

    /// Makes one of an HTTP response: of its status, of the headers that `header` looks up by their
    /// names in lower case, and of its body.
    ///
    /// What it says is held against what was wanted (RFC 9110):
    /// - 206 must begin where it was wanted to, or before (`content-range`); if it ends before the file
    ///   does, the rest is asked for;
    /// - 200 is all of it, of which the bytes before are passed over, if it is still the same;
    /// - 416 is the end, if it says that the file ends where it was wanted from;
    /// - any other status is an error, and so is a body that is still encoded (`content-encoding`),
    ///   unless it is all of it and [decompressed](crate::stream::lines::Lines::decompressed).
    ///
    /// A weak `ETag` and `Last-Modified` vouch for less than each byte. They are taken for it, as
    /// there is nothing better where they are used.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures::{StreamExt, executor::block_on, stream};
    /// use headwater::stream::lines::{self, Body};
    ///
    /// // A server that knows no ranges.
    /// let get = async |_wanted| {
    ///     let body = stream::iter([Ok::<_, std::io::Error>("one\ntwo\n")]);
    ///     Ok::<_, String>(Body::http(200, |name| (name == "etag").then_some("\"v7\""), body))
    /// };
    /// assert_eq!(block_on(lines::remote(get).from(4).next()).unwrap()?, "two");
    /// # Ok::<(), headwater::Error>(())
    /// ```
    pub fn http<'h>(status: u16, header: impl Fn(&str) -> Option<&'h str>, chunks: S) -> Self {
        Self { chunks, reply: Reply::http(status, header) }
    }

    /// Says with which byte the chunks begin, if not with the first.
    #[must_use]
    pub fn starting_at(mut self, offset: u64) -> Self {
        if let Reply::Bytes(start) = &mut self.reply {
            start.offset = offset;
        }
        self
    }

    /// Says of which version of the file they are: a version, a generation, an `ETag`.
    #[must_use]
    pub fn validator(mut self, version: impl Into<Arc<str>>) -> Self {
        if let Reply::Bytes(start) = &mut self.reply {
            start.validator = Some(version.into());
        }
        self
    }

    /// Says how long the whole file is, in bytes, so that chunks that end early are an error.
    ///
    /// Like the two above, it is for what [`new`](Body::new) made: of HTTP, the headers say it.
    #[must_use]
    pub fn total_len(mut self, bytes: u64) -> Self {
        if let Reply::Bytes(start) = &mut self.reply {
            (start.len, start.end) = (Some(bytes), Some(bytes));
        }
        self
    }
}

impl<S> fmt::Debug for Body<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body").field("reply", &self.reply).finish_non_exhaustive()
    }
}
