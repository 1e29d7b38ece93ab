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
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }

    /// Tells whether it has this relation, in whatever case.
    #[must_use]
    pub fn has_rel(&self, relation: &str) -> bool {
        self.rels().any(|rel| rel.eq_ignore_ascii_case(relation))
    }

    /// Returns its relations, of the first `rel` that it has.
    pub fn rels(&self) -> impl Iterator<Item = &str> {
        self.param("rel").unwrap_or_default().split_ascii_whitespace()
    }

    /// Returns what it is a link of, where that is not the page that it came with.
    #[must_use]
    pub fn anchor(&self) -> Option<&str> {
        self.param("anchor")
    }

    /// Returns the first parameter of this name, in whatever case; one without a value is empty.
    ///
    /// A name that ends in `*` has its value as it is written, by RFC 8187.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&str> {
        let named = self.params.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
        named.map(|(_, value)| &**value)
    }
}
