use std::error::Error as StdError;
use std::fmt;

use crate::pages::position::Position;

/// The failure of a source of pages: what failed, and at which position.
///
/// From that position it can be gone on. It is one word wide. Its text is this crate's sentence
/// alone; the error of the fetch, where there is one, is its [`source`](StdError::source).
///
/// # Examples
///
/// ```
/// use headwater::pages::{ErrorKind, Page, pages};
///
/// let mut items = pages(1, |page| match page {
///     1 => Ok(Page::new(["a", "b"]).next(2)),
///     _ => Err("connection reset"),
/// }).items();
/// let error = items.by_ref().find_map(Result::err).unwrap();
/// assert_eq!((error.kind(), error.cause()), (ErrorKind::Fetch, Some(&"connection reset")));
/// assert_eq!(error.to_string(), "page 2, item 0: cannot be fetched");
/// ```
pub struct Error<C, E>(Box<Failure<C, E>>);

struct Failure<C, E> {
    kind: ErrorKind,
    position: Position<C>,
    cause: Option<E>,
}

/// What kind of failure an [`Error`] is.
///
/// # Examples
///
/// ```
/// use headwater::pages::{ErrorKind, Page, pages};
///
/// let mut again = pages(1, |_| Ok::<_, String>(Page::new(["a"]).next(1)));
/// assert!(again.next().unwrap().is_ok());
/// assert_eq!(again.next().unwrap().unwrap_err().kind(), ErrorKind::Repeated);
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A page could not be fetched; the fetch's error is the [`source`](StdError::source).
    Fetch,
    /// The next page is one that was given before.
    Repeated,
    /// The server says that there is a next page, and does not say where.
    NoCursor,
    /// What says where the next page is can't be read: a `Link` header, a URL.
    BadCursor,
    /// The next page is at another origin (scheme, host and port) than the first.
    ForeignOrigin,
    /// Two items share the key that the next page begins after: of those that do, the rest would be lost.
    Tied,
    /// A page that was fetched again has fewer items than were delivered of it.
    Shrunk,
    /// There are more pages than are allowed.
    TooManyPages,
    /// There are more items than are allowed.
    TooManyItems,
    /// There are more bytes than are allowed.
    TooManyBytes,
}

impl<C, E> Error<C, E> {
    pub(super) fn new(kind: ErrorKind, position: Position<C>, cause: Option<E>) -> Self {
        Self(Box::new(Failure { kind, position, cause }))
    }

    /// Returns what kind of failure it is.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::pages::{ErrorKind, Page, pages};
    ///
    /// let mut down = pages(1, |_| Err::<Page<u8, u8>, _>("503"));
    /// assert_eq!(down.next().unwrap().unwrap_err().kind(), ErrorKind::Fetch);
    /// ```
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the position behind the last item delivered, from which it can be gone on.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::{Source, pages::{Page, Position, pages}};
    ///
    /// let feed = |n| if n < 3 { Ok(Page::new(["a"]).next(n + 1)) } else { Err("503") };
    /// let error = pages(1, feed).items().find_map(Result::err).unwrap();
    /// assert_eq!(error.position(), &Position::from(3));
    ///
    /// let mut later = pages(1, |n| Ok::<_, String>(Page::new([n]))).items();
    /// later.resume_at(*error.position());
    /// assert_eq!(later.next().unwrap().ok(), Some(3));
    /// ```
    #[must_use]
    pub fn position(&self) -> &Position<C> {
        &self.0.position
    }

    /// Returns the error of the fetch, if that was what failed.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::pages::{Page, pages};
    ///
    /// let mut down = pages(1, |_| Err::<Page<u8, u8>, _>("503"));
    /// assert_eq!(down.next().unwrap().unwrap_err().cause(), Some(&"503"));
    /// ```
    #[must_use]
    pub fn cause(&self) -> Option<&E> {
        self.0.cause.as_ref()
    }

    /// Returns the error of the fetch, and lets go of the rest.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::pages::{Page, pages};
    ///
    /// let mut down = pages(1, |_| Err::<Page<u8, u8>, _>("503".to_owned()));
    /// assert_eq!(down.next().unwrap().unwrap_err().into_cause().as_deref(), Some("503"));
    /// ```
    #[must_use]
    pub fn into_cause(self) -> Option<E> {
        self.0.cause
    }
}

impl<C: fmt::Debug, E: fmt::Debug> fmt::Debug for Error<C, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("position", &self.0.position)
            .field("cause", &self.0.cause)
            .finish()
    }
}

impl<C: fmt::Debug, E> fmt::Display for Error<C, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.0.position)?;
        f.write_str(match self.0.kind {
            ErrorKind::Fetch => "cannot be fetched",
            ErrorKind::Repeated => "the server leads back to a page that it gave before",
            ErrorKind::NoCursor => "the server says that more follows, and not where",
            ErrorKind::BadCursor => "where the next page is can't be read",
            ErrorKind::ForeignOrigin => "the server leads to another origin",
            ErrorKind::Tied => "its last items have the same key, and what follows can't be told",
            ErrorKind::Shrunk => "the page has fewer items than were delivered of it",
            ErrorKind::TooManyPages => "there are more pages than are allowed",
            ErrorKind::TooManyItems => "there are more items than are allowed",
            ErrorKind::TooManyBytes => "there are more bytes than are allowed",
        })
    }
}

impl<C: fmt::Debug, E: StdError + 'static> StdError for Error<C, E> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.cause().map(|cause| cause as _)
    }
}
