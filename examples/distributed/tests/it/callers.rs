//! Those who call a process: itself, others, strangers, twice, and too slowly.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use crate::support::{Processes, assert_failed, example, fixture, until};

/// What a process says of itself, as it goes over the wire.
fn hello(process: usize, processes: usize) -> Vec<u8> {
    let text = format!(r#"{{"process":{process},"processes":{processes},"workers":1}}"#);
    let len = u32::try_from(text.len()).unwrap().to_be_bytes();
    [b"headwater report", &len[..], text.as_bytes()].concat()
}

/// Starts process 0, and waits until it can be called.
fn first(processes: usize, timeout: &str) -> Processes {
    let log = fixture("rotated/access.log");
    let args = [Path::new("--connect-timeout"), Path::new(timeout), &log];
    let first = Processes::start(processes, [0], |_| args.to_vec());
    until("it listens", || TcpStream::connect(&first.addresses[0]).is_ok());
    first
}

/// Calls process 0, and says something.
fn call(first: &Processes, words: &[u8]) -> TcpStream {
    let mut called = TcpStream::connect(&first.addresses[0]).unwrap();
    called.write_all(words).unwrap();
    called
}

/// Waits until process 0 has said hello.
fn is_answered(mut called: &TcpStream, processes: usize) {
    let mut heard = hello(0, processes);
    let expected = heard.clone();
    heard.fill(0);
    called.read_exact(&mut heard).unwrap();
    assert_eq!(heard, expected);
}

#[test]
fn a_process_that_there_is_not_is_refused() {
    for process in [2, 999, usize::MAX] {
        let mut first = first(2, "60");
        let _called = call(&first, &hello(process, 2));
        let reason = format!("process {process} calls, and there are 2: they count from 0");
        assert_failed(&first.output(0), &reason);
    }
    let mut first = first(2, "60");
    let _called = call(&first, &hello(0, 2));
    assert_failed(&first.output(0), "process 0 calls, which should be called: is it there twice?");
}

#[test]
fn one_that_is_there_twice_is_told() {
    let mut first = first(3, "60");
    let _one = call(&first, &hello(1, 3));
    let _other = call(&first, &hello(1, 3));
    let reason = "process 1 calls, which has called before: is it there twice?";
    assert_failed(&first.output(0), reason);
}

#[test]
fn one_that_went_away_may_come_again() {
    let log = fixture("rotated/access.log");
    let mut first = first(3, "60");
    for _ in 0..3 {
        let gone = call(&first, &hello(1, 3));
        is_answered(&gone, 3);
    }
    let start = |process| {
        let mut command = example("distributed_report");
        command.args(["-n3", "-p", process, "-h"]).arg(first.hostfile()).arg(&log);
        command.spawn().unwrap()
    };
    for mut other in [start("1"), start("2")] {
        assert!(crate::support::wait(&mut other).success());
    }
    assert!(first.output(0).status.success());
}

#[test]
fn nobody_waits_for_those_who_do_not_say_who_they_are() {
    let log = fixture("rotated/access.log");
    let mut first = first(2, "10");
    // One after the other they would take longer than the time that there is.
    let half = hello(1, 2);
    let _silent: Vec<_> = (0..30).map(|said| call(&first, &half[..said])).collect();
    let second = example("distributed_report")
        .args(["-n2", "-p1", "--connect-timeout", "10", "-h"])
        .arg(first.hostfile())
        .arg(&log)
        .output();
    assert!(second.as_ref().unwrap().status.success(), "{second:?}");
    assert!(first.output(0).status.success());
}

#[test]
fn one_that_says_it_byte_by_byte_does_not_hold_it() {
    let mut first = first(2, "1");
    let started = Instant::now();
    let mut called = call(&first, b"headwater report\0\0\0\xFF");
    let dripping = thread::spawn(move || {
        // For 60 s, if it is let.
        for _ in 0..240 {
            if called.write_all(b" ").is_err() {
                break;
            }
            thread::sleep(Duration::from_millis(250));
        }
    });
    let address = &first.addresses[0].clone();
    let second = &first.addresses[1].clone();
    assert_ne!(address, second);
    assert_failed(&first.output(0), &format!("within 1 s there was no process 1 ({second})"));
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    dripping.join().unwrap();
}
