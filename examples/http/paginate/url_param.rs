//! Parameters in the query of a URL.

use url::Url;
use url::form_urlencoded::{byte_serialize, parse};

/// Returns the value of a parameter, if it is a number.
pub(crate) fn number(url: &str, name: &str) -> Option<u64> {
    let url = Url::parse(url).ok()?;
    let (_, value) = url.query_pairs().find(|(other, _)| other == name)?;
    value.parse().ok()
}

/// Sets a parameter, and leaves all others as they are written.
pub(crate) fn set(url: &str, name: &str, value: &str) -> String {
    let Ok(mut url) = Url::parse(url) else { return url.to_owned() };
    let is_other = |pair: &&str| parse(pair.as_bytes()).all(|(other, _)| other != name);
    let others = url.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
    let mut pairs: Vec<_> = others.filter(is_other).map(str::to_owned).collect();
    let encode = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    pairs.push(format!("{}={}", encode(name), encode(value)));
    url.set_query(Some(&pairs.join("&")));
    url.into()
}

/// The parameter that a token is sent back as: `next_page_token` as `page_token`, `nextCursor` as
/// `cursor`, `NextToken` as it is.
pub(crate) fn of_token(name: &str) -> String {
    let rest = name.strip_prefix("next").map(|rest| rest.trim_start_matches('_'));
    let Some(rest) = rest.filter(|rest| !rest.is_empty()) else { return name.to_owned() };
    let (first, others) = rest.split_at(rest.chars().next().map_or(0, char::len_utf8));
    first.to_lowercase() + others
}

#[cfg(test)]
mod tests {
    use super::{number, of_token, set};

    #[test]
    fn one_parameter_is_set_and_the_others_stay() {
        let url = "http://h/a?b=%20c&page=1&d&page=2";
        assert_eq!(set(url, "page", "3"), "http://h/a?b=%20c&d&page=3");
        assert_eq!(set("http://h/a", "to ken", "a&b=c/+"), "http://h/a?to+ken=a%26b%3Dc%2F%2B");
    }

    #[test]
    fn a_number_is_read() {
        assert_eq!(number("http://h/a?x=1&page=17", "page"), Some(17));
        assert_eq!(number("http://h/a?page=x", "page"), None);
        assert_eq!(number("http://h/a", "page"), None);
    }

    #[test]
    fn a_token_is_sent_back_without_the_next() {
        for (name, param) in [
            ("next_page_token", "page_token"),
            ("nextPageToken", "pageToken"),
            ("next_cursor", "cursor"),
            ("NextToken", "NextToken"),
            ("continue", "continue"),
            ("next", "next"),
            ("", ""),
        ] {
            assert_eq!(of_token(name), param);
        }
    }
}
