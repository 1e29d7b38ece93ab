use url::{Origin, Url};

use crate::pages::error::ErrorKind;

/// Where next pages may lead: the origin of the first, and those that are allowed.
#[derive(Clone, Debug)]
pub(super) struct Origins {
    first: String,
    /// Other origins; `None` if there may be any.
    others: Option<Vec<Origin>>,
}

impl Origins {
    /// Begins at a URL, which is written as all are, and kept as it is if it is none.
    pub(super) fn of(first: String) -> Self {
        let mut url = Url::parse(&first);
        if let Ok(url) = &mut url {
            url.set_fragment(None);
        }
        Self { first: url.map_or(first, String::from), others: Some(Vec::new()) }
    }

    pub(super) fn first(&self) -> String {
        self.first.clone()
    }

    pub(super) fn allow(&mut self, url: &str) {
        if let (Some(others), Ok(url)) = (&mut self.others, Url::parse(url)) {
            others.push(url.origin());
        }
    }

    pub(super) fn allow_any(&mut self) {
        self.others = None;
    }

    /// Resolves a reference in the page at a URL, and checks where it leads.
    ///
    /// The fragment goes, which no server gets to see: with it, a page would not be known again. The
    /// user and password are those of the first page, at its origin alone.
    pub(super) fn resolve(&self, at: &str, reference: &str) -> Result<String, ErrorKind> {
        let base = Url::parse(at).map_err(|_| ErrorKind::BadCursor)?;
        let mut url = base.join(reference).map_err(|_| ErrorKind::BadCursor)?;
        let (origin, is_web) = (url.origin(), matches!(url.scheme(), "http" | "https"));
        let first = Url::parse(&self.first).ok().filter(|first| first.origin() == origin);
        let is_allowed = self.others.as_ref().is_none_or(|others| others.contains(&origin));
        if !is_web || (first.is_none() && !is_allowed) {
            return Err(ErrorKind::ForeignOrigin);
        }
        url.set_fragment(None);
        let (user, password) =
            first.as_ref().map_or(("", None), |first| (first.username(), first.password()));
        // Only URLs without a host refuse them, and these have no origin that could be allowed.
        let has_set = url.set_username(user).and_then(|()| url.set_password(password));
        has_set.map_err(|()| ErrorKind::BadCursor)?;
        Ok(url.into())
    }
}
