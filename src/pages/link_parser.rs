use crate::pages::link::Link;

const WHITESPACE: [char; 4] = [' ', '\t', '\r', '\n'];

/// Cuts links from the value of a header, by RFC 8288, appendix B, which forgives more than the grammar.
///
/// It goes past what is no link up to the next comma, where that algorithm gives up.
pub(super) struct Parser<'a> {
    rest: &'a str,
    is_damaged: bool,
}

impl<'a> Parser<'a> {
    pub(super) fn new(header: &'a str) -> Self {
        Self { rest: header, is_damaged: false }
    }

    /// Tells whether something before what is left is no link.
    pub(super) fn is_damaged(&self) -> bool {
        self.is_damaged
    }

    /// Cuts a link, if there is one.
    fn link(&mut self) -> Option<Link> {
        let inner = self.rest.strip_prefix('<')?;
        let end = inner.find(['<', '>']).unwrap_or(inner.len());
        let target;
        (target, self.rest) = inner.split_at(end);
        // One that is not closed does not swallow the next.
        self.rest = self.rest.strip_prefix('>')?;
        let mut params = Vec::new();
        while self.skip(';') {
            let param = self.param();
            if !param.0.is_empty() {
                params.push(param);
            }
        }
        // What came from bytes that are no text would lead elsewhere.
        let is_text = !target.contains(char::REPLACEMENT_CHARACTER);
        is_text.then(|| Link { target: target.to_owned(), params })
    }

    /// Cuts a parameter, behind its semicolon.
    fn param(&mut self) -> (String, String) {
        self.skip_whitespace();
        let name = self.until(&[' ', '\t', '\r', '\n', '=', ';', ',']).to_ascii_lowercase();
        if !self.skip('=') {
            return (name, String::new());
        }
        self.skip_whitespace();
        let value = match self.rest.strip_prefix('"') {
            Some(quoted) => {
                self.rest = quoted;
                self.quoted()
            }
            None => self.until(&[';', ',']).trim_end_matches(WHITESPACE).to_owned(),
        };
        (name, value)
    }

    /// Cuts the rest of a quoted string, behind its first quote.
    fn quoted(&mut self) -> String {
        let mut value = String::new();
        let mut chars = self.rest.chars();
        while let Some(c) = chars.next() {
            match c {
                '"' => {
                    self.rest = chars.as_str();
                    return value;
                }
                '\\' => value.extend(chars.next()),
                c => value.push(c),
            }
        }
        (self.rest, self.is_damaged) = ("", true);
        value
    }

    /// Goes past what is no link, up to a comma that is not quoted, or to what may be one.
    fn skip_damage(&mut self) {
        self.is_damaged = true;
        while !self.rest.is_empty() && !self.rest.starts_with([',', '<']) {
            self.until(&[',', '<', '"']);
            if let Some(quoted) = self.rest.strip_prefix('"') {
                self.rest = quoted;
                self.quoted();
            }
        }
    }

    fn until(&mut self, ends: &[char]) -> &'a str {
        let (before, rest) = self.rest.split_at(self.rest.find(ends).unwrap_or(self.rest.len()));
        self.rest = rest;
        before
    }

    fn skip(&mut self, c: char) -> bool {
        self.skip_whitespace();
        let rest = self.rest.strip_prefix(c);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn skip_whitespace(&mut self) {
        self.rest = self.rest.trim_start_matches(WHITESPACE);
    }
}

impl Iterator for Parser<'_> {
    type Item = Link;

    fn next(&mut self) -> Option<Link> {
        loop {
            // A list may have empty elements.
            while self.skip(',') {}
            if self.rest.is_empty() {
                return None;
            }
            let link = self.link();
            if link.is_none() {
                self.is_damaged = true;
            }
            self.skip_whitespace();
            if !self.rest.is_empty() && !self.rest.starts_with(',') {
                self.skip_damage();
            }
            if link.is_some() {
                return link;
            }
        }
    }
}
