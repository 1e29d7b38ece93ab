use std::num::NonZeroUsize;

use crate::pages::ahead::listed;
use crate::pages::iter::Fetched;
use crate::pages::page::Page;
use crate::pages::stream::by_page::Pages;
use crate::pages::stream::calls::Fetches;
use crate::pages::stream::fetch::Fetch;
use crate::pages::stream::task::Tasks;
use crate::task::Task;
#[cfg(feature = "tokio")]
use crate::task::spawn_on_tokio;

/// # Fetching ahead
///
/// All of these fetch in a task of an executor, from the first poll on, so that pages come while the
/// consumer works on what it has, and not only while it waits, as with `buffered`. The first
/// two run it on tokio (feature `tokio`), the others where they are told.
///
/// Positions are those of what was delivered, whatever was fetched beyond them, and an error comes
/// behind the items before it. What was fetched ahead is not fetched again after a source was resumed
/// where it was, at the beginning of a page; elsewhere it is let go of by the next poll.
///
/// Options count for what is fetched ahead if they were set before: [`retry`](Pages::retry) is, so
/// that it is the task that waits, and [`max_pages`](Pages::max_pages).
impl<C, S> Pages<C, S> {
    /// Fetches at most this many pages ahead, one after the other, in a task of tokio.
    ///
    /// # Panics
    ///
    /// As [`prefetch_on`](Pages::prefetch_on), and if it is polled where tokio does not run.
    ///
    /// # Resources
    ///
    /// As [`prefetch_on`](Pages::prefetch_on).
    ///
    /// # Examples
    ///
    /// ```
    /// use futures::StreamExt;
    /// use headwater::{pages::Page, stream};
    /// use std::num::NonZeroUsize;
    ///
    /// let feed = stream::pages(1, async |n| {
    ///     Ok::<_, String>(Page::new([n]).next((n < 9).then_some(n + 1)))
    /// });
    /// let two = NonZeroUsize::new(2).unwrap();
    /// let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    /// let items = feed.prefetch(two).items().map(Result::unwrap);
    /// assert_eq!(runtime.block_on(items.collect::<Vec<u32>>()), Vec::from_iter(1..=9));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[cfg(feature = "tokio")]
    pub fn prefetch<T, M, E>(
        self,
        pages: NonZeroUsize,
    ) -> Pages<C, impl Fetch<C, Fetched = Fetched<T, C, M, E>>>
    where
        C: Clone + PartialEq + Send + 'static,
        S: Fetch<C, Fetched = Fetched<T, C, M, E>> + Send + 'static,
        Fetched<T, C, M, E>: Send + 'static,
    {
        self.prefetch_on(pages, spawn_on_tokio)
    }

    /// Fetches at most this many pages at once, where a page says which others there are, in a task
    /// of tokio.
    ///
    /// It is [`concurrent_on`](Pages::concurrent_on).
    ///
    /// # Panics
    ///
    /// As [`prefetch_on`](Pages::prefetch_on), and if it is polled where tokio does not run.
    ///
    /// # Resources
    ///
    /// As [`prefetch_on`](Pages::prefetch_on).
    ///
    /// # Examples
    ///
    /// ```
    /// use futures::StreamExt;
    /// use headwater::{pages::Page, stream};
    /// use std::num::NonZeroUsize;
    ///
    /// struct Total(u32);
    ///
    /// let fetch = async |n| {
    ///     Ok::<_, String>(Page::new([n]).next((n < 9).then_some(n + 1)).meta(Total(9)))
    /// };
    /// let four = NonZeroUsize::new(4).unwrap();
    /// let feed = stream::pages(1, fetch).concurrent(four, |n, page| n + 1..=page.meta.0);
    /// let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    /// let items = feed.items().map(Result::unwrap);
    /// assert_eq!(runtime.block_on(items.collect::<Vec<u32>>()), Vec::from_iter(1..=9));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[cfg(feature = "tokio")]
    pub fn concurrent<T, M, E, I>(
        self,
        pages: NonZeroUsize,
        following: impl FnMut(&C, &Page<T, C, M>) -> I + Send + 'static,
    ) -> Pages<C, impl Fetch<C, Fetched = Fetched<T, C, M, E>>>
    where
        C: Clone + PartialEq + Send + 'static,
        S: Fetch<C, Fetched = Fetched<T, C, M, E>> + Send + 'static,
        I: IntoIterator<Item = C> + 'static,
        Fetched<T, C, M, E>: Send + 'static,
    {
        self.concurrent_on(pages, following, spawn_on_tokio)
    }

    /// Fetches at most this many pages ahead, one after the other, in a task that `spawn` runs.
    ///
    /// `spawn` is called with a future that an executor, or a thread, is to run to its end. It is
    /// called with the first poll, and again where one that was at its end is resumed.
    ///
    /// # Panics
    ///
    /// A panic of the fetch is passed on to the poll that would have given the page. It panics, too,
    /// if the task was dropped before its end, and if a [`concurrent`](Pages::concurrent_on) around it
    /// asks for several pages at once.
    ///
    /// # Resources
    ///
    /// The task, which ends at the last page, with an error, or when this is dropped; it drops the
    /// fetch that is under way, then, as soon as the executor lets it.
    ///
    /// At most `pages` pages are there, besides that of the consumer. Where a source ends before its
    /// pages do, because of a limit, they stay until it is dropped.
    ///
    /// # Cancel safety
    ///
    /// A `next` of the stream that is dropped before it is ready loses nothing, and stops nothing.
    ///
    /// # Examples
    ///
    /// A thread that does it, where there is no executor:
    ///
    /// ```
    /// use futures::{StreamExt, executor::block_on};
    /// use headwater::{pages::Page, stream};
    /// use std::{num::NonZeroUsize, thread};
    ///
    /// let feed = stream::pages(1, async |n| {
    ///     Ok::<_, String>(Page::new([n]).next((n < 9).then_some(n + 1)))
    /// });
    /// let two = NonZeroUsize::new(2).unwrap();
    /// let feed = feed.prefetch_on(two, |task| drop(thread::spawn(|| block_on(task))));
    /// let items = block_on(feed.items().map(Result::unwrap).collect::<Vec<u32>>());
    /// assert_eq!(items, Vec::from_iter(1..=9));
    /// ```
    pub fn prefetch_on<T, M, E>(
        self,
        pages: NonZeroUsize,
        spawn: impl FnMut(Task),
    ) -> Pages<C, impl Fetch<C, Fetched = Fetched<T, C, M, E>>>
    where
        C: Clone + PartialEq + Send + 'static,
        S: Fetch<C, Fetched = Fetched<T, C, M, E>> + Send + 'static,
        Fetched<T, C, M, E>: Send + 'static,
    {
        self.ahead(pages, |_, page: &Page<T, C, M>| page.next.clone(), spawn)
    }

    /// Fetches at most this many pages at once, where a page says which others there are, in a task
    /// that `spawn` runs.
    ///
    /// `following` gets a cursor and the page there, and gives the cursors that follow, as far as
    /// they are known: for pages with numbers, where each says how many there are, those up to the
    /// last. Pages come in order, and the server is never asked for one that is not among them. What
    /// the page furthest ahead says holds: pages beyond a total that shrank are let go of.
    ///
    /// `spawn` and all else is as in [`prefetch_on`](Pages::prefetch_on).
    ///
    /// # Panics
    ///
    /// As [`prefetch_on`](Pages::prefetch_on); a panic of `following` too is passed on.
    ///
    /// # Resources
    ///
    /// As [`prefetch_on`](Pages::prefetch_on): one task, for all fetches.
    ///
    /// # Cancel safety
    ///
    /// As [`prefetch_on`](Pages::prefetch_on).
    ///
    /// # Examples
    ///
    /// Offsets, of which the total tells all:
    ///
    /// ```
    /// use futures::{StreamExt, executor::LocalPool, task::SpawnExt};
    /// use headwater::{pages::Page, stream};
    /// use std::num::NonZeroUsize;
    ///
    /// const SIZE: usize = 10;
    /// let rows: Vec<usize> = (0..95).collect();
    ///
    /// let server = rows.clone();
    /// let fetch = move |offset: usize| {
    ///     let rest = &server[offset..];
    ///     let next = (rest.len() > SIZE).then_some(offset + SIZE);
    ///     let page = Page::new(&rest[..rest.len().min(SIZE)]).next(next).meta(server.len());
    ///     async { Ok::<_, String>(page) }
    /// };
    /// let mut pool = LocalPool::new();
    /// let spawner = pool.spawner();
    /// let four = NonZeroUsize::new(4).unwrap();
    /// let feed = stream::pages(0, fetch).concurrent_on(
    ///     four,
    ///     |offset, page| (offset + SIZE..page.meta).step_by(SIZE),
    ///     |task| spawner.spawn(task).unwrap(),
    /// );
    /// assert_eq!(pool.run_until(feed.items().map(Result::unwrap).collect::<Vec<_>>()), rows);
    /// ```
    pub fn concurrent_on<T, M, E, I>(
        self,
        pages: NonZeroUsize,
        following: impl FnMut(&C, &Page<T, C, M>) -> I + Send + 'static,
        spawn: impl FnMut(Task),
    ) -> Pages<C, impl Fetch<C, Fetched = Fetched<T, C, M, E>>>
    where
        C: Clone + PartialEq + Send + 'static,
        S: Fetch<C, Fetched = Fetched<T, C, M, E>> + Send + 'static,
        I: IntoIterator<Item = C> + 'static,
        Fetched<T, C, M, E>: Send + 'static,
    {
        self.ahead(pages, following, spawn)
    }

    fn ahead<T, M, E, I>(
        self,
        pages: NonZeroUsize,
        following: impl FnMut(&C, &Page<T, C, M>) -> I + Send + 'static,
        mut spawn: impl FnMut(Task),
    ) -> Pages<C, impl Fetch<C, Fetched = Fetched<T, C, M, E>>>
    where
        C: Clone + PartialEq + Send + 'static,
        S: Fetch<C, Fetched = Fetched<T, C, M, E>> + Send + 'static,
        I: IntoIterator<Item = C> + 'static,
        Fetched<T, C, M, E>: Send + 'static,
    {
        let following = listed(following, pages.get());
        self.map_fetch(|fetch, max_pages| {
            let tasks = Tasks::new(pages.get(), max_pages, fetch, following);
            Fetches::new(move |cursor: C| tasks.fetch(&cursor, &mut spawn))
        })
    }
}
