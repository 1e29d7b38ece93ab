use std::fmt;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::{FusedStream, Stream};
use pin_project_lite::pin_project;

/// Ties the life of a value to a stream: both are dropped when the stream ends.
///
/// That is in the poll that gives `None`, or that panics, not only when the whole is dropped; first
/// the stream, then the value that it may need. From then on it gives `None`. A value whose end has
/// to be awaited, or that has to know whether the stream came to its end, belongs into a
/// [`resource`](crate::stream::resource).
///
/// # Panics
///
/// A poll panics where the stream does, once both are dropped.
///
/// # Resources
///
/// Both, until the end. No allocation.
///
/// # Cancel safety
///
/// A `next` that is dropped before it is ready loses nothing that the stream does not.
///
/// # Examples
///
/// ```
/// use futures::{StreamExt, executor::block_on, stream};
/// use std::rc::Rc;
///
/// let value = Rc::new(());
/// let mut numbers = headwater::stream::guard(stream::iter(0..2), Rc::clone(&value));
/// block_on(async {
///     assert_eq!(numbers.next().await, Some(0));
///     assert_eq!(numbers.next().await, Some(1));
///     assert_eq!(Rc::strong_count(&value), 2);
///     assert_eq!(numbers.next().await, None);
///     assert_eq!(Rc::strong_count(&value), 1);
/// });
/// ```
pub fn guard<S: Stream, V>(stream: S, value: V) -> Guard<S, V> {
    Guard { held: Some(Held { stream, value }) }
}

pin_project! {
    /// A stream and a value that lives as long.
    ///
    /// This struct is created by [`guard`]. See its documentation for more.
    #[must_use = "streams do nothing unless polled"]
    pub struct Guard<S, V> {
        // Until the stream ends or panics.
        #[pin]
        held: Option<Held<S, V>>,
    }
}

pin_project! {
    // Dropped from the top down.
    struct Held<S, V> {
        #[pin]
        stream: S,
        value: V,
    }
}

/// Lets go of both when it is dropped: at an end and a panic alike. To keep them, forget this.
struct End<'a, S, V>(Pin<&'a mut Option<Held<S, V>>>);

impl<S, V> Drop for End<'_, S, V> {
    fn drop(&mut self) {
        self.0.set(None);
    }
}

impl<S, V> Guard<S, V> {
    /// Returns the value, until the stream ends.
    ///
    /// # Examples
    ///
    /// ```
    /// let numbers = headwater::stream::guard(futures::stream::iter(0..2), "value");
    /// assert_eq!(numbers.value(), Some(&"value"));
    /// ```
    pub fn value(&self) -> Option<&V> {
        self.held.as_ref().map(|held| &held.value)
    }
}

impl<S, V> fmt::Debug for Guard<S, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard").field("is_over", &self.held.is_none()).finish_non_exhaustive()
    }
}

impl<S: Stream, V> Stream for Guard<S, V> {
    type Item = S::Item;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        let mut end = End(self.project().held);
        let Some(held) = end.0.as_mut().as_pin_mut() else {
            return Poll::Ready(None);
        };
        let polled = held.project().stream.poll_next(cx);
        if !matches!(polled, Poll::Ready(None)) {
            mem::forget(end);
        }
        polled
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.held.as_ref().map_or((0, Some(0)), |held| held.stream.size_hint())
    }
}

impl<S: Stream, V> FusedStream for Guard<S, V> {
    fn is_terminated(&self) -> bool {
        self.held.is_none()
    }
}
