use std::error::Error;
use std::fmt;
use std::io;
use std::iter;

/// The errors of a body and of the releases after it, in the order in which they came.
///
/// There is at least one. Its text is that of the first, then those of the others. It has no
/// `source()`; each of its [`errors`](Unwound::errors) may have one.
///
/// With `?` it becomes a `Box<dyn Error>`, an `anyhow::Error` or, if its errors are
/// [`io::Error`]s, one of these.
///
/// # Examples
///
/// ```
/// use headwater::Stack;
///
/// let result = Stack::scope(|stack| {
///     stack.defer(|_| Err("the pipe is gone"));
///     Err::<(), _>("the source ran dry")
/// });
/// let error = result.unwrap_err();
/// assert_eq!(error.to_string(), "the source ran dry; then, on release: the pipe is gone");
/// assert_eq!(error.into_first(), "the source ran dry");
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Unwound<E> {
    first: E,
    later: Vec<E>,
}

impl<E> Unwound<E> {
    pub(super) fn new(first: E, later: Vec<E>) -> Self {
        Self { first, later }
    }

    /// Tells whether any came.
    pub(super) fn of(errors: Vec<E>) -> Result<(), Self> {
        let mut errors = errors.into_iter();
        errors.next().map_or(Ok(()), |first| Err(Self::new(first, errors.collect())))
    }

    /// Returns the first error: the body's, if it failed.
    ///
    /// # Examples
    ///
    /// ```
    /// let result = headwater::Stack::scope(|_| Err::<(), _>("dry"));
    /// assert_eq!(result.unwrap_err().first(), &"dry");
    /// ```
    pub fn first(&self) -> &E {
        &self.first
    }

    /// Returns the first error, and lets go of the others.
    ///
    /// # Examples
    ///
    /// ```
    /// let result = headwater::Stack::scope(|_| Err::<(), _>("dry"));
    /// assert_eq!(result.map_err(headwater::scope::Unwound::into_first), Err("dry"));
    /// ```
    pub fn into_first(self) -> E {
        self.first
    }

    /// Returns all errors, the first one first.
    ///
    /// # Examples
    ///
    /// ```
    /// let mut stack = headwater::Stack::new();
    /// stack.defer(|_| Err("outer"));
    /// stack.defer(|_| Err("inner"));
    /// assert!(stack.close().unwrap_err().errors().eq(&["inner", "outer"]));
    /// ```
    pub fn errors(&self) -> impl Iterator<Item = &E> {
        iter::once(&self.first).chain(&self.later)
    }

    /// Returns all errors, the first one first, by value.
    ///
    /// # Examples
    ///
    /// ```
    /// let mut stack = headwater::Stack::new();
    /// stack.defer(|_| Err("outer".to_owned()));
    /// stack.defer(|_| Err("inner".to_owned()));
    /// let errors: Vec<String> = stack.close().unwrap_err().into_errors().collect();
    /// assert_eq!(errors, ["inner", "outer"]);
    /// ```
    pub fn into_errors(self) -> impl Iterator<Item = E> {
        iter::once(self.first).chain(self.later)
    }
}

impl<E: fmt::Display> fmt::Display for Unwound<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.first.fmt(f)?;
        self.later.iter().try_for_each(|error| {
            f.write_str("; then, on release: ")?;
            error.fmt(f)
        })
    }
}

impl<E: fmt::Debug + fmt::Display> Error for Unwound<E> {}

/// With the text of all, and the kind and the source of the first. If there is no other, it is the
/// first itself.
impl From<Unwound<io::Error>> for io::Error {
    fn from(unwound: Unwound<io::Error>) -> Self {
        if unwound.later.is_empty() {
            return unwound.first;
        }
        Self::new(unwound.first.kind(), Several(unwound))
    }
}

/// Several errors as the cause of one. It has a source, since it knows their type.
#[derive(Debug)]
struct Several(Unwound<io::Error>);

impl fmt::Display for Several {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for Several {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.first.source()
    }
}
