use crate::pages::link::Link;
use crate::pages::link_parser::Parser;

/// The links in the `Link` headers of a response (RFC 8288).
///
/// Headers that come several times are given one after the other. Nothing in them panics, and the
/// time and memory taken are proportional to their length. What can't be read as a link is left out,
/// and [`is_damaged`](Links::is_damaged) tells of it.
///
/// # Examples
///
/// ```
/// use headwater::pages::Links;
///
/// let headers = ["</1>; rel=\"prev start\", </3>; REL=next", "</terms>; rel=license"];
/// let links: Links = headers.into_iter().collect();
/// assert_eq!(links.rel("next").unwrap().target(), "/3");
/// assert_eq!(links.rel("Start").unwrap().target(), "/1");
/// assert_eq!(links.iter().count(), 3);
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Links {
    links: Vec<Link>,
    is_damaged: bool,
}

impl Links {
    /// Reads the value of one header.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::pages::Links;
    ///
    /// let links = Links::of(b"<?page=2>; rel=next");
    /// assert_eq!(links.rel("next").unwrap().target(), "?page=2");
    /// ```
    #[must_use]
    pub fn of(header: impl AsRef<[u8]>) -> Self {
        [header].into_iter().collect()
    }

    /// Returns the first link with this relation, in whatever case, whatever page it is of.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::pages::Links;
    ///
    /// let links = Links::of("</1>; rel=prev, </3>; rel=\"next last\"");
    /// assert_eq!(links.rel("last").unwrap().target(), "/3");
    /// assert!(links.rel("first").is_none());
    /// ```
    #[must_use]
    pub fn rel(&self, relation: &str) -> Option<&Link> {
        self.links.iter().find(|link| link.has_rel(relation))
    }

    /// Returns all links, in order.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::pages::{Link, Links};
    ///
    /// let links = Links::of("</1>; rel=prev, </3>; rel=next");
    /// assert!(links.iter().map(Link::target).eq(["/1", "/3"]));
    /// ```
    pub fn iter(&self) -> std::slice::Iter<'_, Link> {
        self.links.iter()
    }

    /// Tells whether something in the headers is no link, or breaks off.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::pages::Links;
    ///
    /// assert!(Links::of("https://example.com/?page=2; rel=next").is_damaged());
    /// assert!(!Links::of("").is_damaged());
    /// ```
    #[must_use]
    pub fn is_damaged(&self) -> bool {
        self.is_damaged
    }
}

/// Of the values of all `Link` headers, as text or as bytes.
impl<H: AsRef<[u8]>> FromIterator<H> for Links {
    fn from_iter<I: IntoIterator<Item = H>>(headers: I) -> Self {
        let mut all = Self::default();
        for header in headers {
            let header = String::from_utf8_lossy(header.as_ref());
            let mut parser = Parser::new(&header);
            all.links.extend(&mut parser);
            all.is_damaged |= parser.is_damaged();
        }
        all
    }
}

impl<'a> IntoIterator for &'a Links {
    type Item = &'a Link;
    type IntoIter = std::slice::Iter<'a, Link>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
