use std::hash::Hash;

use crate::pages::error::ErrorKind;
use crate::pages::iter::{Fetched, Pages, pages};
use crate::pages::page::Page;
use crate::pages::reply::Reply;
use crate::pages::turns::OnRepeat;

/// Gives the pages of a server whose cursors are of a style.
///
/// `fetch` gets a cursor, and gives a [`Reply`]: the items, and what the server said of going on. The
/// style makes the cursor of the next page of it. Otherwise it is [`pages`](crate::pages()), with the
/// same position, errors and limits. `stream::pages::by` is its async twin, for the same styles.
///
/// # Errors
///
/// Those of [`pages`](crate::pages()). What a style finds wrong with where the next page is comes after
/// the items of the page at hand.
///
/// # Examples
///
/// ```
/// use headwater::pages::{self, Numbered, Reply};
///
/// let style = Numbered::from(0).page_size(3);
/// let feed = pages::by(style, |page| {
///     let letters = ["a", "b", "c", "d", "e"].into_iter();
///     Ok::<_, String>(Reply::new(letters.skip(3 * page as usize).take(3).collect(), None))
/// });
/// assert_eq!(feed.map(|page| page.unwrap().items.len()).collect::<Vec<_>>(), [3, 2]);
/// ```
#[expect(clippy::type_complexity, reason = "the type of a closure has no other name")]
pub fn by<S, T, M, E, F>(
    style: S,
    mut fetch: F,
) -> Pages<S::Cursor, impl FnMut(S::Cursor) -> Fetched<T, S::Cursor, M, E>>
where
    S: Style<T>,
    F: FnMut(S::Cursor) -> Result<Reply<T, S::Said, M>, E>,
{
    let (first, on_repeat) = (style.first(), style.on_repeat());
    let fetch = move |at: S::Cursor| Ok(style.page(&at, fetch(at.clone())?));
    pages(first, fetch).on_repeat(on_repeat)
}

/// How a server says where the next page is: the first cursor, and what makes the next ones.
///
/// It fetches nothing and has no state, so that one serves sync and async sources alike, by
/// [`by`] and `stream::pages::by`. Of `T`, the items, only some styles want to know anything.
///
/// # Examples
///
/// A server that gives its archive year by year, backward, down to one that it names:
///
/// ```
/// use headwater::pages::{self, ErrorKind, Reply, Style};
///
/// struct Years;
///
/// impl<T> Style<T> for Years {
///     type Cursor = u16;
///     type Said = u16;
///
///     fn first(&self) -> u16 {
///         2026
///     }
///
///     fn next(&self, at: &u16, _: &[T], oldest: u16) -> Result<Option<u16>, ErrorKind> {
///         Ok((*at > oldest).then(|| at - 1))
///     }
/// }
///
/// let archive = pages::by(Years, |year| Ok::<_, String>(Reply::new(vec![year], 2023)));
/// assert!(archive.items().map(Result::unwrap).eq([2026, 2025, 2024, 2023]));
/// ```
pub trait Style<T> {
    /// What a page is asked for with.
    type Cursor: Clone + Eq + Hash;

    /// What a server says, beside the items, of going on.
    type Said;

    /// Returns the cursor of the first page.
    fn first(&self) -> Self::Cursor;

    /// Returns the cursor of the page after that `at` a cursor, or `None` if that is the last.
    ///
    /// # Errors
    ///
    /// What is wrong with it, which is delivered after the items.
    fn next(
        &self,
        at: &Self::Cursor,
        items: &[T],
        said: Self::Said,
    ) -> Result<Option<Self::Cursor>, ErrorKind>;

    /// Returns what to do, unless it is said otherwise, with a next page that was given before.
    fn on_repeat(&self) -> OnRepeat {
        OnRepeat::Error
    }

    /// Makes the page of a reply, for a fetch that is not called by [`by`].
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::pages::{Offset, Page, Reply, Style, pages};
    ///
    /// fn fetch(offset: u64) -> Result<Page<u64, u64>, String> {
    ///     let items = (offset..5).take(2).collect();
    ///     Ok(Offset::new().page(&offset, Reply::new(items, Some(5))))
    /// }
    ///
    /// assert!(pages(0, fetch).items().map(Result::unwrap).eq(0..5));
    /// ```
    fn page<M>(
        &self,
        at: &Self::Cursor,
        reply: Reply<T, Self::Said, M>,
    ) -> Page<T, Self::Cursor, M> {
        let Reply { items, said, meta, bytes } = reply;
        let next = self.next(at, &items, said);
        let page = Page::new(items).bytes(bytes);
        match next {
            Ok(next) => page.next(next),
            Err(problem) => page.problem(problem),
        }
        .meta(meta)
    }
}
