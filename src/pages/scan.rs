use crate::pages::error::ErrorKind;
use crate::pages::iter::{Fetched, Pages};
use crate::pages::reply::Reply;
use crate::pages::style::{Style, by};
use crate::pages::turns::OnRepeat;

/// Gives the pages of Redis' `SCAN`, and of `HSCAN`, `SSCAN` and `ZSCAN`: **at least once**.
///
/// `fetch` gets the cursor and gives the items and the cursor that was returned. 0 is the first cursor
/// and, returned, the end.
///
/// What the server promises is that an item which is there from the beginning to the end is given; not
/// that it is given once. While its table shrinks, whole pages come again, the first one too, so a
/// cursor that was seen before is no error here, and [`max_pages`](Pages::max_pages) is the only
/// guard against a server that never ends. [`distinct_by`](crate::pages::Items::distinct_by) leaves out
/// what came lately. Items that were added or deleted meanwhile may be given or not.
///
/// In the middle of a page, the position counts its items, and when it is fetched again, it may have others:
/// where the table changes meanwhile, note positions of the pages, not of the items.
///
/// Pages have any number of items, more and fewer than the `COUNT`, and often none with a `MATCH`.
/// Cursors have no order, and the server accepts any number as one: a position that was noted before a
/// restart, or of another server, is not refused, and may skip or repeat anything.
///
/// # Errors
///
/// Those of [`pages`](crate::pages()), but not [`ErrorKind::Repeated`].
///
/// # Examples
///
/// ```
/// use headwater::pages::{self, Reply};
///
/// let keys = pages::scan(|cursor| Ok::<_, String>(match cursor {
///     0 => Reply::new(vec!["a", "b"], 7168),
///     7168 => Reply::new(vec![], 512),
///     _ => Reply::new(vec!["b", "c"], 0),
/// }));
/// let distinct = keys.items().distinct_by(1000, |key| *key);
/// assert!(distinct.map(Result::unwrap).eq(["a", "b", "c"]));
/// ```
pub fn scan<T, M, E, F>(fetch: F) -> Pages<u64, impl FnMut(u64) -> Fetched<T, u64, M, E>>
where
    F: FnMut(u64) -> Result<Reply<T, u64, M>, E>,
{
    by(Scan, fetch)
}

/// The style of Redis' `SCAN`: at least once.
///
/// It is that of [`scan`]. See its documentation for more.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scan;

impl<T> Style<T> for Scan {
    /// The cursor; 0 is the first.
    type Cursor = u64;
    /// The cursor that was returned; 0 is the end.
    type Said = u64;

    fn first(&self) -> u64 {
        0
    }

    fn next(&self, _: &u64, _: &[T], said: u64) -> Result<Option<u64>, ErrorKind> {
        Ok((said != 0).then_some(said))
    }

    /// Cursors come again while the table shrinks.
    fn on_repeat(&self) -> OnRepeat {
        OnRepeat::Allow
    }
}
