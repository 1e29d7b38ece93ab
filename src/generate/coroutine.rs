use std::fmt;
use std::future::poll_fn;
use std::task::{Context, Poll};

use crate::generate::body::{Body, Pulled};
use crate::generate::emitter::outside;
use crate::generate::iter::asleep;
use crate::generate::replies::{Replies, Ticket};
use crate::generate::slot::{ASLEEP, Giver};

/// Makes a generator that is sent a value with each pull: Python's `send`.
///
/// The first value is the body's second argument; each later one is a reply to the item that was
/// given last, and what its emit returns. So there is nothing to be primed, as there is in Python.
///
/// Where several emits wait at once, each gets the reply to its own item, however late it is polled.
/// A value is dropped if the emit is gone that it would be a reply to.
///
/// # Panics
///
/// As [`generate`](crate::generate()).
///
/// # Resources
///
/// Two allocations, at the first pull: the body with what it holds, and a slot for one item and one
/// value. Several emits that wait at once allocate more.
///
/// # Examples
///
/// ```
/// let mut average = headwater::coroutine(|out, mut number: f64| async move {
///     let (mut sum, mut count) = (0.0, 0.0);
///     loop {
///         sum += number;
///         count += 1.0;
///         number = out.emit(sum / count).await;
///     }
/// });
/// assert_eq!(average.send(10.0), Some(10.0));
/// assert_eq!(average.send(20.0), Some(15.0));
/// ```
///
/// A function returns it as a closure, which is a type that can be named:
///
/// ```
/// fn running_maximum() -> impl FnMut(u32) -> Option<u32> {
///     let mut maximum = headwater::coroutine(|out, mut number| async move {
///         let mut most = 0;
///         loop {
///             most = most.max(number);
///             number = out.emit(most).await;
///         }
///     });
///     move |number| maximum.send(number)
/// }
/// let mut maximum = running_maximum();
/// assert_eq!([3, 1, 4].map(|number| maximum(number)), [Some(3), Some(3), Some(4)]);
/// ```
pub fn coroutine<T, R, F, Fut>(body: F) -> Coroutine<T, R, F, Fut>
where
    F: FnOnce(CoroutineEmitter<T, R>, R) -> Fut,
    Fut: Future<Output = ()>,
{
    Coroutine { body: Body::Unstarted(body) }
}

/// A generator that is sent a value with each pull.
///
/// This struct is created by [`coroutine`]. See its documentation for more.
#[must_use = "coroutines are lazy and do nothing unless they are sent something"]
pub struct Coroutine<T, R, F, Fut: Future> {
    body: Body<T, Replies<R>, F, Fut>,
}

impl<T, R, F, Fut> Coroutine<T, R, F, Fut>
where
    F: FnOnce(CoroutineEmitter<T, R>, R) -> Fut,
    Fut: Future<Output = ()>,
{
    /// Sends a value to the body, and returns what it emits next, or `None` from its end on.
    ///
    /// # Panics
    ///
    /// Where the body does, and where it awaits anything but its emitter.
    ///
    /// # Examples
    ///
    /// ```
    /// let mut echo = headwater::coroutine(|out, word: &str| async move {
    ///     let again = out.emit(word.to_uppercase()).await;
    ///     out.emit(again.to_lowercase()).await;
    /// });
    /// assert_eq!(echo.send("Rhine").as_deref(), Some("RHINE"));
    /// assert_eq!(echo.send("Rhone").as_deref(), Some("rhone"));
    /// assert_eq!(echo.send("Po"), None);
    /// ```
    pub fn send(&mut self, value: R) -> Option<T> {
        let unheard = match &mut self.body {
            Body::Unstarted(_) => {
                self.body.start(|body, giver| body(CoroutineEmitter { giver }, value));
                None
            }
            Body::Running(running) | Body::Waking(running) => {
                running.taker.common(|replies| replies.answer(value))
            }
            Body::Ended(()) | Body::Over => Some(value),
        };
        drop(unheard);
        match self.body.resume(&mut Context::from_waker(ASLEEP)) {
            Ok(item) => Some(item),
            Err(rest) => match self.body.settle(rest) {
                Pulled::Item(item) => Some(item),
                Pulled::Ended(()) | Pulled::Over => None,
                Pulled::Waits => asleep(&mut self.body),
            },
        }
    }
}

impl<T, R, F, Fut: Future> fmt::Debug for Coroutine<T, R, F, Fut> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Coroutine").field("is_over", &self.body.is_over()).finish_non_exhaustive()
    }
}

/// Gives items out of the body of a coroutine, and brings what is sent to it.
///
/// The body of [`coroutine`] gets one. What is said of [`Emitter`](crate::generate::Emitter) holds
/// for it.
pub struct CoroutineEmitter<T, R> {
    giver: Giver<T, Replies<R>>,
}

impl<T, R> CoroutineEmitter<T, R> {
    /// Gives one item, and waits for the reply: what is sent with the pull after the one that the
    /// item comes with.
    ///
    /// # Panics
    ///
    /// When it is polled outside of the coroutine's body.
    ///
    /// # Cancel safety
    ///
    /// Once it was polled, the item is given, unless another one had to go first. If the wait is
    /// dropped then, its reply is dropped, too.
    ///
    /// # Examples
    ///
    /// ```
    /// let mut countdown = headwater::coroutine(|out, from: Option<u32>| async move {
    ///     let mut n = from.unwrap_or(10);
    ///     while n > 0 {
    ///         n = out.emit(n).await.unwrap_or(n - 1);
    ///     }
    /// });
    /// assert_eq!(countdown.send(None), Some(10));
    /// assert_eq!(countdown.send(None), Some(9));
    /// assert_eq!(countdown.send(Some(2)), Some(2));
    /// assert_eq!(countdown.send(None), Some(1));
    /// assert_eq!(countdown.send(None), None);
    /// ```
    pub async fn emit(&self, item: T) -> R {
        let mut item = Some(item);
        poll_fn(|cx| {
            self.giver.give_or_wait(&mut item, cx.waker()).unwrap_or_else(|| outside());
            if item.is_none() { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        let mut reply = Reply::new(&self.giver);
        poll_fn(|cx| reply.poll(cx).unwrap_or_else(|| outside())).await
    }
}

impl<T, R> fmt::Debug for CoroutineEmitter<T, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CoroutineEmitter").finish_non_exhaustive()
    }
}

/// The wait for the reply to an item that was given.
struct Reply<'a, T, R> {
    giver: &'a Giver<T, Replies<R>>,
    /// The number of the item, until its reply is taken.
    ticket: Option<Ticket>,
}

impl<'a, T, R> Reply<'a, T, R> {
    /// Waits for the reply to the item that was given just now.
    fn new(giver: &'a Giver<T, Replies<R>>) -> Self {
        Self { giver, ticket: giver.common(Replies::ask) }
    }

    /// `None` outside of the body.
    fn poll(&mut self, cx: &Context<'_>) -> Option<Poll<R>> {
        let ticket = self.ticket?;
        let Some(reply) = self.giver.common(|replies| replies.take(ticket))? else {
            self.giver.wait(cx.waker())?;
            return Some(Poll::Pending);
        };
        self.ticket = None;
        Some(Poll::Ready(reply))
    }
}

impl<T, R> Drop for Reply<'_, T, R> {
    fn drop(&mut self) {
        let Some(ticket) = self.ticket else { return };
        // Outside of the body its reply, if there is one, is dropped with the coroutine.
        drop(self.giver.common(|replies| replies.withdraw(ticket)));
    }
}
