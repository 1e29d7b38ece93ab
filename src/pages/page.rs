use crate::pages::error::ErrorKind;

/// One page of what a server has: items, and where the next page is.
///
/// `M` is what else came with it, and is kept: a total, headers, the state of a rate limit.
///
/// # Examples
///
/// ```
/// use headwater::pages::Page;
///
/// let page = Page::new(["a", "b"]).next("token").meta(2_u64);
/// assert_eq!((page.items.len(), page.next, page.meta), (2, Some("token"), 2));
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub struct Page<T, C, M = ()> {
    /// The items, in order.
    pub items: Vec<T>,
    /// Where the next page is; `None` after the last.
    pub next: Option<C>,
    /// What else came with it.
    pub meta: M,
    /// How large it is, in bytes, where somebody wants to limit these.
    pub bytes: u64,
    /// What is wrong with where the next page is.
    pub(super) problem: Option<ErrorKind>,
}

impl<T, C> Page<T, C> {
    /// Makes a page, which is the last unless it has a next.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::pages::Page;
    ///
    /// let last: Page<_, u32> = Page::new(vec!["a", "b"]);
    /// assert_eq!((last.items, last.next), (vec!["a", "b"], None));
    /// ```
    pub fn new(items: impl Into<Vec<T>>) -> Self {
        Self { items: items.into(), next: None, meta: (), bytes: 0, problem: None }
    }
}

impl<T, C, M> Page<T, C, M> {
    /// Sets where the next page is: a cursor, or `None`, which is no page.
    ///
    /// Where cursors are `Option`s themselves, as with `pages(None, …)`, say `Some(next)` for a page, or
    /// take [`token`](crate::pages::token) or [`continuation`](crate::pages::continuation): a bare
    /// `None` of theirs is a cursor, that of the first page.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::pages::Page;
    ///
    /// assert_eq!(Page::new(["a"]).next(2).next, Some(2));
    /// assert_eq!(Page::new(["a"]).next(Some(2)).next, Some(2));
    /// ```
    #[must_use]
    pub fn next(mut self, cursor: impl Into<Option<C>>) -> Self {
        self.next = cursor.into();
        self
    }

    /// Keeps what else came with the page.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::pages::{Page, pages};
    ///
    /// let mut feed = pages(1, |n| Ok::<_, String>(Page::new(["a"]).next(n + 1).meta("17 in all")));
    /// assert_eq!(feed.next().unwrap()?.meta, "17 in all");
    /// # Ok::<(), headwater::pages::Error<u32, String>>(())
    /// ```
    #[must_use]
    pub fn meta<N>(self, meta: N) -> Page<T, C, N> {
        let Self { items, next, bytes, problem, .. } = self;
        Page { items, next, meta, bytes, problem }
    }

    /// Says what is wrong with where the next page is; it is given after the items.
    #[must_use]
    pub(super) fn problem(mut self, problem: ErrorKind) -> Self {
        self.problem = Some(problem);
        self
    }

    /// Says how large the page is, for [`max_bytes`](crate::pages::Pages::max_bytes).
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::pages::{ErrorKind, Page, pages};
    ///
    /// let body = r#"["a", "b"]"#;
    /// let feed = |n| Ok::<_, String>(Page::new(["a", "b"]).next(n + 1).bytes(body.len() as u64));
    /// let mut items = pages(1, feed).max_bytes(25).items();
    /// assert_eq!(items.by_ref().take(4).filter(|item| item.is_ok()).count(), 4);
    /// assert_eq!(items.next().unwrap().unwrap_err().kind(), ErrorKind::TooManyBytes);
    /// ```
    #[must_use]
    pub fn bytes(mut self, bytes: u64) -> Self {
        self.bytes = bytes;
        self
    }
}
