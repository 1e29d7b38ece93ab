use std::pin::Pin;
use std::time::Instant;

use crate::retry::attempts::{Attempt, Attempts, Step};
use crate::retry::call::itself;
use crate::retry::failure::Failure;
use crate::retry::gave_up::GaveUp;
use crate::retry::policy::Retry;
use crate::retry::rejected::Rejected;
use crate::retry::rules::Rules;
use crate::retry::tally::Tally;

/// # Async calls
///
/// They run on any executor. Delays are waited by tokio where it runs (feature `tokio`), by the
/// [`timer`](Retry::timer) that is set, or else by a thread. The futures are `Send` if what is in
/// them is.
// Not `AsyncFnMut`, whose futures may borrow of the closure: rustc does not see that what awaits such
// a one by reference is `Send`, so that it can't be spawned.
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
    /// # In tasks
    ///
    /// The future of an attempt can't borrow what the closure changes, and what is spawned is `Send`:
    /// what attempts share is in an atomic, a lock or a clone. A [`Cancel`](crate::retry::Cancel)
    /// interrupts the waits; `select!` with its [`cancelled`](crate::retry::Cancel::cancelled)
    /// interrupts the attempt as well.
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
        let mut again = Again::begun(self.policy.begin());
        loop {
            match attempt().await {
                Ok(value) => {
                    self.policy.succeeded();
                    return Ok(value);
                }
                Err(error) => again.wait(self, error, itself, |_| ()).await?,
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
        let mut again = Again::begun(self.policy.begin());
        loop {
            match attempt().await {
                Ok(value) if accept(&value) => {
                    self.policy.succeeded();
                    return Ok(value);
                }
                Ok(value) => {
                    again.wait(self, Rejected::Value(value), Rejected::error, |_| ()).await?;
                }
                Err(error) => {
                    again.wait(self, Rejected::Error(error), Rejected::error, |_| ()).await?;
                }
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
        let mut again = Again::begun(self.policy.begin());
        loop {
            match attempt(request).await {
                Ok(value) => {
                    self.policy.succeeded();
                    return Ok(value);
                }
                Err(error) => {
                    again.wait(self, error, itself, |failure| adapt(request, failure)).await?;
                }
            }
        }
    }
}

/// What is known between two attempts: when the first began, and from the first failure on the rest.
struct Again {
    begun: Option<Instant>,
    tally: Option<Box<Tally>>,
}

impl Again {
    fn begun(begun: Option<Instant>) -> Self {
        Self { begun, tally: None }
    }

    /// Waits for the next attempt after one that failed.
    ///
    /// In a box, so that a call that succeeds has no place for it.
    #[cold]
    fn wait<'a, R, X, E>(
        &'a mut self,
        retry: &'a Retry<R>,
        last: X,
        error: impl Fn(&X) -> Option<&E> + 'a,
        adapt: impl FnOnce(&Failure<'_, E>) + 'a,
    ) -> Pin<Box<impl Future<Output = Result<(), GaveUp<X>>>>>
    where
        R: Rules<E>,
        X: 'a,
    {
        Box::pin(async move {
            let tally = self.tally.get_or_insert_with(|| Box::new(Tally::begun(self.begun)));
            let waited = match tally.failed(retry, error(&last), true) {
                Ok(delay) => retry.policy.pause(delay).await.map(|()| delay),
                Err(reason) => Err(reason),
            };
            let delay = match waited {
                Ok(delay) => delay,
                Err(reason) => return Err(tally.gave_up(last, reason)),
            };
            retry.policy.attempt(tally.attempts().saturating_add(1));
            adapt(&tally.failure(error(&last), Some(delay)));
            Ok(())
        })
    }
}

/// # Loops in async code
impl<E, R: Rules<E>> Attempts<'_, E, R> {
    /// Begins the next attempt, and waits for it without blocking: `async for attempt in`.
    ///
    /// A future may be dropped within an attempt, as by a timeout, which looks like a `return` from
    /// here. So a loop that is left like this counts as no success for a budget and in statistics,
    /// unless [`record`](Attempt::record) was told of one.
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
            Step::Begin => self.begin(Ok(()), true),
            Step::Wait(delay) => self.begin(self.policy().pause(delay).await, true),
            Step::End => None,
        }
    }
}
