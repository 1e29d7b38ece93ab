use crate::pages::error::ErrorKind;
use crate::pages::iter::{Fetched, Pages};
use crate::pages::reply::Reply;
use crate::pages::style::{Style, by};

/// Gives pages by their number, from a first one on, which is 1 or 0.
///
/// `fetch` gets the number of a page, and gives the items and how many pages there are, if the server
/// says so. Where it does, the last of them is the end, and one without items is none; the latest that
/// was said counts. Where it does not, the first page without items is the end, or, with
/// [`page_size`](Numbered::page_size), the first with fewer.
///
/// What is inserted or deleted meanwhile moves items to other pages: some come twice, some never. A
/// server that has a cursor is safer.
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
/// let known = pages::numbered(1, |page| Ok::<_, String>(Reply::new(vec![page], Some(3))));
/// assert!(known.items().map(Result::unwrap).eq([1, 2, 3]));
///
/// let unknown = pages::numbered(0, |page| {
///     let items = if page < 2 { vec![page] } else { vec![] };
///     Ok::<_, String>(Reply::new(items, None))
/// });
/// assert!(unknown.items().map(Result::unwrap).eq([0, 1]));
/// ```
pub fn numbered<T, M, E, F>(
    first: u64,
    fetch: F,
) -> Pages<u64, impl FnMut(u64) -> Fetched<T, u64, M, E>>
where
    F: FnMut(u64) -> Result<Reply<T, Option<u64>, M>, E>,
{
    by(Numbered::from(first), fetch)
}

/// The style of servers whose pages have numbers.
///
/// It is that of [`numbered`]. See its documentation for more.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Numbered {
    first: u64,
    page_size: usize,
}

impl Numbered {
    /// Begins with the page of this number.
    ///
    /// It is the number of the first page there is: a total counts from it. To begin elsewhere, resume
    /// at that page.
    #[must_use]
    pub fn from(first: u64) -> Self {
        Self { first, page_size: 1 }
    }

    /// Ends with a page that has fewer items than this, if nothing is said of how many pages there are.
    ///
    /// It saves the last request, and loses all but the first page if the server gives fewer than it is
    /// asked for: some have a limit of their own, and do not say so.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::pages::{Numbered, Style};
    ///
    /// let style = Numbered::from(1).page_size(2);
    /// assert_eq!(style.next(&1, &["a", "b"], None), Ok(Some(2)));
    /// assert_eq!(style.next(&2, &["c"], None), Ok(None));
    /// ```
    #[must_use]
    pub fn page_size(mut self, items: usize) -> Self {
        self.page_size = items.max(1);
        self
    }
}

impl<T> Style<T> for Numbered {
    /// The number of a page.
    type Cursor = u64;
    /// How many pages there are.
    type Said = Option<u64>;

    fn first(&self) -> u64 {
        self.first
    }

    fn next(&self, at: &u64, items: &[T], said: Option<u64>) -> Result<Option<u64>, ErrorKind> {
        let is_followed = match said {
            Some(pages) => at.saturating_sub(self.first) < pages.saturating_sub(1),
            None => items.len() >= self.page_size,
        };
        Ok(at.checked_add(1).filter(|_| is_followed))
    }
}
