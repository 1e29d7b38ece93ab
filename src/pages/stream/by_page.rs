use std::fmt;
use std::hash::Hash;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::{FusedStream, Stream};

use crate::pages::course::Course;
use crate::pages::error::Error;
use crate::pages::iter::Fetched;
use crate::pages::page::Page;
use crate::pages::position::Position;
use crate::pages::stream::calls::Fetches;
use crate::pages::stream::fetch::Fetch;
use crate::pages::stream::shared::Shared;
use crate::pages::turns::OnRepeat;
use crate::retry::{GaveUp, Retry, Rules};
use crate::source::Source;

/// Gives the pages of a server that gives them one at a time, from a first cursor on.
///
/// It is [`pages`](crate::pages()) with an async function, which runs on any executor: nothing is
/// fetched before the first poll, and a page is fetched when it is asked for, unless
/// [`prefetch`](Pages::prefetch_on) fetches it before.
///
/// It is `Send` if what is in it is.
///
/// # Errors
///
/// [`Error`], which says where. It is the last item: with [`retry`](Pages::retry), a fetch that fails
/// is tried again first.
///
/// # Panics
///
/// If the function does, or its future. Nothing is fetched any more then.
///
/// # Resources
///
/// One page, and the future that brings it. What was seen of cursors takes 600 KiB at the most.
///
/// # Cancel safety
///
/// A `next` of the stream that is dropped before it is ready loses nothing: the fetch stays where it
/// is. [`resume_at`](Source::resume_at) drops it.
///
/// # Examples
///
/// ```
/// use futures::{TryStreamExt, executor::block_on};
/// use headwater::{pages::Page, stream};
///
/// async fn fetch(number: u32) -> Result<Page<u32, u32>, String> {
///     let items = [10 * number, 10 * number + 1];
///     Ok(Page::new(items).next((number < 3).then_some(number + 1)))
/// }
///
/// let items: Vec<u32> = block_on(stream::pages(1, fetch).items().try_collect())?;
/// assert_eq!(items, [10, 11, 20, 21, 30, 31]);
/// # Ok::<(), headwater::pages::Error<u32, String>>(())
/// ```
pub fn pages<T, C, M, E, F, Fut>(first: C, fetch: F) -> Pages<C, Fetches<F, Fut>>
where
    F: FnMut(C) -> Fut,
    Fut: Future<Output = Result<Page<T, C, M>, E>>,
{
    Pages { course: Course::new(first), fetch: Fetches::new(fetch), number: 0 }
}

/// What a turn gives: the next page, an error, or the end.
pub(super) type Turned<T, C, M, E> = Option<Fetched<T, C, M, Error<C, E>>>;

/// The pages of a server, as a stream.
///
/// This struct is created by [`pages`]. See its documentation for more.
#[must_use = "streams do nothing unless polled"]
pub struct Pages<C, S> {
    course: Course<C>,
    fetch: S,
    /// The number of the call that is under way, or was the last.
    number: u64,
}

impl<C, S> Pages<C, S> {
    /// Says what to do with a next page that was given before. Default: [`OnRepeat::Error`].
    ///
    /// # Examples
    ///
    /// ```
    /// use futures::{StreamExt, executor::block_on};
    /// use headwater::{pages::{OnRepeat, Page}, stream};
    ///
    /// // The last page of this server leads to itself.
    /// let feed = stream::pages(1, async |n| Ok::<_, String>(Page::new([n]).next(3.min(n + 1))));
    /// assert_eq!(block_on(feed.on_repeat(OnRepeat::Stop).count()), 3);
    /// ```
    pub fn on_repeat(mut self, on_repeat: OnRepeat) -> Self {
        self.course.turns.limits.on_repeat = on_repeat;
        self
    }

    /// Makes it an error if there are more pages than this.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures::{StreamExt, executor::block_on, future::ready};
    /// use headwater::{pages::Page, stream};
    ///
    /// let endless = stream::pages(0, |n| ready(Ok::<_, String>(Page::new([n]).next(n + 1))));
    /// let given: Vec<_> = block_on(endless.max_pages(2).map(|page| page.is_ok()).collect());
    /// assert_eq!(given, [true, true, false]);
    /// ```
    pub fn max_pages(mut self, pages: u64) -> Self {
        self.course.turns.limits.max_pages = pages;
        self
    }

    /// Makes it an error if there are more items than this.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures::{StreamExt, executor::block_on};
    /// use headwater::{pages::{ErrorKind, Page}, stream};
    ///
    /// let feed = stream::pages(1, async |n| Ok::<_, String>(Page::new(["a", "b"]).next(n + 1)));
    /// let mut items = feed.max_items(3).items().skip(3);
    /// let error = block_on(items.next()).unwrap().unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::TooManyItems);
    /// ```
    pub fn max_items(mut self, items: u64) -> Self {
        self.course.turns.limits.max_items = items;
        self
    }

    /// Makes it an error if pages are larger than this, together, by what they [say](Page::bytes).
    ///
    /// # Examples
    ///
    /// ```
    /// use futures::{StreamExt, executor::block_on};
    /// use headwater::{pages::{ErrorKind, Page}, stream};
    ///
    /// let large = async |_| Ok::<_, String>(Page::<_, u32>::new(["a"]).bytes(1 << 20));
    /// let mut feed = stream::pages(1, large).max_bytes(1000);
    /// let error = block_on(feed.next()).unwrap().unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::TooManyBytes);
    /// ```
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.course.turns.limits.max_bytes = bytes;
        self
    }

    /// Fetches each page by a policy, which sees the error of the fetch, and the hint in it.
    ///
    /// What is remembered of cursors and counted goes on over failures, and the limits of the policy
    /// are those of one page. Delays are waited as in [`call_async`](Retry::call_async).
    ///
    /// # Examples
    ///
    /// ```
    /// use futures::{StreamExt, executor::block_on};
    /// use headwater::{Retry, pages::Page, stream};
    /// use std::cell::Cell;
    ///
    /// let is_busy = Cell::new(true);
    /// let feed = stream::pages(1, async |n| {
    ///     is_busy.set(!is_busy.get());
    ///     if is_busy.get() { Err("429") } else { Ok(Page::new([n]).next((n < 3).then_some(n + 1))) }
    /// });
    /// let retry = Retry::immediately().when(|error: &&str| *error == "429");
    /// let items: Vec<u32> = block_on(feed.retry(retry).items().map(Result::unwrap).collect());
    /// assert_eq!(items, [1, 2, 3]);
    /// ```
    pub fn retry<T, M, E, R>(
        self,
        retry: Retry<R>,
    ) -> Pages<C, impl Fetch<C, Fetched = Fetched<T, C, M, GaveUp<E>>>>
    where
        C: Clone,
        S: Fetch<C, Fetched = Fetched<T, C, M, E>>,
        R: Rules<E>,
    {
        self.map_fetch(|fetch, _| {
            let (calls, retry) = (Shared::new(fetch), Arc::new(retry));
            Fetches::new(move |cursor: C| {
                let (calls, retry) = (calls.clone(), Arc::clone(&retry));
                async move { retry.call_async(|| calls.call(cursor.clone())).await }
            })
        })
    }
}

impl<C, S> Pages<C, S> {
    /// Drops what is under way.
    pub(super) fn let_go(&mut self)
    where
        S: Fetch<C>,
    {
        self.fetch.keep(|_| false);
    }

    /// Puts something around the fetch, which gets to know how many pages are allowed.
    pub(super) fn map_fetch<G>(mut self, map: impl FnOnce(S, u64) -> G) -> Pages<C, G>
    where
        S: Fetch<C>,
    {
        // Who gets it counts from 1 again.
        self.let_go();
        let max_pages = self.course.turns.limits.max_pages;
        Pages { course: self.course, fetch: map(self.fetch, max_pages), number: 0 }
    }
}

impl<C: Clone + Eq + Hash, S> Pages<C, S> {
    pub(super) fn course(&self) -> &Course<C> {
        &self.course
    }

    pub(super) fn course_mut(&mut self) -> &mut Course<C> {
        &mut self.course
    }

    /// Fetches the next page, and leaves in it what is still to be delivered.
    pub(super) fn poll_turn<T, M, E>(&mut self, cx: &mut Context<'_>) -> Poll<Turned<T, C, M, E>>
    where
        S: Fetch<C, Fetched = Fetched<T, C, M, E>>,
    {
        let Self { course, fetch, number } = self;
        if !fetch.is_under_way(*number) {
            let cursor = match course.wanted() {
                Some(Ok(cursor)) => cursor,
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            };
            *number += 1;
            course.guard(|| fetch.begin(*number, cursor));
        }
        let fetched = ready!(course.guard(|| fetch.poll(*number, cx)));
        Poll::Ready(Some(course.fetched(fetched)))
    }
}

/// Nothing is pinned in it.
impl<C, S> Unpin for Pages<C, S> {}

impl<C: fmt::Debug, S> fmt::Debug for Pages<C, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("course", &self.course).finish_non_exhaustive()
    }
}

impl<T, C, M, E, S> Stream for Pages<C, S>
where
    C: Clone + Eq + Hash,
    S: Fetch<C, Fetched = Fetched<T, C, M, E>>,
{
    type Item = Result<Page<T, C, M>, Error<C, E>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let page = match ready!(self.poll_turn(cx)) {
                Some(Ok(page)) => page,
                failed_or_over => return Poll::Ready(failed_or_over),
            };
            match self.course.deliver(&page) {
                Ok(true) => return Poll::Ready(Some(Ok(page))),
                Ok(false) => {}
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, self.course.is_over().then_some(0))
    }
}

impl<T, C, M, E, S> FusedStream for Pages<C, S>
where
    C: Clone + Eq + Hash,
    S: Fetch<C, Fetched = Fetched<T, C, M, E>>,
{
    fn is_terminated(&self) -> bool {
        self.course.is_over()
    }
}

impl<C, S> Source for Pages<C, S>
where
    C: Clone + Eq + Hash,
    S: Fetch<C>,
{
    type Position = Position<C>;

    fn position(&self) -> Position<C> {
        self.course.turns.position()
    }

    fn resume_at(&mut self, at: Position<C>) {
        self.let_go();
        self.course.resume_at(at);
    }

    fn can_recover(&self) -> bool {
        self.course.can_recover()
    }
}
