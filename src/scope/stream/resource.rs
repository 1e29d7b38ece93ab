use std::fmt;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use futures_core::{FusedStream, Stream};

use crate::generate::try_stream::try_generate;
use crate::scope::outcome::Outcome;
use crate::scope::stream::held::Held;
use crate::scope::stream::panics::{caught, contained};
use crate::scope::stream::unreleased::Unreleased;

/// Makes a stream that opens a resource, takes its items from it, and awaits that it is closed.
///
/// It is [`resource`](crate::resource()) with async closures: opened at the first poll, closed when
/// `next` gives `None`, fails or panics, with the [`Outcome`] that says which. To stop before that,
/// await [`close`](Resource::close).
///
/// # Errors
///
/// The error of `open`, after which there is nothing to close; that of `next`; that of `close`,
/// after a last item, or from [`Resource::close`]. If both `next` and `close` fail, the first error,
/// that of `next`, is given.
///
/// # Panics
///
/// If a closure does. After a panic of `next` the close is awaited, then the panic goes on.
///
/// # Resources
///
/// What `open` gives, until `close` has it. Four allocations, for the body, its slot, the close and
/// a flag.
///
/// # Cancel safety
///
/// A `next()` of the stream that is dropped before it is ready loses nothing. A stream that is
/// dropped before its end can't await: `abandoned` is called with the close, which is told
/// [`Outcome::Abandoned`], or goes on where it was: [`Unreleased`] says what it can do with it.
///
/// # In tasks
///
/// The stream is `Send` if what is in it is, and if `next` borrows nothing but the resource: what
/// else it needs is moved into it, with `async move |resource| …`, or kept in the resource.
///
/// # Examples
///
/// ```
/// use futures::{FutureExt, StreamExt, executor::block_on};
/// use headwater::{Outcome, stream};
///
/// let mut rows = stream::resource(
///     async || Ok(1..=2),
///     async |rows| Ok(rows.next()),
///     async |_, outcome| match outcome {
///         Outcome::Finished => Err("the connection broke when it was closed"),
///         Outcome::Failed | Outcome::Abandoned => Ok(()),
///     },
///     |close| drop(close.now_or_never()), // as far as it goes without waiting
/// );
/// block_on(async {
///     assert_eq!(rows.next().await, Some(Ok(1)));
///     assert_eq!(rows.next().await, Some(Ok(2)));
///     assert_eq!(rows.next().await, Some(Err("the connection broke when it was closed")));
///     assert_eq!(rows.next().await, None);
/// });
/// ```
pub fn resource<R, T, E, Fut>(
    open: impl AsyncFnOnce() -> Result<R, E>,
    mut next: impl AsyncFnMut(&mut R) -> Result<Option<T>, E>,
    close: impl FnOnce(R, Outcome) -> Fut,
    abandoned: impl FnOnce(Unreleased<Fut>),
) -> Resource<impl FusedStream<Item = Result<T, E>> + Unpin>
where
    Fut: Future<Output = Result<(), E>>,
{
    let is_closing = Arc::new(AtomicBool::new(false));
    let is_stopped = Arc::clone(&is_closing);
    let items = try_generate(|out| async move {
        let mut held = Held::nothing();
        let Some(opened) = unless(&is_stopped, async { open().await }).await else {
            return Ok(());
        };
        let resource = held.hold(opened?, close, abandoned);
        let last = loop {
            let pulled = unless(&is_stopped, async { next(&mut *resource).await });
            match caught(pulled).await {
                Ok(Some(Ok(Some(item)))) => out.emit(item).await,
                Ok(last) => break last,
                Err(payload) => {
                    contained(held.release(Outcome::Abandoned)).await;
                    payload.resume()
                }
            }
        };
        match last {
            Some(Ok(_)) => held.release(Outcome::Finished).await.unwrap_or(Ok(())),
            None => held.release(Outcome::Abandoned).await.unwrap_or(Ok(())),
            Some(Err(error)) => {
                held.release(Outcome::Failed).await;
                Err(error)
            }
        }
    });
    Resource { items, is_closing }
}

/// Awaits a future, unless it is stopped before.
async fn unless<Fut: Future>(is_stopped: &AtomicBool, future: Fut) -> Option<Fut::Output> {
    let mut future = pin!(future);
    poll_fn(|cx| {
        if is_stopped.load(Ordering::Relaxed) {
            return Poll::Ready(None);
        }
        future.as_mut().poll(cx).map(Some)
    })
    .await
}

/// A stream that opens a resource and closes it.
///
/// This struct is created by [`resource`]. See its documentation for more.
#[must_use = "streams do nothing unless polled"]
pub struct Resource<S> {
    items: S,
    /// What `items` looks at before each of its steps.
    is_closing: Arc<AtomicBool>,
}

impl<T, E, S> Resource<S>
where
    S: Stream<Item = Result<T, E>> + Unpin,
{
    /// Closes the resource before its end, with the outcome [`Outcome::Abandoned`], and waits for
    /// that. What is under way, an `open` or a `next`, is dropped first.
    ///
    /// # Errors
    ///
    /// What `close` returns; if it is under way because `next` failed, the error of `next`. If the
    /// resource was never opened, or is closed, there is nothing to do.
    ///
    /// # Panics
    ///
    /// If `close` does, or if it is under way because `next` did.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped, `abandoned` gets the close as far as it got.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures::{StreamExt, executor::block_on};
    ///
    /// let mut numbers = headwater::stream::resource(
    ///     async || Ok(0..),
    ///     async |numbers| Ok(numbers.next()),
    ///     async |_, _| Err("it was still flowing"),
    ///     drop,
    /// );
    /// block_on(async {
    ///     assert_eq!(numbers.next().await, Some(Ok(0)));
    ///     assert_eq!(numbers.close().await, Err("it was still flowing"));
    /// });
    /// ```
    pub async fn close(mut self) -> Result<(), E> {
        self.is_closing.store(true, Ordering::Relaxed);
        let mut items = Pin::new(&mut self.items);
        while let Some(result) = poll_fn(|cx| items.as_mut().poll_next(cx)).await {
            result?;
        }
        Ok(())
    }
}

impl<S> fmt::Debug for Resource<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resource").finish_non_exhaustive()
    }
}

impl<S: Stream + Unpin> Stream for Resource<S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        Pin::new(&mut self.items).poll_next(cx)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.items.size_hint()
    }
}

impl<S: FusedStream + Unpin> FusedStream for Resource<S> {
    fn is_terminated(&self) -> bool {
        self.items.is_terminated()
    }
}
