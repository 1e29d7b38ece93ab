use std::fmt;
use std::hash::Hash;

use crate::pages::error::ErrorKind;
use crate::pages::iter::{Fetched, Pages};
use crate::pages::reply::Reply;
use crate::pages::style::{Style, by};

/// Gives pages by the key of the last item: `since_id`, `WHERE (at, id) > ($1, $2) ORDER BY at, id`.
///
/// `fetch` gets the key to begin after, `None` for the first page, and gives the items, in the order
/// of their keys. The first page without items is the end, or, with
/// [`page_size`](Keyset::page_size), the first with fewer. What is inserted or deleted meanwhile moves
/// nothing.
///
/// The key has to be of one item alone: of those that share one, the rest is lost where a page ends
/// between them. Add what breaks the tie, as in `(at, id)`.
///
/// # Errors
///
/// Those of [`pages`](crate::pages()); [`ErrorKind::Tied`] after a page that is not the last, and
/// whose last two items have the same key.
///
/// # Examples
///
/// ```
/// use headwater::pages;
///
/// let rows = [(1, "a"), (1, "b"), (2, "c"), (2, "d"), (2, "e")];
/// let query = |after: Option<(u32, &'static str)>| {
///     let later = rows.into_iter().filter(|row| after.is_none_or(|after| *row > after));
///     Ok::<_, String>(later.take(2).collect::<Vec<_>>().into())
/// };
/// assert!(pages::keyset(|row| *row, query).items().map(Result::unwrap).eq(rows));
/// ```
#[expect(clippy::type_complexity, reason = "the type of a closure has no other name")]
pub fn keyset<T, K, M, E, G, F>(
    key: G,
    fetch: F,
) -> Pages<Option<K>, impl FnMut(Option<K>) -> Fetched<T, Option<K>, M, E>>
where
    K: Clone + Eq + Hash,
    G: Fn(&T) -> K,
    F: FnMut(Option<K>) -> Result<Reply<T, (), M>, E>,
{
    by(Keyset::new(key), fetch)
}

/// The style of servers whose pages begin after a key.
///
/// It is that of [`keyset`]. See its documentation for more.
#[derive(Clone, Copy)]
pub struct Keyset<G> {
    key: G,
    page_size: usize,
    allows_ties: bool,
}

impl<G> Keyset<G> {
    /// Begins after the key of the last item.
    pub fn new<T, K>(key: G) -> Self
    where
        G: Fn(&T) -> K,
    {
        Self { key, page_size: 1, allows_ties: false }
    }

    /// Ends with a page that has fewer items than this.
    ///
    /// It saves the last request, and loses all but the first page if the server gives fewer than it is
    /// asked for: some have a limit of their own, and do not say so.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::pages::{Keyset, Style};
    ///
    /// let style = Keyset::new(|id: &u32| *id).page_size(2);
    /// assert_eq!(style.next(&None, &[7, 8], ()), Ok(Some(Some(8))));
    /// assert_eq!(style.next(&Some(8), &[9], ()), Ok(None));
    /// ```
    #[must_use]
    pub fn page_size(mut self, items: usize) -> Self {
        self.page_size = items.max(1);
        self
    }

    /// Goes on where the last two items of a page have the same key, and may lose others that have it.
    ///
    /// It is for servers that never end a page between them.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::pages::{ErrorKind, Keyset, Style};
    ///
    /// let style = Keyset::new(|at: &u32| *at);
    /// assert_eq!(style.next(&None, &[8, 8], ()), Err(ErrorKind::Tied));
    /// assert_eq!(style.allow_ties().next(&None, &[8, 8], ()), Ok(Some(Some(8))));
    /// ```
    #[must_use]
    pub fn allow_ties(mut self) -> Self {
        self.allows_ties = true;
        self
    }
}

impl<G> fmt::Debug for Keyset<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyset")
            .field("page_size", &self.page_size)
            .field("allows_ties", &self.allows_ties)
            .finish_non_exhaustive()
    }
}

impl<T, K, G> Style<T> for Keyset<G>
where
    K: Clone + Eq + Hash,
    G: Fn(&T) -> K,
{
    /// The key that the page begins after; `None` is the first page.
    type Cursor = Option<K>;
    type Said = ();

    fn first(&self) -> Option<K> {
        None
    }

    fn next(&self, _: &Option<K>, items: &[T], (): ()) -> Result<Option<Option<K>>, ErrorKind> {
        let last = items.last().filter(|_| items.len() >= self.page_size);
        let Some(key) = last.map(&self.key) else {
            return Ok(None);
        };
        let before = items.len().checked_sub(2).and_then(|index| items.get(index));
        let is_tied = before.is_some_and(|before| (self.key)(before) == key);
        if is_tied && !self.allows_ties { Err(ErrorKind::Tied) } else { Ok(Some(Some(key))) }
    }
}
