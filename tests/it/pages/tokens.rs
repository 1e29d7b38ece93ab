//! Tokens, continuations and connections: what ends them, and what does not.

use headwater::pages::{self, Connection, Continuation, ErrorKind, PageInfo, Reply, Style, Token};

const NONE: [&str; 0] = [];

fn text(text: &str) -> String {
    text.to_owned()
}

#[test]
fn no_token_and_an_empty_one_are_the_end() {
    for (said, next) in [
        (None, None),
        (Some(text("")), None),
        (Some(text("b")), Some(Some(text("b")))),
        (Some(text(" ")), Some(Some(text(" ")))),
        (Some(text("0")), Some(Some(text("0")))),
    ] {
        assert_eq!(Token.next(&None, &["a"], said.clone()), Ok(next.clone()), "{said:?}");
        assert_eq!(
            Token.next(&Some(text("a")), &NONE, said),
            Ok(next),
            "and items say nothing of it"
        );
    }
}

#[test]
fn a_continuation_is_of_any_type() {
    let style = Continuation::new();
    assert_eq!(style.next(&None, &NONE, Some((1, "x"))), Ok(Some(Some((1, "x")))));
    assert_eq!(style.next(&Some((1, "x")), &["a"], None), Ok(None));
    assert_eq!(format!("{style:?}"), "Continuation");
}

/// Whatever the cursor is, `hasNextPage` says whether there is more.
#[test]
fn a_connection_ends_where_it_says_so() {
    for (cursor, has_next, expected) in [
        (Some("Mw"), true, Ok(Some(Some(text("Mw"))))),
        (Some("Mw"), false, Ok(None)),
        (None, false, Ok(None)),
        (None, true, Err(ErrorKind::NoCursor)),
        (Some(""), true, Err(ErrorKind::NoCursor)),
    ] {
        let info = PageInfo::new(cursor, has_next);
        assert_eq!(Connection.next(&None, &NONE, info), expected, "{cursor:?}, {has_next}");
    }
}

#[test]
fn nodes_come_before_the_error_of_their_page() {
    let mut nodes = pages::connection(|after| {
        let is_first = after.is_none();
        let info = PageInfo::new(is_first.then_some("Mg"), true);
        Ok::<_, ()>(Reply::new(if is_first { vec![1, 2] } else { vec![3] }, info))
    })
    .items();
    assert!(nodes.by_ref().take(3).map(Result::unwrap).eq([1, 2, 3]));
    assert_eq!(nodes.next().unwrap().unwrap_err().kind(), ErrorKind::NoCursor);
    assert!(nodes.next().is_none());
}

#[cfg(feature = "serde")]
#[test]
fn page_info_is_read_from_what_servers_send() {
    for (sent, info) in [
        (r#"{"endCursor":"Mw==","hasNextPage":true}"#, PageInfo::new(Some("Mw=="), true)),
        (r#"{"hasNextPage":false,"endCursor":null}"#, PageInfo::new(None, false)),
        (r#"{"hasNextPage":false}"#, PageInfo::new(None, false)),
        (r#"{"hasPreviousPage":true,"hasNextPage":true}"#, PageInfo::new(None, true)),
    ] {
        assert_eq!(serde_json::from_str::<PageInfo>(sent).unwrap(), info, "{sent}");
    }
    assert!(serde_json::from_str::<PageInfo>(r#"{"endCursor":"Mw=="}"#).is_err());
}

/// A server that gives the same token with each page, and one that gives two in turn.
#[test]
fn tokens_that_come_again_are_errors() {
    for circle in [&["a"][..], &["a", "b"], &["a", "b", "c"]] {
        let mut tokens = circle.iter().cycle();
        let feed = pages::token(|_| {
            Ok::<_, ()>(Reply::new(vec![()], tokens.next().map(|&token| token.to_owned())))
        });
        let kinds: Vec<_> = feed.map(|page| page.err().map(|error| error.kind())).collect();
        assert_eq!(kinds.len(), circle.len() + 2, "{circle:?}");
        assert_eq!(kinds.last(), Some(&Some(ErrorKind::Repeated)));
    }
}
