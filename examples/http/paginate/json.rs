//! JSON as a server wrote it: found by pointers, and printed on a line of its own.
//!
//! Values are not parsed any further than it takes to find them, so that a number keeps all of its
//! digits, and an object the order of its members.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::value::RawValue;

/// A path into a document (RFC 6901): `/data/0`. The empty one is the whole document.
#[derive(Clone, Debug)]
pub(crate) struct Pointer(Vec<String>);

impl Pointer {
    /// Reads a pointer: a name follows each `/`, in which `~1` is `/`, and `~0` is `~`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut names = text.split('/');
        if names.next() != Some("") {
            return Err("a JSON pointer begins with `/`".to_owned());
        }
        Ok(Self(names.map(|name| name.replace("~1", "/").replace("~0", "~")).collect()))
    }

    /// Finds what it points to, which may be `null`.
    pub(crate) fn find<'json>(&self, json: &'json RawValue) -> Option<&'json RawValue> {
        self.0.iter().try_fold(json, |json, name| member(json, name))
    }
}

/// As it is written, so that it can be read again.
impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names = self.0.iter();
        names.try_for_each(|name| write!(f, "/{}", name.replace('~', "~0").replace('/', "~1")))
    }
}

fn member<'json>(json: &'json RawValue, name: &str) -> Option<&'json RawValue> {
    match elements(json) {
        Some(elements) => elements.get(name.parse::<usize>().ok()?).copied(),
        None => members(json).remove(name),
    }
}

/// The members of an object; none of anything else.
pub(crate) fn members(json: &RawValue) -> BTreeMap<String, &RawValue> {
    serde_json::from_str(json.get()).unwrap_or_default()
}

/// The elements of an array; `None` of anything else.
pub(crate) fn elements(json: &RawValue) -> Option<Vec<&RawValue>> {
    serde_json::from_str(json.get()).ok()
}

/// The text of a string, or of a number; `None` of anything else.
pub(crate) fn text(json: &RawValue) -> Option<String> {
    let is_number = json.get().starts_with(|first: char| first == '-' || first.is_ascii_digit());
    if is_number { Some(json.get().to_owned()) } else { serde_json::from_str(json.get()).ok() }
}

/// Takes the white space between the parts of a value away.
pub(crate) fn compact(json: &RawValue) -> String {
    let (mut is_in_text, mut is_escaped) = (false, false);
    let mut line = json.get().to_owned();
    line.retain(|c| {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => is_in_text = !is_in_text,
            _ => {}
        }
        is_in_text || !c.is_ascii_whitespace()
    });
    line
}

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;

    use super::{Pointer, compact, text};

    fn find<'json>(json: &'json str, pointer: &str) -> Option<&'json str> {
        let json: &RawValue = serde_json::from_str(json).unwrap();
        Pointer::parse(pointer).unwrap().find(json).map(RawValue::get)
    }

    #[test]
    fn pointers_find_what_the_rfc_says() {
        let json = r#" {"foo": ["bar", "baz"], "": 0, "a/b": 1, "m~n": 8, "none": null} "#;
        assert_eq!(find(json, ""), Some(json.trim()));
        assert_eq!(find(json, "/foo"), Some(r#"["bar", "baz"]"#));
        assert_eq!(find(json, "/foo/0"), Some(r#""bar""#));
        assert_eq!(find(json, "/"), Some("0"));
        assert_eq!(find(json, "/a~1b"), Some("1"));
        assert_eq!(find(json, "/m~0n"), Some("8"));
        assert_eq!(find(json, "/none"), Some("null"));
        for nothing in ["/nothing", "/foo/2", "/foo/x", "/foo/0/1", "/none/1"] {
            assert_eq!(find(json, nothing), None, "{nothing}");
        }
        assert!(Pointer::parse("foo").is_err());
    }

    #[test]
    fn a_value_is_a_line_as_it_was_written() {
        for (pretty, line) in [
            ("{\n \"b\" : 1.50,\r\n \"a\" : [ 1, 2 ]\n}", r#"{"b":1.50,"a":[1,2]}"#),
            (r#" "a \" b \\" "#, r#""a \" b \\""#),
            ("12345678901234567890123", "12345678901234567890123"),
            (r#"{"a b": "\\", "c": "d e"}"#, r#"{"a b":"\\","c":"d e"}"#),
        ] {
            let json: &RawValue = serde_json::from_str(pretty).unwrap();
            assert_eq!(compact(json), line);
        }
    }

    #[test]
    fn strings_and_numbers_are_texts() {
        let text = |json: &str| text(serde_json::from_str(json).unwrap());
        assert_eq!(text(r#""a\u0062""#).as_deref(), Some("ab"));
        assert_eq!(text("-17").as_deref(), Some("-17"));
        assert_eq!([text("true"), text("{}"), text("[1]")], [const { None }; 3]);
    }
}
