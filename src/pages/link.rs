/// One link: where it leads, and what is said of it.
///
/// # Examples
///
/// ```
/// use headwater::pages::Links;
///
/// let links = Links::of(r#"<?page=2>; rel="next"; title="the \"next\" one"; Results=true"#);
/// let next = links.rel("next").unwrap();
/// assert_eq!(next.target(), "?page=2");
/// assert_eq!(next.param("title"), Some(r#"the "next" one"#));
/// assert_eq!(next.param("results"), Some("true"));
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Link {
    pub(super) target: String,
    /// Names in lower case, and values.
    pub(super) params: Vec<(String, String)>,
}

impl Link {
    /// Returns where it leads, as it is written: mostly a reference that is to be resolved.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::pages::Links;
    ///
    /// let links = Links::of("</v2/_catalog?last=team%2Fsvc-00003&n=3>; rel=\"next\"");
    /// let next = links.rel("next").unwrap();
    /// assert_eq!(next.target(), "/v2/_catalog?last=team%2Fsvc-00003&n=3");
    /// ```
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }

    /// Tells whether it has this relation, in whatever case.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::pages::Links;
    ///
    /// let links = Links::of("</2>; rel=\"Next Last\"");
    /// let link = links.iter().next().unwrap();
    /// assert!(link.has_rel("next") && link.has_rel("last") && !link.has_rel("prev"));
    /// ```
    #[must_use]
    pub fn has_rel(&self, relation: &str) -> bool {
        self.rels().any(|rel| rel.eq_ignore_ascii_case(relation))
    }

    /// Returns its relations, of the first `rel` that it has.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::pages::Links;
    ///
    /// let links = Links::of("</2>; rel=\"next last\"; rel=prev");
    /// assert!(links.rel("next").unwrap().rels().eq(["next", "last"]));
    /// ```
    pub fn rels(&self) -> impl Iterator<Item = &str> {
        self.param("rel").unwrap_or_default().split_ascii_whitespace()
    }

    /// Returns what it is a link of, where that is not the page that it came with.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::pages::Links;
    ///
    /// let links = Links::of("</terms>; rel=license; anchor=\"#photo\"");
    /// assert_eq!(links.rel("license").unwrap().anchor(), Some("#photo"));
    /// ```
    #[must_use]
    pub fn anchor(&self) -> Option<&str> {
        self.param("anchor")
    }

    /// Returns the first parameter of this name, in whatever case; one without a value is empty.
    ///
    /// A name that ends in `*` has its value as it is written, by RFC 8187.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::pages::Links;
    ///
    /// let links = Links::of("</2>; rel=next; results=\"true\"; title*=UTF-8'en'more");
    /// let next = links.rel("next").unwrap();
    /// assert_eq!((next.param("Results"), next.param("type")), (Some("true"), None));
    /// assert_eq!(next.param("title*"), Some("UTF-8'en'more"));
    /// ```
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&str> {
        let named = self.params.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
        named.map(|(_, value)| &**value)
    }
}
