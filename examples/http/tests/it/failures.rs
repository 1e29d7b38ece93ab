//! What goes wrong, what is said of it, and the exit status.

use std::collections::HashMap;
use std::io::Read as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::http::header::LINK;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;

use crate::server::{Fault, Faults};
use crate::support::{Canned, Folder, consume, failure, items, lines, paginate, spawn, start};

/// A server whose second page is made by `second`, and which counts how often it is asked for.
fn then(second: fn() -> Response) -> (Canned, Arc<AtomicU64>) {
    let requests = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&requests);
    let router =
        Router::new().route("/1", get(|| async { ([(LINK, "</2>; rel=next")], "[1]") })).route(
            "/2",
            get(move || async move {
                counted.fetch_add(1, Ordering::Relaxed);
                second()
            }),
        );
    (Canned::start(router), requests)
}

/// Returns what is said when the second page is so, after how many requests, with both clients.
fn said(second: fn() -> Response) -> (String, u64) {
    let (server, requests) = then(second);
    let mut said = None;
    for client in [None, Some("--sync")] {
        let mut command = paginate();
        command.args(["--url", &server.url("/1"), "--attempts=3"]).args(client);
        let (printed, message) = failure(&mut command, 1);
        assert_eq!(printed, ["1"], "what comes before is printed");
        let message = message.replace(&server.url(""), "http://HOST");
        let is_first = said.is_none();
        let before = said.get_or_insert_with(|| message.clone());
        assert!(is_first || last(before).0 == last(&message).0, "{before}\n{message}");
    }
    (said.unwrap(), requests.load(Ordering::Relaxed) / 2)
}

/// The last line, without how long it took, and the lines before it.
fn last(message: &str) -> (String, usize) {
    let line = message.lines().last().unwrap();
    let (before, after) = line.split_once(" in ").unwrap_or((line, ""));
    let after = after.split_once(": ").map_or("", |(_, after)| after);
    (format!("{before} … {after}"), message.lines().count() - 1)
}

#[test]
fn what_the_client_did_wrong_is_not_tried_again() {
    let (said, requests) =
        said(|| (StatusCode::NOT_FOUND, "{\"error\":\n \"no such list\"}").into_response());
    assert_eq!(
        last(&said),
        (
            "paginate: page \"http://HOST/2\", item 0: cannot be fetched: gave up after 1 attempt … \
             another attempt would not help: 404 Not Found: {\"error\": \"no such list\"}"
                .to_owned(),
            0
        )
    );
    assert_eq!(requests, 1);
}

#[test]
fn what_may_pass_is_tried_again_and_told() {
    let (said, requests) = said(|| StatusCode::REQUEST_TIMEOUT.into_response());
    let (end, notes) = last(&said);
    assert!(end.contains("gave up after 3 attempts … no attempt is left: 408"), "{said}");
    assert_eq!((notes, requests), (2, 3));
    let note = said.lines().next().unwrap();
    assert!(note.starts_with("paginate: http://HOST/2: attempt 1: 408 Request Timeout; again in "));
    for second in [
        || StatusCode::TOO_MANY_REQUESTS.into_response(),
        || StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        || (StatusCode::SERVICE_UNAVAILABLE, [("retry-after", "soon")]).into_response(),
    ] {
        assert_eq!(self::said(second).1, 3);
    }
}

#[test]
fn what_is_not_json_is_said() {
    let (said, requests) = said(|| "<html>\n<h1>Log in</h1>".into_response());
    assert!(said.contains("the reply is not JSON, but \"<html> <h1>Log in</h1>\""), "{said}");
    assert_eq!(requests, 1);
    // This may be a part of a reply.
    assert_eq!(self::said(|| "[1, 2".into_response()).1, 3);
    assert_eq!(self::said(|| "".into_response()).1, 3);
    assert_eq!(self::said(|| b"[\"\xff\"]".to_vec().into_response()).1, 1);
}

#[test]
fn what_is_not_as_described_is_said() {
    for (body, words, expected) in [
        ("{\"a\": 1}", &[][..], "say by --items where the items are in a reply that has /a"),
        (
            "{\"a\": [], \"b\": []}",
            &[],
            "say by --items where the items are in a reply that has /a, /b",
        ),
        ("7", &[], "say by --items where the items are in \"7\""),
        ("{\"b\": [1]}", &["--items=/a"], "the items are not in a reply that has /b"),
        ("{\"a\": 1}", &["--items=/a"], "the items are no array in a reply that has /a"),
        ("[1]", &["--style=page", "--total=/n"], "nothing says how many there are in \"[1]\""),
        (
            "{\"a\": [1], \"n\": -1}",
            &["--style=offset", "--total=/n"],
            "nothing says how many there",
        ),
        (
            "{\"a\": [1]}",
            &["--style=token"],
            "nothing says where the next page is in a reply that has /a: say by --next what does",
        ),
        (
            "{\"a\": [1], \"next\": {}}",
            &["--style=token", "--next=/next"],
            "{} is no text that leads on",
        ),
    ] {
        let server = Canned::start(Router::new().route("/", get(move || async move { body })));
        let mut command = paginate();
        let (_, said) = failure(command.args(["--url", &server.url("/")]).args(words), 1);
        assert!(said.contains(expected), "{said}");
    }
}

/// A terminal obeys some of it.
#[test]
fn what_the_server_names_is_told_without_controls_and_not_for_ever() {
    let long = "x".repeat(1000);
    let named = format!(r#"{{"\u001b[2J": 1, "{long}": 2}}"#);
    let next = format!("{{\"a\": [1], \"next\": [\"\u{7f}{long}\"]}}");
    for body in [named, next] {
        let server = Canned::start(Router::new().route("/", get(move || async move { body })));
        let mut command = paginate();
        command.args(["--url", &server.url("/"), "--items=/a", "--next=/next"]);
        let (_, said) = failure(&mut command, 1);
        assert!(said.len() < 600 && said.contains("\u{fffd}"), "{said}");
        assert!(!said.trim_end().contains(char::is_control), "{said}");
    }
}

/// What was said of the API may be wrong, or there is one page.
#[test]
fn an_end_that_may_be_a_mistake_is_told() {
    let body = r#"{"items": [1], "next_cursor": "x"}"#;
    let server = Canned::start(Router::new().route("/", get(move || async move { body })));
    let mut command = paginate();
    command.args(["--url", &server.url("/"), "--style=token", "--next=/nextCursor"]);
    let (printed, told) = failure(&mut command, 0);
    assert_eq!(printed, ["1"]);
    assert!(
        told.contains("is in a reply that has /items, /next_cursor: the first page is taken"),
        "{told}"
    );
}

/// It would be the end: it has no items, and no link.
#[test]
fn an_error_with_a_good_status_is_no_end() {
    const ERROR: &str = r#"{"error": "try later"}"#;
    let page = |Query(query): Query<HashMap<String, String>>| async move {
        let is_first = query.get("n").is_none_or(|n| n == "1");
        if is_first { r#"{"items": [1], "next": "?n=2"}"# } else { ERROR }
    };
    let linked = || async { ([(LINK, "</list?n=2>; rel=next")], r#"{"items": [1]}"#) };
    let router = Router::new().route("/list", get(page)).route("/linked", get(linked));
    let server = Canned::start(router);
    for (path, words) in [
        ("/linked", &["--style=link"][..]),
        ("/list", &["--style=link", "--next=/next"]),
        ("/list", &["--style=token", "--next=/next", "--param=n"]),
        ("/list", &["--style=page", "--param=n"]),
    ] {
        let mut command = paginate();
        command.args(["--url", &server.url(path), "--items=/items"]).args(words);
        let (printed, said) = failure(&mut command, 1);
        assert_eq!(printed, ["1"], "{words:?}");
        assert!(said.contains("the items are not in a reply that has /error"), "{said}");
    }
}

/// A last page of which all is empty, and left out.
#[test]
fn an_empty_object_is_the_end() {
    let page = |Query(query): Query<HashMap<String, String>>| async move {
        let is_first = query.get("n").is_none_or(|n| n == "1");
        if is_first { r#"{"items": [1], "next": "2"}"# } else { "{ }" }
    };
    let server = Canned::start(Router::new().route("/list", get(page)));
    for words in [&["--style=token", "--next=/next"][..], &["--style=page"]] {
        let mut command = paginate();
        command.args(["--url", &server.url("/list"), "--items=/items", "--param=n"]).args(words);
        assert_eq!(lines(&mut command), ["1"], "{words:?}");
    }
}

#[test]
fn other_origins_are_refused_unless_allowed() {
    let other = Canned::start(Router::new().route("/2", get(|| async { "[2]" })));
    let link = format!("<{}>; rel=next", other.url("/2"));
    let there = other.url("/2");
    let router = Router::new()
        .route("/1", get(move || async move { ([(LINK, link)], "[1]") }))
        .route("/away", get(move || async move { Redirect::temporary(&there) }));
    let server = Canned::start(router);
    let first = server.url("/1");
    let (printed, said) = failure(paginate().args(["--url", &first]), 1);
    assert_eq!(
        (printed, said.contains("the server leads to another origin")),
        (vec!["1".to_owned()], true)
    );
    let allowed = lines(paginate().args(["--url", &first, "--allow-origin", &other.url("")]));
    assert_eq!(allowed, ["1", "2"]);
    for client in [None, Some("--sync")] {
        let (_, said) = failure(paginate().args(["--url", &server.url("/away")]).args(client), 1);
        assert!(said.contains("307 Temporary Redirect, to http://"), "{said}");
    }
}

#[test]
fn circles_are_errors() {
    let router = Router::new()
        .route("/1", get(|| async { ([(LINK, "</2>; rel=next")], "[1]") }))
        .route("/2", get(|| async { ([(LINK, "</1>; rel=next")], "[2]") }))
        .route("/r", get(|| async { Redirect::temporary("/r") }));
    let server = Canned::start(router);
    for client in [None, Some("--sync")] {
        let (printed, said) =
            failure(paginate().args(["--url", &server.url("/1")]).args(client), 1);
        assert_eq!(printed, ["1", "2"]);
        assert!(said.contains("the server leads back to a page that it gave before"), "{said}");
        let (_, said) = failure(paginate().args(["--url", &server.url("/r")]).args(client), 1);
        assert!(said.contains("too many redirects"), "{said}");
    }
}

#[test]
fn a_reply_that_does_not_come_is_not_waited_for() {
    let faults = Faults::none().on(1, vec![Fault::Slow(std::time::Duration::from_secs(60)); 9]);
    let items = items(200);
    let server = start(&items, faults);
    for client in [None, Some("--sync")] {
        let mut command = consume(server.address(), "token");
        command.args(["--timeout=1", "--attempts=2"]).args(client);
        let (printed, said) = failure(&mut command, 1);
        assert!(printed == items[..100], "{said}");
        assert!(said.contains("gave up after 2 attempts"), "{said}");
    }
}

#[test]
fn too_many_pages_are_an_error() {
    let items = items(500);
    let server = start(&items, Faults::none());
    let (printed, said) = failure(consume(server.address(), "link").arg("--max-pages=3"), 1);
    assert!(printed == items[..300]);
    assert!(said.contains("there are more pages than are allowed"), "{said}");
}

#[test]
fn nobody_who_reads_is_no_error() {
    let server = start(&items(10_000), Faults::none());
    for client in [None, Some("--sync")] {
        let mut process = spawn(consume(server.address(), "offset").args(client));
        let mut first = [0; 10];
        process.stdout.take().unwrap().read_exact(&mut first).unwrap();
        let output = process.wait_with_output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    let folder = Folder::new();
    let path = folder.path("x").display().to_string();
    for words in [
        &["--url=https://example.com"][..],
        &["--url=example.com"],
        &["--url=http://user:secret@example.com"],
        &["--url=http://127.0.0.1:1", "--style=graphql"],
        &["--url=http://127.0.0.1:1", "--items=a"],
        &["--url=http://127.0.0.1:1", "--header=a"],
        &["--url=http://127.0.0.1:1", "--header=a b: c"],
        &["--url=http://127.0.0.1:1", "--timeout=0"],
        &["--url=http://127.0.0.1:1", "--output", &path],
    ] {
        let (printed, said) = failure(paginate().args(words), 2);
        assert!(printed.is_empty() && said.starts_with("error: "), "{said}");
        assert!(!said.contains("secret"), "{said}");
    }
}
