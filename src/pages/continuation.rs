use std::fmt;
use std::hash::Hash;
use std::marker::PhantomData;

use crate::pages::error::ErrorKind;
use crate::pages::iter::{Fetched, Pages};
use crate::pages::reply::Reply;
use crate::pages::style::{Style, by};

/// Gives pages by what each says to begin after: `LastEvaluatedKey`, a number, a pair.
///
/// It is [`token`](crate::pages::token) for what is no text: `fetch` gets what to begin after, `None`
/// for the first page, and gives the items and what the next page begins after. Nothing is the end; a page
/// without items is none, and servers that filter give such.
///
/// # Errors
///
/// Those of [`pages`](crate::pages()).
///
/// # Examples
///
/// ```
/// use headwater::pages::{self, Reply};
///
/// // Reads three rows at a time, and gives the even ones.
/// let scan = |start: Option<(&'static str, u32)>| {
///     let first = start.map_or(1, |(_, id)| id + 1);
///     let even = (first..first + 3).filter(|id| id % 2 == 0).collect();
///     Ok::<_, String>(Reply::new(even, (first < 7).then_some(("table", first + 2))))
/// };
/// assert!(pages::continuation(scan).items().map(Result::unwrap).eq([2, 4, 6, 8]));
/// ```
#[expect(clippy::type_complexity, reason = "the type of a closure has no other name")]
pub fn continuation<T, K, M, E, F>(
    fetch: F,
) -> Pages<Option<K>, impl FnMut(Option<K>) -> Fetched<T, Option<K>, M, E>>
where
    K: Clone + Eq + Hash,
    F: FnMut(Option<K>) -> Result<Reply<T, Option<K>, M>, E>,
{
    by(Continuation::new(), fetch)
}

/// The style of servers that say what the next page begins after.
///
/// It is that of [`continuation`]. See its documentation for more.
pub struct Continuation<K>(PhantomData<fn() -> K>);

impl<K> Continuation<K> {
    /// Makes the style.
    #[must_use]
    pub fn new() -> Self {
        Self(PhantomData)
    }
}

impl<K> Clone for Continuation<K> {
    fn clone(&self) -> Self {
        Self::new()
    }
}

impl<K> Default for Continuation<K> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K> fmt::Debug for Continuation<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Continuation")
    }
}

impl<T, K: Clone + Eq + Hash> Style<T> for Continuation<K> {
    /// What the page begins after; `None` is the first page.
    type Cursor = Option<K>;
    /// What the next page begins after.
    type Said = Option<K>;

    fn first(&self) -> Option<K> {
        None
    }

    fn next(
        &self,
        _: &Option<K>,
        _: &[T],
        said: Option<K>,
    ) -> Result<Option<Option<K>>, ErrorKind> {
        Ok(said.map(Some))
    }
}
