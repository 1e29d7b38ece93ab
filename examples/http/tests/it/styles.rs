//! Every style, from any server to lines.

use std::time::{Duration, Instant};

use crate::server::{Fault, Faults};
use crate::support::{STYLES, consume, items, lines, paginate, spawn, start, stderr, stdout};

#[test]
fn every_style_gives_all_items_in_order() {
    for count in [0, 1, 99, 100, 101, 1000, 2345] {
        let items = items(count);
        let server = start(&items, Faults::none());
        for style in STYLES {
            for client in [&[][..], &["--sync"]] {
                let printed = lines(consume(server.address(), style).args(client));
                assert!(printed == *items, "{style} {client:?}: {} of {count}", printed.len());
            }
        }
    }
}

/// With no word of how many there are, the end is a page without items.
#[test]
fn totals_are_not_needed() {
    let items = items(300);
    let server = start(&items, Faults::none());
    for (style, requests) in [("page", 4), ("offset", 4)] {
        let before = server.requests();
        let url = format!("http://{}/{style}", server.address());
        let mut command = paginate();
        assert!(lines(command.args(["--url", &url, "--style", style])) == *items, "{style}");
        assert_eq!(server.requests() - before, requests, "{style}");
    }
}

#[test]
fn a_page_is_as_large_as_is_asked_for() {
    let items = items(300);
    let server = start(&items, Faults::none());
    for (style, size) in [("token", "7"), ("page", "150"), ("offset", "299")] {
        let before = server.requests();
        let mut command = consume(server.address(), style);
        assert!(lines(command.args(["--page-size", size])) == *items, "{style}");
        assert_eq!(server.requests() - before, 300_u64.div_ceil(size.parse().unwrap()), "{style}");
    }
    let mut command = consume(server.address(), "link");
    let printed = lines(command.args(["--page-size", "50", "--size-param", "size"]));
    assert!(printed == *items);
}

/// A first page that is in the URL is the first.
#[test]
fn numbers_begin_where_the_url_does() {
    let items = items(500);
    let server = start(&items, Faults::none());
    for (style, query, first) in
        [("page", "page=3", 200), ("offset", "offset=321", 321), ("token", "page_token=64==", 100)]
    {
        let url = format!("http://{}/{style}?{query}", server.address());
        let mut command = paginate();
        command.args(["--url", &url, "--style", style]);
        assert!(lines(&mut command) == items[first..], "{style}");
    }
}

/// A total is of all pages, and not of those from the first in the URL on.
#[test]
fn a_total_ends_where_it_says_wherever_the_url_begins() {
    let items = items(500);
    let server = start(&items, Faults::none());
    let url = format!("http://{}/page?page=3", server.address());
    let mut command = paginate();
    command.args(["--url", &url, "--style=page", "--total=/meta/pages"]);
    assert!(lines(&mut command) == items[200..]);
    assert_eq!(server.requests(), 3);
}

#[test]
fn faults_are_not_seen_in_the_output() {
    let items = items(1000);
    let runs = STYLES.iter().flat_map(|&style| [(style, None), (style, Some("--sync"))]);
    let runs = runs.map(|(style, client)| {
        let faults = Faults::none()
            .on(0, [Fault::Reset])
            .on(2, [Fault::BadGateway, Fault::Slow(Duration::from_millis(50)), Fault::Reset])
            .on(5, [Fault::Unavailable; 3])
            .on(9, [Fault::Reset; 2]);
        let server = start(&items, faults);
        let process = spawn(consume(server.address(), style).args(client));
        (server, process)
    });
    // All at once: they wait most of the time.
    for (server, process) in runs.collect::<Vec<_>>() {
        let output = process.wait_with_output().unwrap();
        assert!(stdout(&output) == *items, "{}", stderr(&output));
        // A page that is only slow is taken as it is, and what would be next is not seen.
        let seen: u64 = server.faults().iter().map(|fault| fault.1).sum();
        assert_eq!(seen, 8, "{:?}", server.faults());
    }
}

#[test]
fn what_the_server_asks_to_wait_is_waited() {
    let items = items(200);
    for (fault, client) in [(Fault::BusyFor(1), None), (Fault::BusyUntil(1), Some("--sync"))] {
        let server = start(&items, Faults::none().on(1, [fault]));
        let begun = Instant::now();
        let output = consume(server.address(), "token").args(client).output().unwrap();
        assert!(begun.elapsed() >= Duration::from_secs(1));
        let told = stderr(&output);
        assert!(told.contains("page_token=64%3D%3D: attempt 1: 429 Too Many Requests"), "{told}");
        assert!(told.contains("again in 1"), "{told}");
        assert_eq!(server.requests(), 3);
    }
}
