//! Where next pages may lead.

use headwater::pages::{ErrorKind, Links, NextLink, NextUrl, Style};

const FOREIGN: Result<Option<String>, ErrorKind> = Err(ErrorKind::ForeignOrigin);

fn next(style: &NextUrl, at: &str, url: &str) -> Result<Option<String>, ErrorKind> {
    style.next(&at.to_owned(), &[()], Some(url.to_owned()))
}

#[test]
fn another_scheme_host_or_port_is_foreign() {
    let first = "https://api.example.com/items";
    let style = NextUrl::from(first);
    for url in [
        "http://api.example.com/items?page=2",
        "https://example.com/items",
        "https://www.api.example.com/",
        "https://api.example.com.evil.example/",
        "https://api.example.com:444/",
        "https://api.example.com:80/",
        "//evil.example/items",
        "///evil.example/items",
        "\\\\evil.example/items",
        "/\\evil.example/items",
        "https:\\\\evil.example",
        "https://api.example.com@evil.example/",
        "https://api.example.com%40evil.example/",
        "https://evil.example#@api.example.com/",
        "https://evil.example?@api.example.com/",
        "https://user:password@evil.example/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "http://169.254.169.254/latest/meta-data",
        "https://xn--pi-8ia.example.com/",
        "https://\u{430}pi.example.com/",
        "ftp://api.example.com/items",
        "wss://api.example.com/items",
        "file:///etc/passwd",
        "file://api.example.com/etc/passwd",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:application/json,[]",
        "blob:https://api.example.com/1",
        "mailto:x@example.com",
        "about:blank",
        "ht\ttp://api.example.com/",
    ] {
        let found = next(&style, first, url);
        // Where the host is none there is no origin at all.
        let is_none = url.starts_with("///") || url.contains("%40");
        let kind = if is_none { ErrorKind::BadCursor } else { ErrorKind::ForeignOrigin };
        assert_eq!(found, Err(kind), "{url}");
    }
}

#[test]
fn the_same_origin_may_be_written_otherwise() {
    for (first, url) in [
        ("https://example.com/a", "https://example.com:443/b"),
        ("https://example.com:443/a", "https://example.com/b"),
        ("http://example.com/a", "http://example.com:80/b"),
        ("http://example.com:8080/a", "http://EXAMPLE.com:8080/b"),
        ("http://example.com/a", "HTTP://example.com/b"),
        ("https://b\u{fc}cher.example/a", "https://xn--bcher-kva.example/b"),
        ("http://127.0.0.1/a", "http://127.1/b"),
        ("http://[::1]/a", "http://[0:0::1]/b"),
        ("http://example.com./a", "http://example.com./b"),
    ] {
        let found = next(&NextUrl::from(first), first, url);
        assert!(found.as_ref().is_ok_and(|url| url.as_ref().unwrap().ends_with("/b")), "{url}");
    }
    assert_eq!(next(&NextUrl::from("http://h/a"), "http://h/a", "http://h./b"), FOREIGN);
}

/// The user and password are those of the first page, at its origin alone.
#[test]
fn credentials_in_a_url_stay_with_their_origin() {
    let first = "https://m%40e:s%3Acret@example.com/a";
    let style = NextUrl::from(first).allow_origin("https://cdn.example.com/whatever");
    let kept = Ok(Some("https://m%40e:s%3Acret@example.com/b".to_owned()));
    for url in ["/b", "https://example.com/b", "https://you:x@example.com/b", "//@example.com/b"] {
        assert_eq!(next(&style, first, url), kept, "{url}");
        assert_eq!(next(&style, "https://old:password@example.com/a", url), kept, "{url}");
    }
    let back = next(&style, "https://cdn.example.com/a", "https://example.com/b");
    assert_eq!(back, kept, "on the way back");
    for url in ["https://cdn.example.com/b", "https://you:x@cdn.example.com/b"] {
        let expected = Ok(Some("https://cdn.example.com/b".to_owned()));
        assert_eq!(next(&style, first, url), expected, "{url}");
    }
}

#[test]
fn what_is_allowed_is_an_origin_and_the_way_back() {
    let first = "http://example.com/a";
    let style = NextUrl::from(first).allow_origin("https://example.com").allow_origin("nonsense");
    let there = next(&style, first, "https://example.com/b").unwrap().unwrap();
    assert_eq!(next(&style, &there, "c"), Ok(Some("https://example.com/c".to_owned())));
    assert_eq!(next(&style, &there, first), Ok(Some(first.to_owned())));
    assert_eq!(next(&style, &there, "https://example.com:1/"), FOREIGN);
    assert_eq!(next(&style, first, "nonsense:b"), FOREIGN);
}

#[test]
fn any_origin_is_any_of_the_web() {
    let first = "http://example.com/a";
    let style = NextUrl::from(first).allow_any_origin();
    assert!(next(&style, first, "https://anywhere.example:1/").is_ok());
    for url in ["file:///etc/passwd", "javascript:alert(1)", "data:,x", "ftp://example.com/"] {
        assert_eq!(next(&style, first, url), FOREIGN, "{url}");
    }
    let again = style.allow_origin("https://example.com");
    assert!(next(&again, first, "https://anywhere.example:1/").is_ok());
}

#[test]
fn links_are_held_to_the_same() {
    let first = "https://example.com/a".to_owned();
    let link = |style: &NextLink, header: &str| style.next(&first, &[()], Links::of(header));
    let strict = NextLink::from(&first);
    assert_eq!(link(&strict, "<//evil.example/>; rel=next"), FOREIGN);
    assert_eq!(link(&strict, "<javascript:alert(1)>; rel=next"), FOREIGN);
    // One that is foreign is not passed over for the one after it.
    assert_eq!(link(&strict, "<//evil.example/>; rel=next, </b>; rel=next"), FOREIGN);
    let allowing = strict.clone().allow_origin("https://cdn.example.com:443");
    let there = Ok(Some("https://cdn.example.com/b".to_owned()));
    assert_eq!(link(&allowing, "<//cdn.example.com/b>; rel=next"), there);
    assert_eq!(link(&allowing, "<//evil.example/>; rel=next"), FOREIGN);
    assert!(link(&strict.allow_any_origin(), "<//evil.example/>; rel=next").is_ok());
}
