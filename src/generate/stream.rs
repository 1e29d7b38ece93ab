use std::fmt;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use futures_core::{FusedStream, Stream};

use crate::generate::body::{Body, Pulled};
use crate::generate::emitter::Emitter;

/// Makes a stream of an async block that emits its items, and that may await anything.
///
/// It is [`generate`](crate::generate()), as a [`Stream`]: the same emitter, the same laziness, and
/// the body runs in the polls of the stream, on any executor. The stream is `Unpin`, and `Send` if
/// what is in the block is.
///
/// # Panics
///
/// A poll panics where the body does.
///
/// # Resources
///
/// Two allocations, at the first poll: the body with what it holds, and a slot for one item.
///
/// # Cancel safety
///
/// A `next` that is dropped before it is ready loses nothing: the body stands where it stood. A
/// stream that is dropped drops what the body holds; what has to be awaited then belongs into a
/// [`stream::resource`](crate::stream::resource).
///
/// # Examples
///
/// ```
/// use futures::{StreamExt, executor::block_on, future::ready};
///
/// let squares = headwater::stream::generate(|out| async move {
///     for n in 1..=3 {
///         out.emit(ready(n * n).await).await;
///     }
/// });
/// assert_eq!(block_on(squares.collect::<Vec<_>>()), [1, 4, 9]);
/// ```
pub fn generate<T, F, Fut>(body: F) -> Generate<T, F, Fut>
where
    F: FnOnce(Emitter<T>) -> Fut,
    Fut: Future<Output = ()>,
{
    Generate { body: Body::Unstarted(body) }
}

/// A stream of what an async block emits.
///
/// This struct is created by [`generate`]. See its documentation for more.
#[must_use = "streams do nothing unless polled"]
pub struct Generate<T, F, Fut: Future> {
    body: Body<T, (), F, Fut>,
}

impl<T, F, Fut: Future> fmt::Debug for Generate<T, F, Fut> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Generate").field("is_over", &self.body.is_over()).finish_non_exhaustive()
    }
}

impl<T, F, Fut> Stream for Generate<T, F, Fut>
where
    F: FnOnce(Emitter<T>) -> Fut,
    Fut: Future<Output = ()>,
{
    type Item = T;

    #[inline]
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        match self.body.pull(cx, |body, giver| body(Emitter::new(giver))) {
            Ok(item) => Poll::Ready(Some(item)),
            Err(rest) => match self.body.settle(rest) {
                Pulled::Item(item) => Poll::Ready(Some(item)),
                Pulled::Waits => Poll::Pending,
                Pulled::Ended(()) | Pulled::Over => Poll::Ready(None),
            },
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, self.body.is_over().then_some(0))
    }
}

impl<T, F, Fut> FusedStream for Generate<T, F, Fut>
where
    F: FnOnce(Emitter<T>) -> Fut,
    Fut: Future<Output = ()>,
{
    fn is_terminated(&self) -> bool {
        self.body.is_over()
    }
}

impl<T> Emitter<T> {
    /// Gives all items of a stream, one a pull: Python's `yield from`, for `async for`.
    ///
    /// # Panics
    ///
    /// When it is polled outside of the generator's body, and in the body of an iterator, if the
    /// stream is not ready.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures::{StreamExt, executor::block_on, stream};
    ///
    /// let twice = headwater::stream::generate(|out| async move {
    ///     out.emit_stream(stream::iter(1..=3)).await;
    ///     out.emit_stream(stream::iter(1..=3)).await;
    /// });
    /// assert_eq!(block_on(twice.collect::<Vec<_>>()), [1, 2, 3, 1, 2, 3]);
    /// ```
    pub async fn emit_stream(&self, items: impl Stream<Item = T>) {
        let mut items = pin!(items);
        while let Some(item) = poll_fn(|cx| items.as_mut().poll_next(cx)).await {
            self.emit(item).await;
        }
    }
}
