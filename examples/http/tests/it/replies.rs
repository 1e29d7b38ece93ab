//! Replies in all the shapes that servers give them.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::http::header::LINK;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;

use crate::support::{Canned, lines, paginate};

/// A server of one page, whatever it is asked for.
fn one_page(body: &'static str) -> Canned {
    Canned::start(Router::new().route("/", get(move || async move { body })))
}

fn items_of(body: &'static str, words: &[&str]) -> Vec<String> {
    let server = one_page(body);
    lines(paginate().args(["--url", &server.url("/")]).args(words))
}

#[test]
fn items_are_where_they_are_said_to_be() {
    assert_eq!(items_of("[1, 2]", &[]), ["1", "2"]);
    assert_eq!(items_of(r#"{"a": [1], "n": 7}"#, &[]), ["1"]);
    assert_eq!(items_of(r#"{"a": [1], "b": [2]}"#, &["--items", "/b"]), ["2"]);
    assert_eq!(items_of(r#"{"a": {"b c/d": [[1], 2]}}"#, &["--items", "/a/b c~1d"]), ["[1]", "2"]);
    assert_eq!(items_of("[[1], [2, 3]]", &["--items", "/1"]), ["2", "3"]);
    assert_eq!(items_of("[1]", &["--items", ""]), ["1"]);
    for nothing in ["[]", r#"{"a": []}"#] {
        assert!(items_of(nothing, &[]).is_empty());
    }
    assert!(items_of(r#"{"a": null}"#, &["--items", "/a"]).is_empty());
}

#[test]
fn an_item_is_a_line_as_the_server_wrote_it() {
    let pretty = "[\n  {\n    \"b\": 1.50,\n    \"a\": \"x \\n \\\"y\\\" \\u00e9 é\"\n  },\n  \
        123456789012345678901234567890\n]\n";
    let expected = [r#"{"b":1.50,"a":"x \n \"y\" \u00e9 é"}"#, "123456789012345678901234567890"];
    assert_eq!(items_of(pretty, &[]), expected);
}

/// Gives three pages, by what leads from one to the next.
fn three_pages(param: &'static str, body: fn(usize) -> String) -> Canned {
    let page = move |Query(query): Query<HashMap<String, String>>| async move {
        body(query.get(param).map_or(0, |at| at.trim_start_matches('t').parse().unwrap()))
    };
    Canned::start(Router::new().route("/list", get(page)))
}

fn all_three(param: &'static str, words: &[&str], body: fn(usize) -> String) {
    let server = three_pages(param, body);
    for client in [None, Some("--sync")] {
        let mut command = paginate();
        command.args(["--url", &server.url("/list?q=a%20b")]).args(words).args(client);
        assert_eq!(lines(&mut command), ["0", "1", "2"], "{words:?}");
    }
}

#[test]
fn tokens_end_in_all_the_ways_there_are() {
    let token = ["--style", "token"];
    all_three("page_token", &token, |page| match page {
        2 => r#"{"items": [2], "next_page_token": ""}"#.to_owned(),
        page => format!(r#"{{"items": [{page}], "next_page_token": "t{}"}}"#, page + 1),
    });
    all_three("page_token", &token, |page| match page {
        2 => r#"{"items": [2], "next_page_token": null}"#.to_owned(),
        page => format!(r#"{{"items": [{page}], "next_page_token": {}}}"#, page + 1),
    });
    // Empty ones are left out.
    let named = ["--style", "token", "--next", "/paging/nextCursor"];
    all_three("cursor", &named, |page| match page {
        2 => r#"{"items": [2]}"#.to_owned(),
        page => format!(r#"{{"items": [{page}], "paging": {{"nextCursor": "t{}"}}}}"#, page + 1),
    });
    let sent_as = ["--style", "token", "--next", "/next", "--param", "start"];
    all_three("start", &sent_as, |page| match page {
        2 => r#"{"items": [2], "next": false}"#.to_owned(),
        page => format!(r#"{{"items": [{page}], "next": "t{}"}}"#, page + 1),
    });
}

#[test]
fn an_empty_page_in_the_middle_is_no_end() {
    let server = three_pages("page_token", |page| match page {
        0 => r#"{"items": [0], "next_page_token": "t1"}"#.to_owned(),
        1 => r#"{"next_page_token": "t2"}"#.to_owned(),
        _ => r#"{"items": [2]}"#.to_owned(),
    });
    let mut command = paginate();
    command.args(["--url", &server.url("/list"), "--style=token", "--items=/items"]);
    assert_eq!(lines(&mut command), ["0", "2"]);
}

#[test]
fn links_in_the_body_may_be_relative() {
    let words = ["--style", "link", "--next", "/links/next"];
    all_three("at", &words, |page| match page {
        2 => r#"{"items": [2], "links": {"next": null}}"#.to_owned(),
        page => format!(r#"{{"items": [{page}], "links": {{"next": "/list?at={}"}}}}"#, page + 1),
    });
    all_three("at", &words, |page| match page {
        2 => r#"{"items": [2]}"#.to_owned(),
        page => format!(r#"{{"items": [{page}], "links": {{"next": "?at={}"}}}}"#, page + 1),
    });
}

/// Several headers, several links in one, and what looks like one and is not.
#[test]
fn links_in_headers_are_told_apart() {
    let page = |Query(query): Query<HashMap<String, String>>| async move {
        let at: usize = query.get("at").map_or(0, |at| at.parse().unwrap());
        let mut response: Response = format!("[{at}]").into_response();
        let next = format!(
            "<?at=9>; rel=\"prev\"; title=\"<x>; rel=next\", <?at={}>; REL = Next; a=\"b, c\"",
            at + 1
        );
        let links = ["</docs>; rel=help", &next];
        for link in if at < 2 { &links[..] } else { &links[..1] } {
            response.headers_mut().append(LINK, link.parse().unwrap());
        }
        response
    };
    let server = Canned::start(Router::new().route("/list", get(page)));
    for client in [None, Some("--sync")] {
        let mut command = paginate();
        command.args(["--url", &server.url("/list")]).args(client);
        assert_eq!(lines(&mut command), ["0", "1", "2"]);
    }
}

#[test]
fn redirects_at_the_same_origin_are_followed() {
    let router = Router::new()
        .route("/old", get(|| async { Redirect::permanent("/new/") }))
        .route("/new/", get(|| async { "[1]" }));
    let server = Canned::start(router);
    for client in [None, Some("--sync")] {
        let mut command = paginate();
        command.args(["--url", &server.url("/old"), "--rate=1"]).args(client);
        let begun = Instant::now();
        assert_eq!(lines(&mut command), ["1"]);
        assert!(begun.elapsed() >= Duration::from_millis(900), "each is a request");
    }
}

#[test]
fn no_content_is_no_items() {
    let router = Router::new().route("/", get(|| async { StatusCode::NO_CONTENT }));
    let server = Canned::start(router);
    assert!(lines(paginate().args(["--url", &server.url("/")])).is_empty());
}

#[test]
fn headers_are_sent_along() {
    let page = |headers: axum::http::HeaderMap| async move {
        let sent = ["authorization", "x-two", "user-agent"].map(|name| headers[name].clone());
        format!("{:?}", sent.map(|value| value.to_str().unwrap().to_owned()))
    };
    let server = Canned::start(Router::new().route("/", get(page)));
    for client in [None, Some("--sync")] {
        let mut command = paginate();
        command.args(["--url", &server.url("/"), "--header", "Authorization: Bearer a:b"]);
        command.args(["--header", "X-Two:2"]).args(client);
        let sent = ["\"Bearer a:b\"", "\"2\"", "\"headwater-paginate/0.1\""];
        assert_eq!(lines(&mut command), sent);
    }
}
