//! One line of an access log.

use chrono::{DateTime, FixedOffset};
use memchr::{memchr, memchr_iter};

use crate::clock::{self, Clock};

/// A request, as a line in the common or the combined format tells it. Nothing is copied.
#[derive(Debug, PartialEq)]
pub(crate) struct Entry<'line> {
    pub(crate) host: &'line [u8],
    pub(crate) time: DateTime<FixedOffset>,
    pub(crate) request: &'line [u8],
    /// From 0 to 999.
    pub(crate) status: usize,
    pub(crate) bytes: u64,
    pub(crate) referrer: Option<&'line [u8]>,
    pub(crate) agent: Option<&'line [u8]>,
}

impl<'line> Entry<'line> {
    /// Parses `HOST IDENTITY USER [TIME] "REQUEST" STATUS BYTES "REFERRER" "AGENT"`.
    ///
    /// The last two may be missing; what follows them is ignored.
    pub(crate) fn parse(line: &'line [u8], clock: &mut Clock) -> Option<Self> {
        let (host, rest) = line.split_at(memchr(b' ', line).filter(|&len| len > 0)?);
        let (time, rest) = time(rest, clock)?;
        let (request, rest) = quoted(rest)?;
        let (status, rest) = word(rest?)?;
        let (bytes, rest) = word(rest)?;
        let (referrer, rest) = quoted(rest).unzip();
        let (agent, _) = rest.flatten().and_then(quoted).unzip();
        Some(Self {
            host,
            time,
            request,
            status: number(status).filter(|_| status.len() == 3)?.try_into().ok()?,
            bytes: if bytes == b"-" { 0 } else { number(bytes)? },
            referrer: referrer.filter(|text| !is_blank(text)),
            agent: agent.filter(|text| !is_blank(text)),
        })
    }

    /// Returns the second word of the request, or the request if it has no two words.
    pub(crate) fn path(&self) -> &'line [u8] {
        let mut words = self.request.split(|&byte| byte == b' ').filter(|word| !word.is_empty());
        words.nth(1).unwrap_or(self.request)
    }
}

/// Takes ` IDENTITY USER [TIME]` off. A user may hold spaces and brackets, but no `] "`: a
/// quotation mark would be escaped.
fn time<'line>(
    text: &'line [u8],
    clock: &mut Clock,
) -> Option<(DateTime<FixedOffset>, &'line [u8])> {
    let end = memchr_iter(b']', text).find(|end| text[end + 1..].starts_with(b" \""))?;
    let (before, time) = text[..end].split_last_chunk::<{ clock::LEN }>()?;
    let names = before.strip_suffix(b" [")?;
    memchr_iter(b' ', names).nth(1)?;
    Some((clock.read(time)?, &text[end + 1..]))
}

/// Takes ` "TEXT"` off; the rest is `None` if the line ends before the text does.
///
/// A quotation mark with an odd number of backslashes before it is part of the text: Apache
/// escapes both.
fn quoted(text: &[u8]) -> Option<(&[u8], Option<&[u8]>)> {
    let text = text.strip_prefix(b" \"")?;
    let end = memchr_iter(b'"', text).find(|&end| {
        let backslashes = text[..end].iter().rev().take_while(|&&byte| byte == b'\\').count();
        backslashes % 2 == 0
    });
    Some(end.map_or((text, None), |end| (&text[..end], Some(&text[end + 1..]))))
}

/// Takes ` WORD` off.
fn word(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let text = text.strip_prefix(b" ")?;
    Some(text.split_at(memchr(b' ', text).unwrap_or(text.len())))
}

fn number(digits: &[u8]) -> Option<u64> {
    let (first, rest) = digits.split_first()?;
    rest.iter()
        .try_fold(digit(*first)?, |number, byte| number.checked_mul(10)?.checked_add(digit(*byte)?))
}

fn digit(byte: u8) -> Option<u64> {
    char::from(byte).to_digit(10).map(u64::from)
}

/// Tells whether a server wrote that there is nothing to write.
fn is_blank(text: &[u8]) -> bool {
    matches!(text, b"" | b"-")
}

#[cfg(test)]
mod tests {
    use super::Entry;
    use crate::clock::Clock;

    fn parse(line: &str) -> Option<Entry<'_>> {
        Entry::parse(line.as_bytes(), &mut Clock::default())
    }

    const START: &str = "::1 - - [17/May/2015:10:05:03 +0000]";

    #[test]
    fn a_combined_line_has_every_field() {
        let line = r#"2001:db8::7 - frank [17/May/2015:10:05:03 +0200] "GET /a?b=c HTTP/1.1" 200 2326 "http://example.org/" "Mozilla/5.0 (X11)" "extra" 0.002"#;
        let entry = parse(line).unwrap();
        assert_eq!(entry.host, b"2001:db8::7");
        assert_eq!(entry.time.to_rfc3339(), "2015-05-17T10:05:03+02:00");
        assert_eq!(entry.request, b"GET /a?b=c HTTP/1.1");
        assert_eq!(entry.path(), b"/a?b=c");
        assert_eq!((entry.status, entry.bytes), (200, 2326));
        assert_eq!(entry.referrer, Some(&b"http://example.org/"[..]));
        assert_eq!(entry.agent, Some(&b"Mozilla/5.0 (X11)"[..]));
    }

    #[test]
    fn a_common_line_has_neither_referrer_nor_agent() {
        let line = format!("{START} \"GET / HTTP/1.0\" 304 -");
        let entry = parse(&line).unwrap();
        assert_eq!((entry.status, entry.bytes), (304, 0));
        assert_eq!((entry.referrer, entry.agent), (None, None));
    }

    #[test]
    fn the_path_is_the_second_word() {
        for (request, path) in [
            ("GET /a HTTP/1.1", "/a"),
            ("GET /a", "/a"),
            ("GET  /a  HTTP/1.1", "/a"),
            ("GET /a b HTTP/1.1", "/a"),
            ("GET", "GET"),
            ("-", "-"),
            ("", ""),
            (" ", " "),
            (r"\x16\x03\x01", r"\x16\x03\x01"),
            (r#"GET /\"\\ HTTP/1.1"#, r#"/\"\\"#),
        ] {
            let line = format!("{START} \"{request}\" 200 1");
            assert_eq!(parse(&line).unwrap().path(), path.as_bytes());
        }
    }

    #[test]
    fn users_may_hold_spaces_brackets_and_quotes() {
        for user in ["-", "John Smith", "[x]", "a [17/May/2015:10:05:03 +000] b", "", r#"\"q\""#] {
            let line = format!("h - {user} [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1");
            assert_eq!(parse(&line).unwrap().request, b"GET / HTTP/1.1", "{line}");
        }
    }

    #[test]
    fn escaped_quotes_stay_in_their_field() {
        let line = format!(r#"{START} "GET / HTTP/1.1" 200 1 "a\\" "b \"c\" d" "e""#);
        let entry = parse(&line).unwrap();
        assert_eq!(entry.referrer, Some(&br"a\\"[..]));
        assert_eq!(entry.agent, Some(&br#"b \"c\" d"#[..]));
    }

    #[test]
    fn a_cut_line_counts_with_what_is_left() {
        let whole = format!(r#"{START} "GET / HTTP/1.1" 200 51 "http://a/" "agent""#);
        let needed = whole.find(" 51").unwrap() + 2;
        for len in 0..whole.len() {
            let entry = parse(&whole[..len]);
            assert_eq!(entry.is_some(), len >= needed, "{}", &whole[..len]);
        }
        assert_eq!(parse(&whole[..whole.len() - 3]).unwrap().agent, Some(&b"age"[..]));
    }

    #[test]
    fn what_is_not_an_entry_is_refused() {
        for line in [
            "",
            " ",
            "not an access log",
            r#" - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1"#,
            r#"h [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1"#,
            r#"h - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1"#,
            r#"h - -[17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1"#,
            r#"h - - [32/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1"#,
            r#"h - - [17/May/2015:10:05:03 +0000]"GET / HTTP/1.1" 200 1"#,
            r"h - - [17/May/2015:10:05:03 +0000] GET / HTTP/1.1 200 1",
            r#"h - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 20 1"#,
            r#"h - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 2000 1"#,
            r#"h - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" - 1"#,
            r#"h - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200"#,
            r#"h - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 "#,
            r#"h - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1k"#,
            r#"h - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 +1"#,
            r#"h - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 99999999999999999999"#,
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
