use crate::pages::error::ErrorKind;
use crate::pages::iter::{Fetched, Pages};
use crate::pages::origins::Origins;
use crate::pages::reply::Reply;
use crate::pages::style::{Style, by};

/// Gives pages by the URL that each has of the next: `next`, `links.next`, `@odata.nextLink`.
///
/// `fetch` gets a URL, and gives the items and the URL of the next page, which is resolved against that
/// of the page. No URL and an empty one are the end. [`link`](crate::pages::link) is for those that
/// stand in a header. A redirect is not seen here: references are relative to what was asked for.
///
/// # Errors
///
/// Those of [`pages`](crate::pages()); after the items of a page [`ErrorKind::BadCursor`], if its next
/// URL, or its own, can't be read, and [`ErrorKind::ForeignOrigin`] if it leads to another scheme, host
/// or port than the first: whoever can write into a reply would have the client's credentials sent
/// there. [`NextUrl::allow_origin`] allows one.
///
/// # Examples
///
/// ```
/// use headwater::pages::{self, Reply};
///
/// let feed = pages::next_url("https://example.com/items", |url| Ok::<_, String>(match &*url {
///     "https://example.com/items" => Reply::new(vec![1, 2], Some("?after=2".to_owned())),
///     "https://example.com/items?after=2" => Reply::new(vec![3], None),
///     _ => unreachable!(),
/// }));
/// assert!(feed.items().map(Result::unwrap).eq([1, 2, 3]));
/// ```
pub fn next_url<T, M, E, F>(
    first: impl Into<String>,
    fetch: F,
) -> Pages<String, impl FnMut(String) -> Fetched<T, String, M, E>>
where
    F: FnMut(String) -> Result<Reply<T, Option<String>, M>, E>,
{
    by(NextUrl::from(first), fetch)
}

/// The style of servers that give the URL of the next page.
///
/// It is that of [`next_url`]. See its documentation for more.
#[derive(Clone, Debug)]
pub struct NextUrl {
    origins: Origins,
}

impl NextUrl {
    /// Begins with the page at this URL, which is absolute.
    ///
    /// A password in it is in every cursor, and so in positions and the text of errors: send it in a
    /// header.
    #[must_use]
    pub fn from(first: impl Into<String>) -> Self {
        Self { origins: Origins::of(first.into()) }
    }

    /// Allows next pages at the origin of this URL, too: its scheme, host and port.
    ///
    /// The user and password of a URL are not sent there. What else `fetch` sends is its own affair. What
    /// is no URL allows nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::pages::{ErrorKind, NextUrl, Style};
    ///
    /// let first = "http://example.com/1".to_owned();
    /// let style = NextUrl::from(&first).allow_origin("https://example.com");
    /// let next = |url: &str| style.next(&first, &["an item"], Some(url.to_owned()));
    /// assert_eq!(next("https://example.com/2"), Ok(Some("https://example.com/2".to_owned())));
    /// assert_eq!(next("https://example.org/2"), Err(ErrorKind::ForeignOrigin));
    /// ```
    #[must_use]
    pub fn allow_origin(mut self, url: &str) -> Self {
        self.origins.allow(url);
        self
    }

    /// Allows next pages at any origin of the web, for replies that can be trusted.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::pages::{ErrorKind, NextUrl, Style};
    ///
    /// let first = "https://example.com/1".to_owned();
    /// let style = NextUrl::from(&first).allow_any_origin();
    /// let next = |url: &str| style.next(&first, &["an item"], Some(url.to_owned()));
    /// assert!(next("https://example.org/2").is_ok());
    /// assert_eq!(next("file:///etc/passwd"), Err(ErrorKind::ForeignOrigin));
    /// ```
    #[must_use]
    pub fn allow_any_origin(mut self) -> Self {
        self.origins.allow_any();
        self
    }
}

impl<T> Style<T> for NextUrl {
    /// The URL of a page.
    type Cursor = String;
    /// The URL of the next page.
    type Said = Option<String>;

    fn first(&self) -> String {
        self.origins.first()
    }

    fn next(
        &self,
        at: &String,
        _: &[T],
        said: Option<String>,
    ) -> Result<Option<String>, ErrorKind> {
        let reference = said.filter(|url| !url.is_empty());
        reference.map(|reference| self.origins.resolve(at, &reference)).transpose()
    }
}
