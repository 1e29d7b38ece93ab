use crate::pages::error::ErrorKind;
use crate::pages::iter::{Fetched, Pages};
use crate::pages::reply::Reply;
use crate::pages::style::{Style, by};

/// Gives pages by how many items come before them: `offset` and `limit`, `skip` and `top`.
///
/// `fetch` gets the offset, and gives the items and how many there are in all, if the server says so.
/// The next page begins after as many items as came, not as were asked for, so a server that gives
/// fewer loses none. Where the total is known, it is the end, and the latest that was said counts.
/// Where it is not, the first page without items is the end, or, with
/// [`page_size`](Offset::page_size), the first with fewer.
///
/// What is inserted or deleted meanwhile before the offset moves the items: some come twice, some
/// never. A server that has a cursor is safer. If the total is an estimate, don't pass it on.
///
/// # Errors
///
/// Those of [`pages`](crate::pages()); [`ErrorKind::NoCursor`] after a page without items before the
/// total, since nothing says how many were left out.
///
/// # Examples
///
/// ```
/// use headwater::pages::{self, Reply};
///
/// let letters = ["a", "b", "c", "d", "e"];
/// let feed = pages::offset(|offset| {
///     let items = letters.into_iter().skip(offset as usize).take(2).collect();
///     Ok::<_, String>(Reply::new(items, Some(5)))
/// });
/// assert!(feed.items().map(Result::unwrap).eq(letters));
/// ```
pub fn offset<T, M, E, F>(fetch: F) -> Pages<u64, impl FnMut(u64) -> Fetched<T, u64, M, E>>
where
    F: FnMut(u64) -> Result<Reply<T, Option<u64>, M>, E>,
{
    by(Offset::new(), fetch)
}

/// The style of servers whose pages begin at an offset.
///
/// It is that of [`offset`]. See its documentation for more.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Offset {
    page_size: usize,
}

impl Offset {
    /// Begins with the first item.
    #[must_use]
    pub fn new() -> Self {
        Self { page_size: 1 }
    }

    /// Ends with a page that has fewer items than this, if nothing is said of how many there are.
    ///
    /// It saves the last request, and loses all but the first page if the server gives fewer than it is
    /// asked for: some have a limit of their own, and do not say so.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::pages::{Offset, Style};
    ///
    /// let style = Offset::new().page_size(2);
    /// assert_eq!(style.next(&0, &["a", "b"], None), Ok(Some(2)));
    /// assert_eq!(style.next(&2, &["c"], None), Ok(None));
    /// ```
    #[must_use]
    pub fn page_size(mut self, items: usize) -> Self {
        self.page_size = items.max(1);
        self
    }
}

impl Default for Offset {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Style<T> for Offset {
    /// How many items come before.
    type Cursor = u64;
    /// How many items there are in all.
    type Said = Option<u64>;

    fn first(&self) -> u64 {
        0
    }

    fn next(&self, at: &u64, items: &[T], said: Option<u64>) -> Result<Option<u64>, ErrorKind> {
        let next = at.checked_add(items.len() as u64);
        match said {
            Some(total) if next.is_none_or(|next| next >= total) => Ok(None),
            Some(_) if items.is_empty() => Err(ErrorKind::NoCursor),
            None if items.len() < self.page_size => Ok(None),
            _ => Ok(next),
        }
    }
}
