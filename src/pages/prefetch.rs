use std::num::NonZeroUsize;

use crate::pages::ahead::listed;
use crate::pages::iter::{Fetched, Pages};
use crate::pages::page::Page;
use crate::pages::workers::Workers;

/// # Fetching ahead
///
/// Both fetch on threads, from the first pull on, while the consumer works on what it has. Positions
/// are those of what was delivered, whatever was fetched beyond them, and an error comes behind the
/// items before it. What was fetched ahead is not fetched again after a source was resumed where it
/// was, at the beginning of a page; elsewhere it is let go of by the next pull.
///
/// Options count for what is fetched ahead if they were set before: [`retry`](Pages::retry) is, so
/// that it is the thread that waits, and [`max_pages`](Pages::max_pages).
impl<C, F> Pages<C, F> {
    /// Fetches at most this many pages ahead, one after the other, on a thread.
    ///
    /// # Panics
    ///
    /// A panic of the fetch is passed on to the pull that would have given the page.
    ///
    /// # Resources
    ///
    /// The thread, which ends at the last page, with an error, or when this is dropped. Dropping does
    /// not wait for the fetch that is under way: the thread ends with it. With a policy that is all of
    /// its attempts, and the waits between: a [`Cancel`](crate::retry::Cancel) ends those. Where no thread is to be
    /// had, pages are fetched when they are asked for.
    ///
    /// At most `pages` pages are there, besides that of the consumer. Where a source ends before its
    /// pages do, because of a limit, they stay until it is dropped.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::pages::{Page, pages};
    /// use std::num::NonZeroUsize;
    ///
    /// let feed = pages(1, |n| Ok::<_, String>(Page::new([n]).next((n < 9).then_some(n + 1))));
    /// let two = NonZeroUsize::new(2).unwrap();
    /// assert!(feed.prefetch(two).items().map(Result::unwrap).eq(1..=9));
    /// ```
    pub fn prefetch<T, M, E>(
        self,
        pages: NonZeroUsize,
    ) -> Pages<C, impl FnMut(C) -> Fetched<T, C, M, E>>
    where
        C: Clone + PartialEq + Send + 'static,
        F: FnMut(C) -> Fetched<T, C, M, E> + Send + 'static,
        Fetched<T, C, M, E>: Send + 'static,
    {
        self.map_fetch(|fetch, max_pages| {
            let worker = worker(fetch, |_, page: &Page<T, C, M>| page.next.clone(), 1);
            let workers = Workers::new(pages.get(), max_pages, vec![worker]);
            move |cursor: C| workers.fetch(&cursor)
        })
    }

    /// Fetches at most this many pages at once, where a page says which others there are.
    ///
    /// `following` gets a cursor and the page there, and gives the cursors that follow, as far as
    /// they are known: for pages with numbers, where each says how many there are, those up to the
    /// last. Pages come in order, and the server is never asked for one that is not among them. What
    /// the page furthest ahead says holds: pages beyond a total that shrank are let go of.
    ///
    /// A policy, or a throttle, is part of `fetch`: `move |n| retry.call(|| fetch(n))`. A
    /// [`retry`](Pages::retry) after it works too, and lets go of what was fetched beyond an error.
    ///
    /// # Panics
    ///
    /// A panic of a function is passed on to the pull that would have given the page.
    ///
    /// # Resources
    ///
    /// As many threads, which end as that of [`prefetch`](Pages::prefetch) does, with a clone of both
    /// functions each.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::pages::{Page, pages};
    /// use std::num::NonZeroUsize;
    ///
    /// struct Total(u32);
    ///
    /// fn fetch(number: u32) -> Result<Page<u32, u32, Total>, String> {
    ///     Ok(Page::new([number]).next((number < 9).then_some(number + 1)).meta(Total(9)))
    /// }
    ///
    /// let four = NonZeroUsize::new(4).unwrap();
    /// let feed = pages(1, fetch).concurrent(four, |number, page| number + 1..=page.meta.0);
    /// assert!(feed.items().map(Result::unwrap).eq(1..=9));
    /// ```
    pub fn concurrent<T, M, E, I>(
        self,
        pages: NonZeroUsize,
        following: impl FnMut(&C, &Page<T, C, M>) -> I + Clone + Send + 'static,
    ) -> Pages<C, impl FnMut(C) -> Fetched<T, C, M, E>>
    where
        C: Clone + PartialEq + Send + 'static,
        F: FnMut(C) -> Fetched<T, C, M, E> + Clone + Send + 'static,
        I: IntoIterator<Item = C> + 'static,
        Fetched<T, C, M, E>: Send + 'static,
    {
        let pages = pages.get();
        self.map_fetch(|fetch, max_pages| {
            let one = || worker(fetch.clone(), following.clone(), pages);
            let workers = Workers::new(pages, max_pages, (0..pages).map(|_| one()).collect());
            move |cursor: C| workers.fetch(&cursor)
        })
    }
}

/// What a thread does: it fetches a page, and says what follows.
fn worker<T, C, M, E, I>(
    mut fetch: impl FnMut(C) -> Fetched<T, C, M, E>,
    following: impl FnMut(&C, &Page<T, C, M>) -> I,
    most: usize,
) -> impl FnMut(C) -> (Fetched<T, C, M, E>, Vec<C>)
where
    C: Clone,
    I: IntoIterator<Item = C>,
{
    let mut following = listed(following, most);
    move |cursor| {
        let fetched = fetch(cursor.clone());
        let following = following(&cursor, &fetched);
        (fetched, following)
    }
}
