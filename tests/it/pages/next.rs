//! Pages that are linked: by a header, or by a URL in the body.

use headwater::Source as _;
use headwater::pages::{self, ErrorKind, Links, NextLink, NextUrl, Position, Reply, Style};
use headwater::retry::RetrySource as _;

const BASE: &str = "https://example.com/v2/items?n=3";

fn by_link(header: &str) -> Result<Option<String>, ErrorKind> {
    NextLink::from(BASE).next(&BASE.to_owned(), &[()], Links::of(header))
}

fn by_url(url: &str) -> Result<Option<String>, ErrorKind> {
    NextUrl::from(BASE).next(&BASE.to_owned(), &[()], Some(url.to_owned()))
}

/// Section 5.4 of RFC 3986, where it matters here.
#[test]
fn references_are_resolved_against_the_page() {
    for (reference, resolved) in [
        ("https://example.com/other", "https://example.com/other"),
        ("/v2/items?last=a%2Fb&n=3", "https://example.com/v2/items?last=a%2Fb&n=3"),
        ("?last=b", "https://example.com/v2/items?last=b"),
        ("more", "https://example.com/v2/more"),
        ("./more", "https://example.com/v2/more"),
        ("../v3/items", "https://example.com/v3/items"),
        ("../../../x", "https://example.com/x"),
        ("//example.com/x", "https://example.com/x"),
        ("https://EXAMPLE.com:443/x", "https://example.com/x"),
        ("/x#part", "https://example.com/x"),
        (" /x ", "https://example.com/x"),
        ("/a b\u{e4}", "https://example.com/a%20b%C3%A4"),
    ] {
        assert_eq!(by_url(reference), Ok(Some(resolved.to_owned())), "{reference}");
        let header = format!("<{reference}>; rel=next");
        assert_eq!(by_link(&header), Ok(Some(resolved.to_owned())), "{header}");
    }
}

#[test]
fn no_url_and_an_empty_one_are_the_end() {
    assert_eq!(by_url(""), Ok(None));
    assert_eq!(NextUrl::from(BASE).next(&BASE.to_owned(), &[()], None), Ok(None));
    assert_eq!(by_link(""), Ok(None));
    assert_eq!(by_link("</1>; rel=prev"), Ok(None));
}

/// Nothing that may have been the next page is taken for the end.
#[test]
fn what_can_not_be_read_is_an_error() {
    for url in ["https://", "https://[", "https://example.com:99999/", "//", "https://a b/"] {
        assert_eq!(by_url(url), Err(ErrorKind::BadCursor), "{url}");
    }
    for header in
        ["https://example.com/2; rel=next", "</2> rel=next", "</2; rel=next", "<//>; rel=next"]
    {
        assert_eq!(by_link(header), Err(ErrorKind::BadCursor), "{header}");
    }
    assert_eq!(by_link("</2>; rel=next, junk"), Ok(Some("https://example.com/2".to_owned())));
    let relative = "/items".to_owned();
    let next = NextUrl::from("/items").next(&relative, &[()], Some("?p=2".to_owned()));
    assert_eq!(next, Err(ErrorKind::BadCursor), "there is nothing to resolve it against");
}

/// A link with an `anchor` is one of that, and not of this page, unless it is this page.
#[test]
fn a_link_of_something_else_is_not_followed() {
    let next = Ok(Some("https://example.com/2".to_owned()));
    for (anchor, expected) in [
        ("", &next),
        ("?n=3", &next),
        ("/v2/items?n=3", &next),
        (BASE, &next),
        ("#part", &Ok(None)),
        ("/other", &Ok(None)),
        ("https://example.org/", &Ok(None)),
        ("https://[", &Ok(None)),
    ] {
        assert_eq!(&by_link(&format!("</2>; rel=next; anchor=\"{anchor}\"")), expected, "{anchor}");
    }
    let header = "</9>; rel=next; anchor=\"/other\", </2>; rel=next";
    assert_eq!(by_link(header), next, "the first one that is of this page");
}

/// Pages of a catalogue, as a registry gives them: three names each, with a relative link.
fn catalogue(url: &str) -> Reply<u32, Links> {
    let query = url.rsplit_once('?').unwrap().1;
    let last = query.split('&').find_map(|part| part.strip_prefix("last=team%2Fsvc-"));
    let last: u32 = last.map_or(0, |last| last.parse().unwrap());
    let names = (last + 1..=last + 3).filter(|n| *n <= 10).collect();
    let next = format!("</v2/_catalog?last=team%2Fsvc-{:05}&n=3>; rel=\"next\"", last + 3);
    Reply::new(names, if last + 3 < 10 { Links::of(next) } else { Links::default() })
}

#[test]
fn a_registry_is_followed_and_gone_on_with_at_the_item() {
    let first = "http://127.0.0.1:15000/v2/_catalog?n=3";
    let mut asked = Vec::new();
    let mut names = pages::link(first, |url| {
        asked.push(url.clone());
        Ok::<_, ()>(catalogue(&url))
    })
    .items();
    assert!(names.by_ref().take(5).map(Result::unwrap).eq(1..=5));
    let noted = names.position();
    let page_2 = "http://127.0.0.1:15000/v2/_catalog?last=team%2Fsvc-00003&n=3";
    assert_eq!(noted, Position::new(page_2.to_owned(), 2));
    drop(names);
    assert_eq!(asked, [first, page_2]);

    let mut names = pages::link(first, |url| Ok::<_, ()>(catalogue(&url))).items();
    names.resume_at(noted);
    assert!(names.map(Result::unwrap).eq(6..=10));
}

/// The error comes after the items of the page, whose next it is.
#[test]
fn items_come_before_the_error_of_their_page() {
    for (next, kind) in [
        ("https://evil.example/", ErrorKind::ForeignOrigin),
        ("https://[", ErrorKind::BadCursor),
        (BASE, ErrorKind::Repeated),
        ("#again", ErrorKind::Repeated),
    ] {
        let mut items =
            pages::next_url(BASE, |_| Ok::<_, ()>(Reply::new(vec![1, 2], Some(next.to_owned()))))
                .items();
        assert!(items.by_ref().take(2).map(Result::unwrap).eq([1, 2]), "{next}");
        let error = items.next().unwrap().unwrap_err();
        assert_eq!((error.kind(), error.position().index()), (kind, 2), "{next}");
        assert!(items.next().is_none());
    }
}

#[test]
fn the_first_url_is_written_as_all_are() {
    let first = |url| <NextUrl as Style<()>>::first(&NextUrl::from(url));
    assert_eq!(first("HTTPS://Example.com:443/a/../b#part"), "https://example.com/b");
    assert_eq!(first("not a URL"), "not a URL");
}

/// The same URL, written otherwise, is the same page.
#[test]
fn a_page_is_known_again_however_its_url_is_written() {
    for next in ["HTTPS://EXAMPLE.COM:443/a", "/b/../a", "//example.com/a", "#x", "/%61#y"] {
        let feed = pages::next_url("https://Example.com/a", |_| {
            Ok::<_, ()>(Reply::new(vec![1], Some(next.to_owned())))
        });
        let known = feed.map(|page| page.is_ok()).take(2).collect::<Vec<_>>();
        // A letter that is escaped for no reason is another URL to a server.
        let expected = if next.starts_with("/%") { [true, true] } else { [true, false] };
        assert_eq!(known, expected, "{next}");
    }
}

#[test]
fn a_page_that_is_linked_is_tried_again() {
    let mut is_up = false;
    let feed = pages::link("http://127.0.0.1/?n=3", |url| {
        is_up = !is_up;
        if is_up { Ok(catalogue(&url)) } else { Err("503") }
    });
    let retry = headwater::Retry::immediately().max_attempts(2);
    assert!(feed.items().retry(retry).map(Result::unwrap).eq(1..=10));
}
