//! All processes must see the same files, as far as can be told.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::slice;

use tempfile::tempdir;

use crate::support::{Processes, assert_failed, fixture, log_report};

/// Runs two processes with a file each, and returns what both say.
fn assert_both_fail(of_process: [&[&Path]; 2], reason: &str) {
    let args = |index: usize| [&[Path::new("--json")], of_process[index]].concat();
    let mut processes = Processes::start(2, [0, 1], args);
    for index in [0, 1] {
        assert_failed(&processes.output(index), reason);
    }
}

#[test]
fn a_file_that_is_missing_in_one_process_is_named_by_all() {
    let log = fixture("rotated/access.log");
    let missing = Path::new("/no/such.log");
    let reason = |process: usize| {
        format!("process {process}: /no/such.log: No such file or directory (os error 2)")
    };
    assert_both_fail([&[&log], &[missing]], &reason(1));
    assert_both_fail([&[missing], &[&log]], &reason(0));
}

#[test]
fn a_file_that_is_shorter_in_one_process_is_named_by_all() {
    let folder = tempdir().unwrap();
    let short = folder.path().join("short.log");
    let log = fixture("rotated/access.log");
    let text = fs::read(&log).unwrap();
    fs::write(&short, &text[..1000]).unwrap();
    let lens = format!("1000 bytes here, and {} in process 0", text.len());
    assert_both_fail([&[&log], &[&short]], &format!("process 1: {}: {lens}", short.display()));
}

#[test]
fn another_number_of_files_and_another_format_are_told() {
    let log = fixture("rotated/access.log");
    assert_both_fail([&[&log], &[&log, &log]], "process 1: 2 files, and 1 in process 0");
    let packed = fixture("apache_access.log");
    let gzip = fixture("rotated/access.log.2.gz");
    let reason = format!("process 1: {}: another file than in process 0", packed.display());
    assert_both_fail([&[&gzip], &[&packed]], &reason);
}

#[test]
fn what_can_not_be_shared_out_is_refused() {
    let folder = tempdir().unwrap();
    let path = folder.path();
    let reason = "not a regular file, which could be shared out";
    assert_both_fail([&[path], &[path]], &format!("process 0: {}: {reason}", path.display()));
}

#[test]
fn a_log_counts_as_far_as_process_0_saw_it() {
    let folder = tempdir().unwrap();
    let (seen, grown) = (folder.path().join("seen.log"), folder.path().join("grown.log"));
    let text = fs::read(fixture("apache_access.log")).unwrap();
    fs::write(&seen, &text).unwrap();
    fs::write(&grown, &text).unwrap();
    let mut more = OpenOptions::new().append(true).open(&grown).unwrap();
    more.write_all(&text[..500_000]).unwrap();
    let args = |index: usize| vec![Path::new("--json"), if index == 0 { &seen } else { &grown }];
    let report = Processes::start(3, 0..3, args).report();
    assert!(report == log_report(slice::from_ref(&seen), &[]));
}

#[test]
fn a_file_that_can_not_be_read_to_its_end_ends_all() {
    let folder = tempdir().unwrap();
    let broken = folder.path().join("broken.gz");
    let gzip = fs::read(fixture("rotated/access.log.2.gz")).unwrap();
    fs::write(&broken, &gzip[..gzip.len() / 2]).unwrap();
    let log = fixture("apache_access.log");
    // The compressed file goes to the first worker, unless there is none but one.
    let args = |_| vec![Path::new("--json"), &log, &broken];
    for processes in [1, 2, 3] {
        let mut processes_of_it = Processes::start(processes, 0..processes, args);
        let outputs: Vec<_> = (0..processes).map(|index| processes_of_it.output(index)).collect();
        for output in &outputs {
            assert_eq!(output.stderr, outputs[0].stderr, "all say the same");
            let text = String::from_utf8_lossy(&output.stderr);
            let of_process = if processes == 1 { "" } else { "process 0: " };
            let start = format!("distributed_report: {of_process}{}: ", broken.display());
            assert!(text.starts_with(&start) && text.lines().count() == 1, "{text}");
            assert_eq!((output.status.code(), &output.stdout[..]), (Some(1), &b""[..]));
        }
    }
}
