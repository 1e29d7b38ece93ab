//! What a process says when one of its threads panics. The example has no thread that does: here are
//! some, in another process of this test.

use std::env;
use std::process::Command;
use std::thread;

#[path = "../../distributed_report/last_words.rs"]
mod last_words;

const CASE: &str = "HEADWATER_TEST_PANIC";

#[test]
#[ignore = "ends its process: run by the other test"]
fn panicking() {
    last_words::install(&["one:1".to_owned(), "two:2".to_owned()]);
    let threads: Vec<_> = env::var(CASE)
        .unwrap()
        .split(',')
        .map(|name| {
            thread::Builder::new().name(name.to_owned()).spawn(|| panic!("broken")).unwrap()
        })
        .collect();
    for thread in threads {
        // None returns: the hook ends the process.
        let _ = thread.join();
    }
}

/// Runs threads of these names, which panic, and returns what their process says in its last line.
fn last_line(names: &str) -> String {
    let output = Command::new(env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture", "panics::panicking"])
        .env(CASE, names)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_panic_ends_the_process_with_one_message() {
    let own = last_line("timely:work-0");
    assert!(own.starts_with("distributed_report: panicked at "), "{own}");
    assert!(own.ends_with(":\nbroken\n"), "{own}");

    for names in ["timely:recv-1", "timely:send-1", "timely:recv-1,timely:send-1,timely:recv-1"] {
        let lost = "distributed_report: process 1 (two:2) was lost before the work was done\n";
        assert_eq!(last_line(names), lost);
    }
}
