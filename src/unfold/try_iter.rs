use std::fmt;
use std::iter::FusedIterator;

use crate::source::Source;

/// Makes an iterator of a state and a function that gives an item and the next state, or fails.
///
/// It is [`unfold`](crate::unfold), with `?`: an error is given once, and ends it. The state is
/// still that of the last item given then, so [`resume_at`](Source::resume_at) tries again.
///
/// # Errors
///
/// Those of the function.
///
/// # Examples
///
/// The items of a server that gives them page by page, and whose second page fails once:
///
/// ```
/// use headwater::{Source, try_unfold};
///
/// let mut failures = 1;
/// let mut pages = try_unfold(0, |&page| {
///     if page == 1 && failures > 0 {
///         failures -= 1;
///         return Err("503");
///     }
///     Ok((page < 3).then(|| (format!("page {page}"), page + 1)))
/// });
/// assert_eq!(pages.next(), Some(Ok("page 0".to_owned())));
/// assert_eq!(pages.next(), Some(Err("503")));
/// assert_eq!(pages.next(), None);
///
/// pages.resume_at(pages.position());
/// assert!(pages.map(Result::unwrap).eq(["page 1", "page 2"]));
/// ```
pub fn try_unfold<T, S, E, F>(state: S, next: F) -> TryUnfold<S, F>
where
    F: FnMut(&S) -> Result<Option<(T, S)>, E>,
{
    TryUnfold { state, next, is_over: false }
}

/// An iterator of what a state and a function of it give, which may fail.
///
/// This struct is created by [`try_unfold`]. See its documentation for more.
#[derive(Clone)]
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct TryUnfold<S, F> {
    /// The state that the next item is made of.
    state: S,
    next: F,
    /// Whether the function gave `None` or failed.
    is_over: bool,
}

impl<S: fmt::Debug, F> fmt::Debug for TryUnfold<S, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TryUnfold")
            .field("state", &self.state)
            .field("is_over", &self.is_over)
            .finish_non_exhaustive()
    }
}

impl<T, S, E, F: FnMut(&S) -> Result<Option<(T, S)>, E>> Iterator for TryUnfold<S, F> {
    type Item = Result<T, E>;

    #[inline]
    fn next(&mut self) -> Option<Result<T, E>> {
        if self.is_over {
            return None;
        }
        match (self.next)(&self.state) {
            Ok(Some((item, state))) => {
                self.state = state;
                Some(Ok(item))
            }
            Ok(None) => {
                self.is_over = true;
                None
            }
            Err(error) => {
                self.is_over = true;
                Some(Err(error))
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, self.is_over.then_some(0))
    }
}

impl<T, S, E, F: FnMut(&S) -> Result<Option<(T, S)>, E>> FusedIterator for TryUnfold<S, F> {}

impl<S: Clone, F> Source for TryUnfold<S, F> {
    type Position = S;

    fn position(&self) -> S {
        self.state.clone()
    }

    fn resume_at(&mut self, at: S) {
        self.state = at;
        self.is_over = false;
    }
}
