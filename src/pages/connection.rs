use crate::pages::error::ErrorKind;
use crate::pages::iter::{Fetched, Pages};
use crate::pages::reply::Reply;
use crate::pages::style::{Style, by};

/// Gives the pages of a GraphQL connection, by its `pageInfo { endCursor hasNextPage }`.
///
/// `fetch` gets what to ask for as `after`, `None` for the first page, and gives the nodes and the
/// [`PageInfo`]. The end is where `hasNextPage` is false, whatever the cursor is.
///
/// # Errors
///
/// Those of [`pages`](crate::pages()); [`ErrorKind::NoCursor`] after the nodes of a page that has a
/// next one and no cursor.
///
/// # Examples
///
/// ```
/// use headwater::pages::{self, PageInfo, Reply};
///
/// let feed = pages::connection(|after| Ok::<_, String>(match after.as_deref() {
///     None => Reply::new(vec!["a", "b"], PageInfo::new(Some("Mg"), true)),
///     Some("Mg") => Reply::new(vec!["c"], PageInfo::new(Some("Mw"), false)),
///     _ => unreachable!(),
/// }));
/// assert!(feed.items().map(Result::unwrap).eq(["a", "b", "c"]));
/// ```
#[expect(clippy::type_complexity, reason = "the type of a closure has no other name")]
pub fn connection<T, M, E, F>(
    fetch: F,
) -> Pages<Option<String>, impl FnMut(Option<String>) -> Fetched<T, Option<String>, M, E>>
where
    F: FnMut(Option<String>) -> Result<Reply<T, PageInfo, M>, E>,
{
    by(Connection, fetch)
}

/// What a page of a connection says of the next: GraphQL's `pageInfo`.
///
/// With the feature `serde` it is read from the JSON that servers send.
///
/// # Examples
///
#[cfg_attr(feature = "serde", doc = "```")]
#[cfg_attr(not(feature = "serde"), doc = "```text")]
/// use headwater::pages::PageInfo;
///
/// let reply = r#"{ "endCursor": null, "hasNextPage": false, "startCursor": null }"#;
/// let info: PageInfo = serde_json::from_str(reply)?;
/// assert_eq!(info, PageInfo::new(None, false));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
#[non_exhaustive]
pub struct PageInfo {
    /// The cursor behind the last node.
    #[cfg_attr(feature = "serde", serde(default))]
    pub end_cursor: Option<String>,
    /// Whether there is another page.
    pub has_next_page: bool,
}

impl PageInfo {
    /// Makes it of its parts.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::pages::PageInfo;
    ///
    /// let info = PageInfo::new(Some("Mg=="), true);
    /// assert_eq!((info.end_cursor.as_deref(), info.has_next_page), (Some("Mg=="), true));
    /// ```
    #[must_use]
    pub fn new(end_cursor: Option<&str>, has_next_page: bool) -> Self {
        Self { end_cursor: end_cursor.map(str::to_owned), has_next_page }
    }
}

/// The style of GraphQL connections.
///
/// It is that of [`connection`]. See its documentation for more.
#[derive(Clone, Copy, Debug, Default)]
pub struct Connection;

impl<T> Style<T> for Connection {
    /// What to ask for as `after`; `None` is the first page.
    type Cursor = Option<String>;
    type Said = PageInfo;

    fn first(&self) -> Option<String> {
        None
    }

    fn next(
        &self,
        _: &Option<String>,
        _: &[T],
        said: PageInfo,
    ) -> Result<Option<Option<String>>, ErrorKind> {
        match said.end_cursor.filter(|cursor| !cursor.is_empty()) {
            _ if !said.has_next_page => Ok(None),
            Some(cursor) => Ok(Some(Some(cursor))),
            None => Err(ErrorKind::NoCursor),
        }
    }
}
