/// What a server replied: items, and what it said of going on, by which a [`Style`] makes a [`Page`].
///
/// `S` is what the style wants to hear: see there. `M` is what else came with it, and is kept.
///
/// [`Style`]: crate::pages::Style
/// [`Page`]: crate::pages::Page
///
/// # Examples
///
/// ```
/// use headwater::pages::{Page, Reply, Style, Token};
///
/// let reply = Reply::new(vec!["a"], Some("next please".to_owned())).meta("etag").bytes(17);
/// let page: Page<_, _, _> = Token.page(&None, reply);
/// assert_eq!(page.next, Some(Some("next please".to_owned())));
/// assert_eq!((page.meta, page.bytes), ("etag", 17));
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub struct Reply<T, S, M = ()> {
    /// The items, in order.
    pub items: Vec<T>,
    /// What the server said of going on.
    pub said: S,
    /// What else came with it.
    pub meta: M,
    /// How large it is, in bytes, where somebody wants to limit these.
    pub bytes: u64,
}

impl<T, S> Reply<T, S> {
    /// Makes a reply.
    pub fn new(items: Vec<T>, said: S) -> Self {
        Self { items, said, meta: (), bytes: 0 }
    }
}

impl<T, S, M> Reply<T, S, M> {
    /// Keeps what else came with it.
    #[must_use]
    pub fn meta<N>(self, meta: N) -> Reply<T, S, N> {
        let Self { items, said, bytes, .. } = self;
        Reply { items, said, meta, bytes }
    }

    /// Says how large it is, for [`max_bytes`](crate::pages::Pages::max_bytes).
    #[must_use]
    pub fn bytes(mut self, bytes: u64) -> Self {
        self.bytes = bytes;
        self
    }
}

/// A reply of a server that says nothing but the items.
impl<T> From<Vec<T>> for Reply<T, ()> {
    fn from(items: Vec<T>) -> Self {
        Self::new(items, ())
    }
}
