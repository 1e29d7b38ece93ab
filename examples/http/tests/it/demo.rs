//! The run without a server of one's own.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use crate::support::{STYLES, lines, paginate};

/// What is at the end of each report, whatever the ports and times are.
fn is_proven(report: &[String]) -> bool {
    let last = report.last().unwrap();
    last.starts_with("items: 10000 of 10000, with the hash ")
        && last.ends_with(": each came exactly once, in order")
}

#[test]
fn it_proves_that_each_item_came_once() {
    let report = lines(&mut paginate());
    assert!(is_proven(&report), "{report:#?}");
    assert!(report[0].starts_with("paginate --url http://127.0.0.1:"), "{report:#?}");
    let faults = [
        "faults of the server, and how often",
        "  1 × 429, Retry-After: 1",
        "  2 × page slow, by 300ms",
        "  4 × connection reset in the middle of the body",
        "  3 × 503",
        "  1 × 429, Retry-After: a date in 1 s",
        "  1 × 502, with a page of HTML",
    ];
    assert_eq!(report[3..10], faults);
    assert_eq!(report[11], "interrupted after 4321 items, and gone on with from the checkpoint");
    let requests = report[12].strip_prefix("requests: ").unwrap();
    let requests: u32 = requests.split(',').next().unwrap().parse().unwrap();
    // Each page, each again after a fault, and those under way when it is interrupted.
    assert!((110..=115).contains(&requests), "{report:#?}");
}

#[test]
fn every_style_and_both_clients_do() {
    // All at once: they wait most of the time.
    let runs = STYLES.map(|style| {
        let client = (style == "link" || style == "offset").then_some("--sync");
        let mut command = paginate();
        command.args(["--style", style]).args(client).stdout(Stdio::piped()).spawn().unwrap()
    });
    for run in runs {
        let output = run.wait_with_output().unwrap();
        let report: Vec<_> = BufReader::new(&*output.stdout).lines().map(Result::unwrap).collect();
        assert!(output.status.success() && is_proven(&report), "{report:#?}");
    }
}

#[test]
fn options_for_other_servers_are_refused() {
    for option in ["--take=3", "--checkpoint=x", "--items=/x", "--header=a: b"] {
        let status = paginate().arg(option).stderr(Stdio::null()).status().unwrap();
        assert_eq!(status.code(), Some(2), "{option}");
    }
}
