use std::fmt;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use futures_core::{FusedStream, Stream};

use crate::generate::body::{Body, Pulled};
use crate::generate::try_emitter::TryEmitter;

/// Makes a stream of an async block that emits its items, may await anything and may fail.
///
/// It is [`stream::generate`](crate::stream::generate), and its items are `Result`s: an error that
/// the block returns, as `?` does, is the last; one that it [emits](TryEmitter::emit_err) is not.
///
/// # Errors
///
/// Those of the body.
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
/// A `next` that is dropped before it is ready loses nothing.
///
/// # Examples
///
/// ```
/// use futures::{TryStreamExt, executor::block_on};
///
/// async fn fetch(page: u32) -> Result<Option<Vec<u32>>, String> {
///     Ok((page < 3).then(|| vec![10 * page, 10 * page + 1]))
/// }
///
/// let items = headwater::stream::try_generate(|out| async move {
///     let mut page = 0;
///     while let Some(items) = fetch(page).await? {
///         out.emit_all(items).await;
///         page += 1;
///     }
///     Ok::<_, String>(())
/// });
/// let items: Vec<u32> = block_on(items.try_collect())?;
/// assert_eq!(items, [0, 1, 10, 11, 20, 21]);
/// # Ok::<(), String>(())
/// ```
pub fn try_generate<T, E, F, Fut>(body: F) -> TryGenerate<T, E, F, Fut>
where
    F: FnOnce(TryEmitter<T, E>) -> Fut,
    Fut: Future<Output = Result<(), E>>,
{
    TryGenerate { body: Body::Unstarted(body) }
}

/// A stream of what an async block emits, which may fail.
///
/// This struct is created by [`try_generate`]. See its documentation for more.
#[must_use = "streams do nothing unless polled"]
pub struct TryGenerate<T, E, F, Fut: Future> {
    body: Body<Result<T, E>, (), F, Fut>,
}

impl<T, E, F, Fut: Future> fmt::Debug for TryGenerate<T, E, F, Fut> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TryGenerate").field("is_over", &self.body.is_over()).finish_non_exhaustive()
    }
}

impl<T, E, F, Fut> Stream for TryGenerate<T, E, F, Fut>
where
    F: FnOnce(TryEmitter<T, E>) -> Fut,
    Fut: Future<Output = Result<(), E>>,
{
    type Item = Result<T, E>;

    #[inline]
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<T, E>>> {
        match self.body.pull(cx, |body, giver| body(TryEmitter::new(giver))) {
            Ok(result) => Poll::Ready(Some(result)),
            Err(rest) => match self.body.settle(rest) {
                Pulled::Item(result) => Poll::Ready(Some(result)),
                Pulled::Waits => Poll::Pending,
                Pulled::Ended(output) => Poll::Ready(output.err().map(Err)),
                Pulled::Over => Poll::Ready(None),
            },
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, self.body.is_over().then_some(0))
    }
}

impl<T, E, F, Fut> FusedStream for TryGenerate<T, E, F, Fut>
where
    F: FnOnce(TryEmitter<T, E>) -> Fut,
    Fut: Future<Output = Result<(), E>>,
{
    fn is_terminated(&self) -> bool {
        self.body.is_over()
    }
}

impl<T, E> TryEmitter<T, E> {
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
    /// let numbers = headwater::stream::try_generate(|out| async move {
    ///     out.emit_stream(stream::iter(0..2)).await;
    ///     Err("dry")
    /// });
    /// assert_eq!(block_on(numbers.collect::<Vec<_>>()), [Ok(0), Ok(1), Err("dry")]);
    /// ```
    pub async fn emit_stream(&self, items: impl Stream<Item = T>) {
        let mut items = pin!(items);
        while let Some(item) = poll_fn(|cx| items.as_mut().poll_next(cx)).await {
            self.emit(item).await;
        }
    }

    /// Gives all items and errors of a stream as they are, one a pull. No error is the end.
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
    /// let numbers = headwater::stream::try_generate(|out| async move {
    ///     out.emit_result_stream(stream::iter([Ok(0), Err("a rapid"), Ok(1)])).await;
    ///     Err("dry")
    /// });
    /// let expected = [Ok(0), Err("a rapid"), Ok(1), Err("dry")];
    /// assert_eq!(block_on(numbers.collect::<Vec<_>>()), expected);
    /// ```
    pub async fn emit_result_stream(&self, results: impl Stream<Item = Result<T, E>>) {
        self.results.emit_stream(results).await;
    }

    /// Gives all items of a stream that may fail, up to its first error, which is returned: `?`
    /// makes it the generator's.
    ///
    /// # Errors
    ///
    /// The first error of the stream, which is dropped then.
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
    /// let numbers = headwater::stream::try_generate(|out| async move {
    ///     out.try_emit_stream(stream::iter([Ok(0), Err("dry"), Ok(2)])).await?;
    ///     Ok(())
    /// });
    /// assert_eq!(block_on(numbers.collect::<Vec<_>>()), [Ok(0), Err("dry")]);
    /// ```
    pub async fn try_emit_stream<X>(
        &self,
        results: impl Stream<Item = Result<T, X>>,
    ) -> Result<(), X> {
        let mut results = pin!(results);
        while let Some(result) = poll_fn(|cx| results.as_mut().poll_next(cx)).await {
            self.emit(result?).await;
        }
        Ok(())
    }
}
