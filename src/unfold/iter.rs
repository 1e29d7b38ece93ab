use std::fmt;
use std::iter::FusedIterator;

use crate::source::Source;

/// Makes an iterator of a state and a function that gives an item and the next state.
///
/// It ends when the function gives `None`. The state is its position, as a [`Source`]: note it, and
/// go on from it later, in another process if the state can be written down. A function that only reads the state
/// can't spoil it: where it panics or ends, the position is still that of the last item given.
///
/// # Examples
///
/// ```
/// use headwater::{Source, unfold};
///
/// let mut fibonacci = unfold((0_u64, 1), |&(a, b)| Some((a, (b, a + b))));
/// assert!(fibonacci.by_ref().take(8).eq([0, 1, 1, 2, 3, 5, 8, 13]));
///
/// let noted = fibonacci.position();
/// assert_eq!(noted, (21, 34));
/// assert!(unfold(noted, |&(a, b)| Some((a, (b, a + b)))).take(2).eq([21, 34]));
/// ```
pub fn unfold<T, S, F>(state: S, next: F) -> Unfold<S, F>
where
    F: FnMut(&S) -> Option<(T, S)>,
{
    Unfold { state, next, is_over: false }
}

/// An iterator of what a state and a function of it give.
///
/// This struct is created by [`unfold`]. See its documentation for more.
#[derive(Clone)]
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Unfold<S, F> {
    /// The state that the next item is made of.
    state: S,
    next: F,
    /// Whether the function gave `None`.
    is_over: bool,
}

impl<S: fmt::Debug, F> fmt::Debug for Unfold<S, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unfold")
            .field("state", &self.state)
            .field("is_over", &self.is_over)
            .finish_non_exhaustive()
    }
}

impl<T, S, F: FnMut(&S) -> Option<(T, S)>> Iterator for Unfold<S, F> {
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        if self.is_over {
            return None;
        }
        let Some((item, state)) = (self.next)(&self.state) else {
            self.is_over = true;
            return None;
        };
        self.state = state;
        Some(item)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, self.is_over.then_some(0))
    }
}

impl<T, S, F: FnMut(&S) -> Option<(T, S)>> FusedIterator for Unfold<S, F> {}

impl<S: Clone, F> Source for Unfold<S, F> {
    type Position = S;

    fn position(&self) -> S {
        self.state.clone()
    }

    fn resume_at(&mut self, at: S) {
        self.state = at;
        self.is_over = false;
    }
}
