use std::fmt;
use std::hash::Hash;
use std::iter::FusedIterator;

use crate::pages::course::Course;
use crate::pages::error::Error;
use crate::pages::page::Page;
use crate::pages::position::Position;
use crate::pages::turns::OnRepeat;
use crate::retry::{GaveUp, Retry, Rules};
use crate::source::Source;

/// Gives the pages of a server that gives them one at a time, from a first cursor on.
///
/// `fetch` gets a cursor and gives the [`Page`] there, with the cursor of the next. Nothing is fetched
/// before the first pull, and a page is fetched when it is asked for. [`items`](Pages::items) gives
/// their items instead. What is common has a constructor of its own: see [`pages`](mod@crate::pages).
///
/// A page without items does not end it: servers that filter give such. A cursor that was given
/// before is an error, unless [`on_repeat`](Pages::on_repeat) says otherwise; so are more pages, items
/// and bytes than are allowed.
///
/// Its position is that behind the last page delivered; that of its items is item by item. Going on in
/// the middle of a page fetches it again and leaves out as many items as were delivered of it, which is
/// exact as long as the server gives the same page for the same cursor. What was seen and counted is
/// no part of the position: one that is resumed elsewhere counts anew, and finds a circle a round later.
///
/// # Errors
///
/// [`Error`], which says where. It is the last item: with [`retry`](Pages::retry), a fetch that fails
/// is tried again first.
///
/// # Panics
///
/// If `fetch` does. Then nothing is fetched any more, until it is resumed.
///
/// # Resources
///
/// One page, and what `fetch` owns, until it is dropped, since it can be resumed. What was seen of
/// cursors takes 600 KiB at the most.
///
/// # Examples
///
/// ```
/// use headwater::pages::{Page, pages};
///
/// fn fetch(number: u32) -> Result<Page<u32, u32>, String> {
///     let items = [10 * number, 10 * number + 1];
///     Ok(Page::new(items).next((number < 3).then_some(number + 1)))
/// }
///
/// let items: Vec<u32> = pages(1, fetch).items().collect::<Result<_, _>>()?;
/// assert_eq!(items, [10, 11, 20, 21, 30, 31]);
/// # Ok::<(), headwater::pages::Error<u32, String>>(())
/// ```
pub fn pages<T, C, M, E, F>(first: C, fetch: F) -> Pages<C, F>
where
    F: FnMut(C) -> Result<Page<T, C, M>, E>,
{
    Pages { course: Course::new(first), fetch }
}

/// What a fetch gives: a page, or why there is none.
pub type Fetched<T, C, M, E> = Result<Page<T, C, M>, E>;

/// The pages of a server.
///
/// This struct is created by [`pages`]. See its documentation for more.
#[derive(Clone)]
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Pages<C, F> {
    course: Course<C>,
    fetch: F,
}

impl<C, F> Pages<C, F> {
    /// Says what to do with a next page that was given before. Default: [`OnRepeat::Error`].
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::pages::{OnRepeat, Page, pages};
    ///
    /// // The last page of this server leads to itself.
    /// let feed = pages(1, |n| Ok::<_, String>(Page::new([n]).next(3.min(n + 1))));
    /// assert!(feed.on_repeat(OnRepeat::Stop).items().map(Result::unwrap).eq([1, 2, 3]));
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
    /// use headwater::pages::{ErrorKind, Page, pages};
    ///
    /// let mut endless = pages(0, |n| Ok::<_, String>(Page::new([n]).next(n + 1))).max_pages(2);
    /// assert_eq!(endless.by_ref().take(2).filter(|page| page.is_ok()).count(), 2);
    /// assert_eq!(endless.next().unwrap().unwrap_err().kind(), ErrorKind::TooManyPages);
    /// ```
    pub fn max_pages(mut self, pages: u64) -> Self {
        self.course.turns.limits.max_pages = pages;
        self
    }

    /// Makes it an error if there are more items than this.
    ///
    /// Whoever wants no more than so many has [`take`](Iterator::take), which is no error.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::pages::{ErrorKind, Page, pages};
    ///
    /// let feed = pages(1, |n| Ok::<_, String>(Page::new(["a", "b"]).next(n + 1)));
    /// let mut items = feed.max_items(3).items();
    /// assert_eq!(items.by_ref().take(3).filter(|item| item.is_ok()).count(), 3);
    /// assert_eq!(items.next().unwrap().unwrap_err().kind(), ErrorKind::TooManyItems);
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
    /// use headwater::pages::{ErrorKind, Page, pages};
    ///
    /// let large = pages(1, |_| Ok::<_, String>(Page::<_, u32>::new(["a"]).bytes(1 << 20)));
    /// let error = large.max_bytes(1000).items().find_map(Result::err).unwrap();
    /// assert_eq!(error.kind(), ErrorKind::TooManyBytes);
    /// ```
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.course.turns.limits.max_bytes = bytes;
        self
    }

    /// Fetches each page by a policy, which sees the error of the fetch, and the hint in it.
    ///
    /// What is remembered of cursors and counted goes on over failures, and the limits of the policy
    /// are those of one page.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::{Retry, pages::{Page, pages}};
    ///
    /// let mut is_busy = true;
    /// let feed = pages(1, |n| {
    ///     is_busy = !is_busy;
    ///     if is_busy { Err("429") } else { Ok(Page::new([n]).next((n < 3).then_some(n + 1))) }
    /// });
    /// let retry = Retry::immediately().when(|error: &&str| *error == "429");
    /// assert!(feed.retry(retry).items().map(Result::unwrap).eq(1..=3));
    /// ```
    #[expect(clippy::type_complexity, reason = "the type of a closure has no other name")]
    pub fn retry<T, M, E, R>(
        self,
        retry: Retry<R>,
    ) -> Pages<C, impl FnMut(C) -> Fetched<T, C, M, GaveUp<E>>>
    where
        C: Clone,
        F: FnMut(C) -> Result<Page<T, C, M>, E>,
        R: Rules<E>,
    {
        self.map_fetch(|mut fetch, _| move |cursor: C| retry.call(|| fetch(cursor.clone())))
    }

    /// Puts something around the fetch, which gets to know how many pages are allowed.
    pub(super) fn map_fetch<G>(self, map: impl FnOnce(F, u64) -> G) -> Pages<C, G> {
        let max_pages = self.course.turns.limits.max_pages;
        Pages { course: self.course, fetch: map(self.fetch, max_pages) }
    }
}

impl<C: Clone + Eq + Hash, F> Pages<C, F> {
    pub(super) fn course(&self) -> &Course<C> {
        &self.course
    }

    pub(super) fn course_mut(&mut self) -> &mut Course<C> {
        &mut self.course
    }

    /// Fetches the next page, and leaves in it what is still to be delivered.
    pub(super) fn turn<T, M, E>(&mut self) -> Option<Fetched<T, C, M, Error<C, E>>>
    where
        F: FnMut(C) -> Result<Page<T, C, M>, E>,
    {
        let cursor = match self.course.wanted()? {
            Ok(cursor) => cursor,
            Err(error) => return Some(Err(error)),
        };
        let fetched = self.course.guard(|| (self.fetch)(cursor));
        Some(self.course.fetched(fetched))
    }
}

impl<C: fmt::Debug, F> fmt::Debug for Pages<C, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("course", &self.course).finish_non_exhaustive()
    }
}

impl<T, C, M, E, F> Iterator for Pages<C, F>
where
    C: Clone + Eq + Hash,
    F: FnMut(C) -> Result<Page<T, C, M>, E>,
{
    type Item = Result<Page<T, C, M>, Error<C, E>>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let page = match self.turn()? {
                Ok(page) => page,
                Err(error) => return Some(Err(error)),
            };
            match self.course.deliver(&page) {
                Ok(true) => return Some(Ok(page)),
                Ok(false) => {}
                Err(error) => return Some(Err(error)),
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, self.course.is_over().then_some(0))
    }
}

impl<T, C, M, E, F> FusedIterator for Pages<C, F>
where
    C: Clone + Eq + Hash,
    F: FnMut(C) -> Result<Page<T, C, M>, E>,
{
}

impl<C: Clone + Eq + Hash, F> Source for Pages<C, F> {
    type Position = Position<C>;

    fn position(&self) -> Position<C> {
        self.course.turns.position()
    }

    fn resume_at(&mut self, at: Position<C>) {
        self.course.resume_at(at);
    }

    fn can_recover(&self) -> bool {
        self.course.can_recover()
    }
}
