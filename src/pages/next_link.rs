use url::Url;

use crate::pages::error::ErrorKind;
use crate::pages::iter::{Fetched, Pages};
use crate::pages::link::Link;
use crate::pages::links::Links;
use crate::pages::origins::Origins;
use crate::pages::reply::Reply;
use crate::pages::style::{Style, by};

/// Gives pages by their header `Link: <…>; rel="next"` (RFC 8288): GitHub, registries.
///
/// `fetch` gets a URL, and gives the items and the [`Links`] of the headers. The first link that is
/// `next` leads on, resolved against the URL of the page; there is none on the last. A redirect is not
/// seen here: references are relative to what was asked for.
///
/// # Errors
///
/// Those of [`pages`](crate::pages()); after the items of a page [`ErrorKind::BadCursor`], if its next
/// URL, or its own, can't be read, or there is none and something in the headers is no link; and
/// [`ErrorKind::ForeignOrigin`] if it leads to another scheme, host or port than the first: see
/// [`next_url`](crate::pages::next_url). [`NextLink::allow_origin`] allows one.
///
/// # Examples
///
/// ```
/// use headwater::pages::{self, Links, Reply};
///
/// let feed = pages::link("https://example.com/v2/_catalog?n=2", |url| Ok::<_, String>(
///     if url.ends_with("n=2") {
///         Reply::new(vec!["a", "b"], Links::of(r#"</v2/_catalog?last=b>; rel="next""#))
///     } else {
///         Reply::new(vec!["c"], Links::default())
///     }
/// ));
/// assert!(feed.items().map(Result::unwrap).eq(["a", "b", "c"]));
/// ```
pub fn link<T, M, E, F>(
    first: impl Into<String>,
    fetch: F,
) -> Pages<String, impl FnMut(String) -> Fetched<T, String, M, E>>
where
    F: FnMut(String) -> Result<Reply<T, Links, M>, E>,
{
    by(NextLink::from(first), fetch)
}

/// The style of servers that link to the next page in a header.
///
/// It is that of [`link`]. See its documentation for more.
#[derive(Clone, Debug)]
pub struct NextLink {
    origins: Origins,
}

impl NextLink {
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
    /// use headwater::pages::{Links, NextLink, Style};
    ///
    /// let style = NextLink::from("http://example.com/1").allow_origin("https://example.com");
    /// let links = Links::of("<https://example.com/2>; rel=next");
    /// let next = style.next(&"http://example.com/1".to_owned(), &["an item"], links);
    /// assert_eq!(next, Ok(Some("https://example.com/2".to_owned())));
    /// ```
    #[must_use]
    pub fn allow_origin(mut self, url: &str) -> Self {
        self.origins.allow(url);
        self
    }

    /// Allows next pages at any origin of the web, for servers that can be trusted.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::pages::{ErrorKind, Links, NextLink, Style};
    ///
    /// let first = "https://example.com/1".to_owned();
    /// let style = NextLink::from(&first).allow_any_origin();
    /// let next = |link: &str| style.next(&first, &["an item"], Links::of(link));
    /// assert!(next("<https://example.org/2>; rel=next").is_ok());
    /// assert_eq!(next("<file:///etc/passwd>; rel=next"), Err(ErrorKind::ForeignOrigin));
    /// ```
    #[must_use]
    pub fn allow_any_origin(mut self) -> Self {
        self.origins.allow_any();
        self
    }
}

impl<T> Style<T> for NextLink {
    /// The URL of a page.
    type Cursor = String;
    /// What the headers link to.
    type Said = Links;

    fn first(&self) -> String {
        self.origins.first()
    }

    fn next(&self, at: &String, _: &[T], said: Links) -> Result<Option<String>, ErrorKind> {
        let next = said.iter().find(|link| link.has_rel("next") && is_about(link, at));
        match next {
            Some(link) => self.origins.resolve(at, link.target()).map(Some),
            None if said.is_damaged() => Err(ErrorKind::BadCursor),
            None => Ok(None),
        }
    }
}

/// Tells whether a link is one of the page at a URL, and not, by its `anchor`, of something else.
fn is_about(link: &Link, at: &str) -> bool {
    let Some(anchor) = link.anchor() else {
        return true;
    };
    Url::parse(at).is_ok_and(|page| page.join(anchor).is_ok_and(|context| context == page))
}
