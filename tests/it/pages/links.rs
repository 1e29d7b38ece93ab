//! `Link` headers: RFC 8288, and what servers send.

use headwater::pages::{Link, Links};

/// The target and the relations of each link.
fn read(header: &str) -> Vec<(String, Vec<String>)> {
    let of_link = |link: &Link| {
        (link.target().to_owned(), link.rels().map(str::to_owned).collect::<Vec<_>>())
    };
    Links::of(header).iter().map(of_link).collect()
}

/// Holds that a header has one link, with this target and these relations.
fn is_one(header: &str, target: &str, rels: &[&str]) {
    let rels = rels.iter().map(|&rel| rel.to_owned()).collect();
    assert_eq!(read(header), [(target.to_owned(), rels)], "{header}");
}

/// Section 3.5 of RFC 8288.
#[test]
fn the_examples_of_the_rfc_are_read() {
    let book = r#"<http://example.com/TheBook/chapter2>; rel="previous"; title="previous chapter""#;
    is_one(book, "http://example.com/TheBook/chapter2", &["previous"]);
    assert_eq!(Links::of(book).rel("previous").unwrap().param("title"), Some("previous chapter"));

    let extension = r#"</>; rel="http://example.net/foo""#;
    is_one(extension, "/", &["http://example.net/foo"]);

    let terms = r##"</terms>; rel="copyright"; anchor="#foo""##;
    is_one(terms, "/terms", &["copyright"]);
    assert_eq!(Links::of(terms).rel("copyright").unwrap().anchor(), Some("#foo"));

    let chapters = concat!(
        r#"</TheBook/chapter2>; rel="previous"; title*=UTF-8'de'letztes%20Kapitel, "#,
        r#"</TheBook/chapter4>; rel="next"; title*=UTF-8'de'n%c3%a4chstes%20Kapitel"#
    );
    let links = Links::of(chapters);
    assert_eq!(links.rel("next").unwrap().target(), "/TheBook/chapter4");
    let title = links.rel("previous").unwrap().param("title*");
    assert_eq!(title, Some("UTF-8'de'letztes%20Kapitel"));

    let two = r#"<http://example.org/>; rel="start http://example.net/relation/other""#;
    is_one(two, "http://example.org/", &["start", "http://example.net/relation/other"]);

    let several =
        r#"<https://example.org/>; rel="start", <https://example.org/index>; rel="index""#;
    assert_eq!(read(several).len(), 2);
    assert!([book, extension, terms, chapters, two, several].iter().all(|h| !is_damaged(h)));
}

fn is_damaged(header: &str) -> bool {
    Links::of(header).is_damaged()
}

/// As they were seen.
#[test]
fn what_servers_send_is_read() {
    let registry = r#"</v2/_catalog?last=team%2Fsvc-00003&n=3>; rel="next""#;
    is_one(registry, "/v2/_catalog?last=team%2Fsvc-00003&n=3", &["next"]);

    let github = concat!(
        r#"<https://api.github.com/repositories/1/issues?page=2>; rel="next", "#,
        r#"<https://api.github.com/repositories/1/issues?page=9>; rel="last""#
    );
    let links = Links::of(github);
    assert!(links.rel("next").unwrap().target().ends_with("page=2"));
    assert!(links.rel("last").unwrap().target().ends_with("page=9"));
    assert!(links.rel("prev").is_none());

    let okta = [
        "<https://x.okta.com/u?limit=2>; rel=\"self\"",
        "<https://x.okta.com/u?after=00>; rel=\"next\"",
    ];
    assert_eq!(
        Links::from_iter(okta).rel("next").unwrap().target(),
        "https://x.okta.com/u?after=00"
    );
    let sentry =
        r#"<https://sentry.io/api/?cursor=0:100:0>; rel="next"; results="true"; cursor="0:100:0""#;
    assert_eq!(Links::of(sentry).rel("next").unwrap().param("results"), Some("true"));
}

/// Each is one link to `/2`, which is next.
#[test]
fn there_are_many_ways_to_write_it() {
    for header in [
        "</2>;rel=next",
        "</2>; rel=next",
        "</2>; rel=\"next\"",
        "</2>; REL=\"NEXT\"",
        "</2>; Rel=Next",
        "</2> ; rel = next ",
        "\t</2>\t;\trel\t=\t\"next\"\t",
        "  </2>;   rel=   \"next\"  ",
        "</2>; rel=\"prev next last\"",
        "</2>; rel=\"  next\t\"",
        "</2>; rel=\"\\n\\e\\x\\t\"",
        "</2>; rel=next; rel=prev",
        "</2>; title=\"a, <b>; rel=\\\"prev\\\"\"; rel=next",
        "</2>; title=a; rel=next;",
        "</2>;; ;rel=next;;",
        "</2>; crossorigin; rel=next",
        "</2>; =odd; rel=next",
        "</2>; rel*=UTF-8''prev; rel=next",
        "</2>; title*=UTF-8'en'%e2%82%ac; rel=next",
        ",, , </2>; rel=next, ,,",
        "</2>; rel=next; title=\"\"",
        "</2>; hreflang=de; hreflang=en; rel=next",
    ] {
        let links = Links::of(header);
        assert_eq!(links.rel("next").map(Link::target), Some("/2"), "{header}");
        assert_eq!(links.iter().count(), 1, "{header}");
        assert!(!links.is_damaged(), "{header}");
    }
}

/// None of them says that it is next.
#[test]
fn what_is_not_next_is_none() {
    for header in [
        "",
        " ",
        ",",
        "</2>",
        "</2>; rel",
        "</2>; rel=",
        "</2>; rel=\"\"",
        "</2>; rel=prev; rel=next",
        "</2>; rev=next",
        "</2>; title=\"rel=next\"",
        "</2>; title=\"; rel=next\"",
        "</2>; rel=nextpage",
        "</2>; rel=next-page",
        "</2>; rel=\"http://example.com/next\"",
        "</2>; rel*=UTF-8''next",
        "</2;rel=next>; rel=prev",
    ] {
        let links = Links::of(header);
        assert!(links.rel("next").is_none(), "{header}");
        assert!(!links.is_damaged(), "{header}");
    }
}

#[test]
fn commas_and_semicolons_within_targets_and_quotes_are_part_of_them() {
    let header = "</a?x=1,2;y=3>; rel=next; title=\"a;b,c\\\\\", </b,c>; rel=prev";
    let links = Links::of(header);
    assert_eq!(links.rel("next").unwrap().target(), "/a?x=1,2;y=3");
    assert_eq!(links.rel("next").unwrap().param("title"), Some("a;b,c\\"));
    assert_eq!(links.rel("prev").unwrap().target(), "/b,c");
    is_one("<>; rel=next", "", &["next"]);
    is_one("<?q=\"a b\">; rel=next", "?q=\"a b\"", &["next"]);
}

/// The first of several is the one; headers are read in their order.
#[test]
fn the_first_link_of_a_relation_counts() {
    let links =
        Links::from_iter(["</1>; rel=prev", "</2>; rel=next, </3>; rel=next", "</4>; rel=next"]);
    assert_eq!(links.rel("next").unwrap().target(), "/2");
    assert_eq!(links.iter().count(), 4);
    assert_eq!((&links).into_iter().count(), 4);
}

#[test]
fn what_is_no_link_is_left_out_and_told() {
    for (header, next) in [
        ("https://example.com/2; rel=next", None),
        ("/2", None),
        ("</2; rel=next", None),
        ("<", None),
        ("</2> rel=next", None),
        ("</2>; rel=\"next", Some("/2")),
        ("</2>; rel=\"next\\", Some("/2")),
        ("</2>; rel=next, junk", Some("/2")),
        ("junk, </2>; rel=next", Some("/2")),
        ("junk </2>; rel=next", Some("/2")),
        ("\"</1>; rel=next\", </2>; rel=next", Some("/2")),
        ("</1; rel=next, </2>; rel=next", Some("/2")),
        ("</1> junk; title=\"</9>; rel=next\", </2>; rel=next", Some("/2")),
        ("</2>; rel=\"next\"junk; title=x", Some("/2")),
        ("junk \"a, </1>; rel=next, b\", </2>; rel=next", Some("/2")),
        ("</1>; title=\"open, </2>; rel=next", None),
    ] {
        let links = Links::of(header);
        assert_eq!(links.rel("next").map(Link::target), next, "{header}");
        assert!(links.is_damaged(), "{header}");
    }
}

#[test]
fn bytes_that_are_no_text_are_no_target() {
    let links = Links::of(b"</\xff>; rel=next");
    assert!(links.rel("next").is_none() && links.is_damaged());
    let links = Links::of(b"</2>; title=\"\xe4\"; rel=next");
    assert_eq!(links.rel("next").unwrap().target(), "/2");
    assert!(!links.is_damaged());
    is_one("</\u{e4}\u{20ac}>; rel=next", "/\u{e4}\u{20ac}", &["next"]);
}

#[test]
fn no_header_is_no_link() {
    assert_eq!(Links::from_iter([""; 0]), Links::default());
    assert_eq!(Links::default().iter().count(), 0);
}
