//! `Link` headers that nobody should send.

use std::time::{Duration, Instant};

use headwater::pages::{ErrorKind, Link, Links, NextLink, Style};
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::{Index, select};

use crate::support::property::check;

const BASE: &str = "https://example.com/v2/items?n=3";

/// Holds what is so of any header, and returns its links.
fn is_sound(header: &[u8]) -> Links {
    let links = Links::of(header);
    let (mut cut, mut params) = (0, 0);
    for link in &links {
        cut += link.target().len() + 2;
        params += usize::from(link.param("rel").is_some());
        assert!(!link.target().contains(['<', '>']), "{header:?}");
    }
    // A byte that is no text becomes three.
    assert!(cut <= 3 * header.len() && params <= header.len(), "{header:?}");
    let next = NextLink::from(BASE).next(&BASE.to_owned(), &[()], links.clone());
    match next {
        Ok(Some(url)) => assert!(url.starts_with("https://example.com/"), "{header:?}: {url}"),
        Ok(None) => assert!(!links.is_damaged(), "{header:?}"),
        Err(kind) => {
            assert!(matches!(kind, ErrorKind::BadCursor | ErrorKind::ForeignOrigin), "{header:?}");
        }
    }
    links
}

#[test]
fn any_bytes_are_read() {
    check(2_000, &vec(any::<u8>(), 0..200), |header| drop(is_sound(&header)));
    let parts = select(vec_of_parts());
    check(4_000, &vec(parts, 0..24), |parts| drop(is_sound(parts.concat().as_bytes())));
}

/// What headers are made of.
fn vec_of_parts() -> Vec<&'static str> {
    vec![
        "<",
        ">",
        ";",
        ",",
        "=",
        "\"",
        "\\",
        " ",
        "\t",
        "rel",
        "REL",
        "next",
        "prev",
        "anchor",
        "title*",
        "/2",
        "//evil.example",
        "https:",
        "javascript:alert(1)",
        "?n=3",
        "#x",
        "@",
        ":80",
        "\u{20ac}",
        "\u{0}",
        "%",
        "..",
        "[",
        "]",
        "\\\\",
        "UTF-8''",
        "\r\n",
    ]
}

/// Good headers with something removed, added or changed.
#[test]
fn good_headers_that_were_damaged_are_read() {
    let good = select(vec![
        r#"</v2/_catalog?last=team%2Fsvc-00003&n=3>; rel="next""#,
        r#"<https://example.com/?p=2>; rel="next", <https://example.com/?p=9>; rel="last""#,
        r#"</a>; rel="prev start"; title*=UTF-8'de'n%c3%a4chstes; anchor="/b", <c>; rel=next"#,
        r#"<>; title="a \"quoted, title\"; rel=no"; rel="next"; type="text/html""#,
    ]);
    let byte = prop_oneof![any::<u8>(), select(b"<>;,=\"\\ ".to_vec())];
    let change = (any::<Index>(), prop_oneof![Just(None), byte.prop_map(Some)], any::<bool>());
    check(4_000, &(good, vec(change, 1..6)), |(good, changes)| {
        let mut header = good.as_bytes().to_vec();
        for (index, byte, inserts) in changes {
            let at = index.index(header.len().max(1)).min(header.len());
            match byte {
                Some(byte) if inserts => header.insert(at, byte),
                Some(byte) if at < header.len() => header[at] = byte,
                _ => header.truncate(at),
            }
        }
        is_sound(&header);
    });
}

/// A link that stands in the middle of anything that is closed is found.
#[test]
fn a_good_link_among_damage_is_found() {
    let junk = vec(select(vec!["junk", "<", ";", " ", "=", "x=\"y\"", "/2"]), 0..8);
    check(2_000, &(junk.clone(), junk), |(before, after)| {
        let header = format!("{}, </2>; rel=next, {}", before.concat(), after.concat());
        let links = is_sound(header.as_bytes());
        assert_eq!(links.rel("next").map(Link::target), Some("/2"), "{header}");
    });
}

/// What is read and written again is the same.
#[test]
fn what_is_quoted_comes_back() {
    check(1_000, &"[ -~\u{a1}-\u{ff}]{0,40}", |text: String| {
        let quoted = text.replace('\\', "\\\\").replace('"', "\\\"");
        let links = Links::of(format!("<x>; title=\"{quoted}\"; rel=next"));
        assert_eq!(links.rel("next").unwrap().param("TITLE"), Some(&*text));
    });
}

/// Megabytes of what could be scanned over and over are read in the time that they take to be read once.
#[test]
fn hostile_headers_take_no_longer_than_others() {
    let len = 1 << 18;
    for part in [
        "<", ">", "\"", ";", ",", "=", " ", "<>", "<>;", "<a>,", "a=\"", "\\", "\"\\", "<a>;x=\"",
        "<a> ", "a,", ";=", "<a>;b;", "\"a\"", "<a\"",
    ] {
        let begun = Instant::now();
        let links = is_sound(part.repeat(len / part.len()).as_bytes());
        assert!(links.iter().count() <= len);
        // By far enough for a busy machine, and far too little for what grows with the square.
        assert!(begun.elapsed() < Duration::from_secs(5), "{part}: {:?}", begun.elapsed());
    }
}
