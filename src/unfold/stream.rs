use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::{FusedStream, Stream};

use crate::source::Source;
use crate::unfold::awaited::Awaited;

/// Makes a stream of a state and an async function that gives an item and the next state.
///
/// It is [`unfold`](crate::unfold()): it ends when the function gives `None`, and the state is its
/// position, as a [`Source`]. The function gets a copy of it, since it may be called again.
///
/// # Resources
///
/// One allocation, at the first poll: a place for the futures that bring the items, in which one
/// follows the other.
///
/// # Cancel safety
///
/// A `next` of the stream that is dropped before it is ready loses nothing: the future stays where
/// it is. [`resume_at`](Source::resume_at) drops it.
///
/// # Examples
///
/// ```
/// use futures::{StreamExt, executor::block_on, future::ready};
/// use headwater::{Source, stream};
///
/// let mut powers = stream::unfold(1_u32, |n| ready(n.checked_mul(10).map(|next| (n, next))));
/// block_on(async {
///     assert_eq!(powers.by_ref().take(3).collect::<Vec<_>>().await, [1, 10, 100]);
///     assert_eq!(powers.position(), 1_000);
/// });
/// ```
pub fn unfold<T, S, F, Fut>(state: S, next: F) -> Unfold<S, F, Fut>
where
    S: Clone,
    F: FnMut(S) -> Fut,
    Fut: Future<Output = Option<(T, S)>>,
{
    Unfold { items: Awaited::new(state, next) }
}

/// A stream of what a state and an async function of it give.
///
/// This struct is created by [`unfold`]. See its documentation for more.
#[must_use = "streams do nothing unless polled"]
pub struct Unfold<S, F, Fut> {
    items: Awaited<S, F, Fut>,
}

impl<S: fmt::Debug, F, Fut> fmt::Debug for Unfold<S, F, Fut> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unfold")
            .field("state", &self.items.state)
            .field("is_over", &self.items.is_over)
            .finish_non_exhaustive()
    }
}

impl<T, S, F, Fut> Stream for Unfold<S, F, Fut>
where
    S: Clone,
    F: FnMut(S) -> Fut,
    Fut: Future<Output = Option<(T, S)>>,
{
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        if self.items.is_over {
            return Poll::Ready(None);
        }
        let Some((item, state)) = ready!(self.items.poll(cx)) else {
            self.items.is_over = true;
            return Poll::Ready(None);
        };
        self.items.state = state;
        Poll::Ready(Some(item))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, self.items.is_over.then_some(0))
    }
}

impl<T, S, F, Fut> FusedStream for Unfold<S, F, Fut>
where
    S: Clone,
    F: FnMut(S) -> Fut,
    Fut: Future<Output = Option<(T, S)>>,
{
    fn is_terminated(&self) -> bool {
        self.items.is_over
    }
}

impl<S: Clone, F, Fut> Source for Unfold<S, F, Fut> {
    type Position = S;

    fn position(&self) -> S {
        self.items.state.clone()
    }

    fn resume_at(&mut self, at: S) {
        self.items.resume_at(at);
    }
}
