//! Processes that are lost, on the way or before it began.

use std::fs;
use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

use tempfile::tempdir;

use crate::support::{Processes, assert_failed, endless, example, fixture, read_by, until};

#[test]
fn one_that_is_killed_ends_all() {
    let folder = tempdir().unwrap();
    let log = endless(&folder);
    for killed in [0, 1, 2] {
        let mut processes = Processes::start(3, 0..3, |_| vec![Path::new("--json"), &log]);
        for index in 0..3 {
            let id = processes.child(index).id();
            until("it reads the log", || read_by(id) > 8 << 20);
        }
        processes.child(killed).kill().unwrap();
        let lost = Instant::now();
        let address = processes.addresses[killed].clone();
        assert_eq!(processes.output(killed).status.code(), None);
        for other in (0..3).filter(|other| *other != killed) {
            let reason = format!("process {killed} ({address}) was lost before the work was done");
            assert_failed(&processes.output(other), &reason);
        }
        assert!(lost.elapsed() < Duration::from_secs(10), "{:?}", lost.elapsed());
    }
}

#[test]
fn one_that_is_never_started_is_named_by_all() {
    let log = fixture("rotated/access.log");
    let timeout = [Path::new("--connect-timeout"), Path::new("1"), &log];
    let mut processes = Processes::start(3, [0, 2], |_| timeout.to_vec());
    let address = &processes.addresses[1].clone();
    let reason = format!("within 1 s there was no process 1 ({address})");
    assert_failed(&processes.output(0), &reason);
    let refused = "Connection refused (os error 111)";
    let reason = format!("within 1 s there was no process 1 ({address}: {refused})");
    assert_failed(&processes.output(2), &reason);
}

#[test]
fn one_that_comes_late_is_waited_for() {
    let log = fixture("rotated/access.log");
    let mut processes = Processes::start(2, [1], |_| vec![&*log]);
    let id = processes.child(1).id();
    until("it calls", || fs::read_to_string(format!("/proc/{id}/stat")).unwrap().contains(") S "));
    let hostfile = processes.hostfile();
    let first = example("distributed_report").args(["-n2", "-h"]).arg(hostfile).arg(&log).output();
    assert!(first.unwrap().status.success());
    assert!(processes.output(1).status.success());
}

#[test]
fn strangers_are_told_from_processes() {
    let log = fixture("rotated/access.log");
    let mut processes = Processes::start(2, [0], |_| vec![&*log]);
    let address = processes.addresses[0].clone();
    let mut stranger = None;
    until("it listens", || {
        stranger = TcpStream::connect(&address).ok();
        stranger.is_some()
    });
    stranger.unwrap().write_all(b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n").unwrap();
    let hostfile = processes.hostfile();
    let second =
        example("distributed_report").args(["-n2", "-p1", "-h"]).arg(hostfile).arg(&log).output();
    assert!(second.unwrap().status.success());
    assert!(processes.output(0).status.success());
}

#[test]
fn another_server_at_the_address_is_told() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = server.local_addr().unwrap().to_string();
    let folder = tempdir().unwrap();
    let hosts = folder.path().join("hosts");
    fs::write(&hosts, format!("{address}\n{address}\n")).unwrap();
    let answering = std::thread::spawn(move || {
        let (mut called, _) = server.accept().unwrap();
        called.write_all(&[b'x'; 100]).unwrap();
    });
    let output =
        example("distributed_report").args(["-n2", "-p1", "-h"]).arg(hosts).arg("x").output();
    assert_failed(&output.unwrap(), &format!("{address}: it is no process of a report"));
    answering.join().unwrap();
}

#[test]
fn processes_that_were_started_differently_are_told() {
    let log = fixture("rotated/access.log");
    let workers =
        |index| [Path::new("-w"), Path::new(if index == 0 { "2" } else { "1" }), &log].to_vec();
    let mut processes = Processes::start(2, [0, 1], workers);
    let reason = |other, own: (usize, usize), theirs: (usize, usize)| {
        let (n, w) = theirs;
        format!(
            "process {other} was started with -n {n} -w {w}, this one with -n {} -w {}",
            own.0, own.1
        )
    };
    assert_failed(&processes.output(0), &reason(1, (2, 2), (2, 1)));
    assert_failed(&processes.output(1), &reason(0, (2, 1), (2, 2)));
}
