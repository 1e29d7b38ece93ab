use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use crate::retry::attempts::{Attempt, Attempts, Step};
use crate::retry::call::itself;
use crate::retry::failure::Failure;
use crate::retry::gave_up::{GaveUp, Reason};
use crate::retry::policy::{Policy, Retry};
use crate::retry::rejected::Rejected;
use crate::retry::rules::Rules;
use crate::retry::tally::Tally;

/// # Async calls
///
/// They run on any executor. Delays are waited by tokio where it runs (feature `tokio`), by the
/// [`timer`](Retry::timer) that is set, or else by a thread. The futures are `Send` if what is in
/// them is.
impl<R> Retry<R> {
    /// Calls an async function until it succeeds: [`call`](Retry::call), awaited.
    ///
    /// # Errors
    ///
    /// As [`call`](Retry::call).
    ///
    /// # Panics
    ///
    /// If the function or its future does.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped, the attempt that is under way is.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures::executor::block_on;
    /// use headwater::Retry;
    ///
    /// let mut left = 2;
    /// let answer = block_on(Retry::immediately().call_async(|| {
    ///     left -= 1;
    ///     async move { if left == 0 { Ok("here") } else { Err("busy") } }
    /// }));
    /// assert_eq!(answer.ok(), Some("here"));
    /// ```
    pub async fn call_async<T, E, Fut>(
        &self,
        mut attempt: impl FnMut() -> Fut,
    ) -> Result<T, GaveUp<E>>
    where
        R: Rules<E>,
        Fut: Future<Output = Result<T, E>>,
    {
        let begun = self.policy.begin();
        match attempt().await {
            Ok(value) => {
                self.policy.succeeded();
                Ok(value)
            }
            // In a box, so that a call that succeeds has no place for it.
            Err(error) => {
                Box::pin(self.call_again_async(begun, error, itself, |_| attempt())).await
            }
        }
    }

    /// Calls an async function until it gives a value that is accepted:
    /// [`call_until`](Retry::call_until), awaited.
    ///
    /// # Errors
    ///
    /// As [`call_until`](Retry::call_until).
    ///
    /// # Panics
    ///
    /// If a function or its future does.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped, the attempt that is under way is.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures::{executor::block_on, future::ready};
    /// use headwater::Retry;
    ///
    /// let mut states = ["queued", "done"].into_iter();
    /// let done = block_on(Retry::immediately().call_until_async(
    ///     |state| *state == "done",
    ///     || ready(states.next().ok_or("no such job")),
    /// ));
    /// assert_eq!(done.ok(), Some("done"));
    /// ```
    pub async fn call_until_async<T, E, Fut>(
        &self,
        accept: impl Fn(&T) -> bool,
        mut attempt: impl FnMut() -> Fut,
    ) -> Result<T, GaveUp<Rejected<T, E>>>
    where
        R: Rules<E>,
        Fut: Future<Output = Result<T, E>>,
    {
        let mut attempt = || {
            let (attempt, accept) = (attempt(), &accept);
            async move {
                match attempt.await {
                    Ok(value) if accept(&value) => Ok(value),
                    Ok(value) => Err(Rejected::Value(value)),
                    Err(error) => Err(Rejected::Error(error)),
                }
            }
        };
        let begun = self.policy.begin();
        match attempt().await {
            Ok(value) => {
                self.policy.succeeded();
                Ok(value)
            }
            Err(rejected) => {
                let again = self.call_again_async(begun, rejected, Rejected::error, |_| attempt());
                Box::pin(again).await
            }
        }
    }

    /// Calls an async function with a request that is changed after each failure:
    /// [`call_adapting`](Retry::call_adapting), awaited.
    ///
    /// The future of an attempt does not borrow the request: it takes what it needs of it.
    ///
    /// # Errors
    ///
    /// As [`call`](Retry::call).
    ///
    /// # Panics
    ///
    /// If a function or its future does.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped, the attempt that is under way is; the request stays as it was changed last.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures::{executor::block_on, future::ready};
    /// use headwater::{Retry, retry::Failure};
    ///
    /// let mut page_size = 1000;
    /// let page = block_on(Retry::immediately().call_adapting_async(
    ///     &mut page_size,
    ///     |&mut size| ready(if size > 300 { Err("too large") } else { Ok(vec![0; size]) }),
    ///     |size, _: &Failure<'_, _>| *size /= 2,
    /// ));
    /// assert_eq!(page.map(|page| page.len()).ok(), Some(250));
    /// ```
    pub async fn call_adapting_async<Q, T, E, Fut>(
        &self,
        request: &mut Q,
        mut attempt: impl FnMut(&mut Q) -> Fut,
        mut adapt: impl FnMut(&mut Q, &Failure<'_, E>),
    ) -> Result<T, GaveUp<E>>
    where
        R: Rules<E>,
        Fut: Future<Output = Result<T, E>>,
    {
        let begun = self.policy.begin();
        match attempt(request).await {
            Ok(value) => {
                self.policy.succeeded();
                Ok(value)
            }
            Err(error) => {
                let again = self.call_again_async(begun, error, itself, |failure| {
                    adapt(request, failure);
                    attempt(request)
                });
                Box::pin(again).await
            }
        }
    }

    /// Goes on after a first attempt that failed.
    async fn call_again_async<T, X, E, Fut>(
        &self,
        begun: Option<Instant>,
        mut last: X,
        error: impl Fn(&X) -> Option<&E>,
        mut attempt: impl FnMut(&Failure<'_, E>) -> Fut,
    ) -> Result<T, GaveUp<X>>
    where
        R: Rules<E>,
        Fut: Future<Output = Result<T, X>>,
    {
        let mut tally = Tally::begun(begun);
        loop {
            let decided = tally.failed(self, error(&last), true);
            let waited = match decided {
                Ok(delay) => self.policy.wait_async(delay).await.map(|()| delay),
                Err(reason) => Err(reason),
            };
            let delay = match waited {
                Ok(delay) => delay,
                Err(reason) => return Err(tally.gave_up(last, reason)),
            };
            self.policy.attempt(tally.attempts().saturating_add(1));
            let next = attempt(&tally.failure(error(&last), Some(delay)));
            match next.await {
                Ok(value) => {
                    self.policy.succeeded();
                    return Ok(value);
                }
                Err(next) => last = next,
            }
        }
    }
}

/// # Loops in async code
impl<E, R: Rules<E>> Attempts<'_, E, R> {
    /// Begins the next attempt, and waits for it without blocking: `async for attempt in`.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped while it waits, the next call waits anew.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures::executor::block_on;
    /// use headwater::Retry;
    ///
    /// let (retry, mut answers) = (Retry::immediately(), [Err("busy"), Ok(7)].into_iter());
    /// let attempts = retry.attempts();
    /// let mut answer = None;
    /// block_on(async {
    ///     while let Some(attempt) = attempts.next_async().await {
    ///         answer = attempt.record(answers.next().unwrap());
    ///     }
    /// });
    /// assert_eq!((attempts.finish().is_ok(), answer), (true, Some(7)));
    /// ```
    pub async fn next_async(&self) -> Option<Attempt<'_, E, R>> {
        match self.step() {
            Step::Begin => self.begin(Ok(())),
            Step::Wait(delay) => self.begin(self.policy().wait_async(delay).await),
            Step::End => None,
        }
    }
}

impl Policy {
    /// Waits for a delay, unless it is cancelled.
    pub(super) async fn wait_async(&self, delay: Duration) -> Result<(), Reason> {
        let mut timer = self.clock.timer(delay);
        let Some(cancel) = &self.cancel else {
            timer.await;
            return Ok(());
        };
        let mut cancelled = pin!(cancel.cancelled());
        poll_fn(|cx| {
            if cancelled.as_mut().poll(cx).is_ready() {
                return Poll::Ready(Err(Reason::Cancelled));
            }
            timer.as_mut().poll(cx).map(Ok)
        })
        .await
    }
}
