use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::{FusedStream, Stream};

use crate::source::Source;
use crate::unfold::awaited::Awaited;

/// Makes a stream of a state and an async function that gives an item and the next state, or fails.
///
/// It is [`stream::unfold`](crate::stream::unfold), with `?`: an error is given once, and ends it.
/// The state is still that of the last item given then, so [`resume_at`](Source::resume_at) tries
/// again.
///
/// # Errors
///
/// Those of the function.
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
/// An API that gives page after page, and where to go on, and once is not there:
///
/// ```
/// use futures::{StreamExt, executor::block_on};
/// use headwater::{Source, stream};
/// use std::cell::Cell;
///
/// let is_down = Cell::new(false);
/// let fetch = async |page: u32| if is_down.get() { Err("503") } else { Ok((page, page + 1)) };
///
/// let mut pages = stream::try_unfold(0, |page| async move {
///     Ok::<_, &str>(if page < 3 { Some(fetch(page).await?) } else { None })
/// });
/// block_on(async {
///     assert_eq!(pages.next().await, Some(Ok(0)));
///     is_down.set(true);
///     assert_eq!(pages.next().await, Some(Err("503")));
///     assert_eq!(pages.next().await, None);
///
///     is_down.set(false);
///     pages.resume_at(pages.position());
///     assert_eq!(pages.collect::<Vec<_>>().await, [Ok(1), Ok(2)]);
/// });
/// ```
pub fn try_unfold<T, S, E, F, Fut>(state: S, next: F) -> TryUnfold<S, F, Fut>
where
    S: Clone,
    F: FnMut(S) -> Fut,
    Fut: Future<Output = Result<Option<(T, S)>, E>>,
{
    TryUnfold { items: Awaited::new(state, next) }
}

/// A stream of what a state and an async function of it give, which may fail.
///
/// This struct is created by [`try_unfold`]. See its documentation for more.
#[must_use = "streams do nothing unless polled"]
pub struct TryUnfold<S, F, Fut> {
    items: Awaited<S, F, Fut>,
}

impl<S: fmt::Debug, F, Fut> fmt::Debug for TryUnfold<S, F, Fut> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TryUnfold")
            .field("state", &self.items.state)
            .field("is_over", &self.items.is_over)
            .finish_non_exhaustive()
    }
}

impl<T, S, E, F, Fut> Stream for TryUnfold<S, F, Fut>
where
    S: Clone,
    F: FnMut(S) -> Fut,
    Fut: Future<Output = Result<Option<(T, S)>, E>>,
{
    type Item = Result<T, E>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<T, E>>> {
        if self.items.is_over {
            return Poll::Ready(None);
        }
        let unfolded = ready!(self.items.poll(cx));
        if let Ok(Some((item, state))) = unfolded {
            self.items.state = state;
            return Poll::Ready(Some(Ok(item)));
        }
        self.items.is_over = true;
        Poll::Ready(unfolded.err().map(Err))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, self.items.is_over.then_some(0))
    }
}

impl<T, S, E, F, Fut> FusedStream for TryUnfold<S, F, Fut>
where
    S: Clone,
    F: FnMut(S) -> Fut,
    Fut: Future<Output = Result<Option<(T, S)>, E>>,
{
    fn is_terminated(&self) -> bool {
        self.items.is_over
    }
}

impl<S: Clone, F, Fut> Source for TryUnfold<S, F, Fut> {
    type Position = S;

    fn position(&self) -> S {
        self.items.state.clone()
    }

    fn resume_at(&mut self, at: S) {
        self.items.resume_at(at);
    }
}
