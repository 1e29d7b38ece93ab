use std::sync::Arc;

/// Which bytes of a remote file are wanted: from which on, and of which version of it.
///
/// [`remote`](crate::stream::lines::remote) hands it to the closure that asks for them.
///
/// # Examples
///
/// ```
/// use futures::{StreamExt, executor::block_on, stream};
/// use headwater::stream::lines::{self, Body};
///
/// let log = lines::remote(async |wanted| {
///     assert!(wanted.headers().any(|(name, value)| (name, &*value) == ("range", "bytes=4-")));
///     Ok::<_, String>(Body::new(stream::iter([Ok::<_, String>("two\n")])).starting_at(wanted.offset()))
/// });
/// assert_eq!(block_on(log.from(4).next()).unwrap()?, "two");
/// # Ok::<(), headwater::Error>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Wanted {
    offset: u64,
    validator: Option<Arc<str>>,
}

impl Wanted {
    pub(super) fn new(offset: u64, validator: Option<Arc<str>>) -> Self {
        Self { offset, validator }
    }

    /// Returns the first byte that is wanted.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Returns the version that it should be of: the `ETag` or `Last-Modified` that the last
    /// [`Body`](crate::stream::lines::Body) had.
    #[must_use]
    pub fn validator(&self) -> Option<&str> {
        self.validator.as_deref()
    }

    /// Returns the headers that ask an HTTP server for them (RFC 9110, sections 13 and 14).
    ///
    /// - `accept-encoding: identity`, since a range is one of the bytes that are sent;
    /// - `range`, unless all is wanted;
    /// - `if-range`, with an `ETag` that is not weak: no other validator may be used so without a
    ///   clock, and is compared with that of the reply instead.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, String)> + use<> {
        let range = (self.offset > 0).then(|| ("range", format!("bytes={}-", self.offset)));
        let condition = self.validator.as_deref().filter(|_| self.is_conditional());
        let condition = condition.map(|validator| ("if-range", validator.to_owned()));
        [Some(("accept-encoding", "identity".to_owned())), range, condition].into_iter().flatten()
    }

    /// Tells whether it asks for a part of that version alone.
    pub(super) fn is_conditional(&self) -> bool {
        self.offset > 0 && self.validator.as_deref().is_some_and(|tag| tag.starts_with('"'))
    }
}
