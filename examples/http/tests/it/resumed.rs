//! Runs that end in the middle, and are gone on with from their checkpoint.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::Command;

use crate::server::{Fault, Faults, Server};
use crate::support::{
    Folder, STYLES, consume, failure, items, lines, paginate, spawn, start, stderr,
};

/// Adds a checkpoint to a command.
fn kept<'a>(command: &'a mut Command, folder: &Folder) -> &'a mut Command {
    command.arg("--checkpoint").arg(folder.path("kept"))
}

#[test]
fn every_item_is_a_place_to_go_on_from() {
    let items = items(250);
    let server = start(&items, Faults::none());
    let clients = [None, Some("--sync"), None, Some("--sync")];
    for (style, client) in STYLES.into_iter().zip(clients) {
        for take in [1, 50, 100, 149] {
            let folder = Folder::new();
            let take = format!("--take={take}");
            let run = |more: Option<&str>| {
                let mut command = consume(server.address(), style);
                lines(kept(&mut command, &folder).args(client).args(more))
            };
            let first = [run(Some(&take)), run(Some(&take))].concat();
            let rest = run(None);
            assert!([first, rest].concat() == *items, "{style} {client:?} {take}");
            assert!(run(None).is_empty(), "it is at its end");
        }
    }
}

#[test]
fn a_failure_is_gone_on_from() {
    let items = items(1000);
    for client in [None, Some("--sync")] {
        let faults = Faults::none().on(4, [Fault::Reset; 2]).on(7, [Fault::Unavailable; 3]);
        let server = start(&items, faults);
        let folder = Folder::new();
        let mut command = consume(server.address(), "token");
        kept(&mut command, &folder).arg("--attempts=2").args(client);
        let first = failure(&mut command, 1).0;
        let second = failure(&mut command, 1).0;
        assert_eq!((first.len(), second.len()), (400, 300));
        assert!([first, second, lines(&mut command)].concat() == *items, "{client:?}");
    }
}

/// The server is gone for a while, and the program does not notice more than that.
#[test]
fn a_server_that_is_started_again_is_waited_for() {
    let items = items(5000);
    for client in [None, Some("--sync")] {
        let server = start(&items, Faults::none());
        let (port, folder) = (server.address().port(), Folder::new());
        let mut command = consume(server.address(), "token");
        let mut process = spawn(kept(&mut command, &folder).args(["--page-size=20"]).args(client));
        let mut output = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
        let mut printed: Vec<_> = output.by_ref().take(1000).collect();
        drop(server);
        let server = Server::start(port, items.clone(), Faults::none()).unwrap();
        printed.extend(output);
        assert!(process.wait().unwrap().success());
        assert!(printed == *items, "{client:?}: {}", printed.len());
        assert!(server.requests() > 0, "it was done before");
    }
}

#[test]
#[cfg(unix)]
fn a_signal_ends_it_between_two_items() {
    let items = items(2000);
    let server = start(&items, Faults::none());
    for (signal, status) in [("-INT", 130), ("-TERM", 143)] {
        for client in [None, Some("--sync")] {
            let folder = Folder::new();
            let begin = || {
                let mut command = paginate();
                let url = format!("http://{}/link?size=10", server.address());
                command.args(["--url", &url]).args(client);
                kept(&mut command, &folder);
                command
            };
            let mut process = spawn(&mut begin());
            let mut output =
                BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
            let mut printed: Vec<_> = output.by_ref().take(300).collect();
            let killed = Command::new("kill").args([signal, &process.id().to_string()]).status();
            assert!(killed.unwrap().success());
            printed.extend(output);
            assert_eq!(process.wait().unwrap().code(), Some(status));
            assert!(printed.len() < items.len(), "it was done before");
            printed.extend(lines(&mut begin()));
            assert!(printed == *items, "{signal} {client:?}");
        }
    }
}

#[test]
fn a_checkpoint_of_something_else_is_refused() {
    let items = items(300);
    let server = start(&items, Faults::none());
    let folder = Folder::new();
    let mut command = consume(server.address(), "token");
    lines(kept(&mut command, &folder).arg("--take=5"));
    let mut other = consume(server.address(), "page");
    let (_, said) = failure(kept(&mut other, &folder), 1);
    assert!(said.contains("is the checkpoint of \"items  of http://"), "{said}");
    fs::write(folder.path("kept"), "nonsense").unwrap();
    let mut command = consume(server.address(), "token");
    let (printed, said) = failure(kept(&mut command, &folder), 1);
    assert!(printed.is_empty() && said.contains("kept"), "{said}");
}

#[test]
fn an_output_is_added_to() {
    let items = items(300);
    let server = start(&items, Faults::none());
    let folder = Folder::new();
    let output = folder.path("output");
    fs::write(&output, "before\n").unwrap();
    let run = |more: &[&str]| {
        let mut command = consume(server.address(), "page");
        command.args(more).arg("--output").arg(&output);
        kept(&mut command, &folder).output().unwrap()
    };
    assert!(run(&["--take=110"]).status.success());
    // What was not saved goes.
    let printed = fs::read(&output).unwrap();
    fs::write(&output, [&printed[..], b"{\"line\":11"].concat()).unwrap();
    assert!(run(&[]).stdout.is_empty());
    let printed = fs::read_to_string(&output).unwrap();
    assert!(printed.lines().eq(["before"].into_iter().chain(items.iter().map(String::as_str))));
    fs::write(&output, "before\n").unwrap();
    let said = stderr(&run(&[]));
    assert!(said.contains("the output has 7 bytes, of "), "{said}");
}
