//! The report is the same whatever the number of processes and workers.

use std::fs;
use std::path::{Path, PathBuf};
use std::slice;

use tempfile::tempdir;

use crate::support::{Processes, fixture, fixtures, log_report};

/// Processes, and workers of each.
const LAYOUTS: [(usize, &str); 4] = [(1, "1"), (1, "2"), (2, "2"), (3, "1")];

fn assert_same(files: &[PathBuf], args: &[&str], layouts: &[(usize, &str)]) {
    let expected = log_report(files, args);
    for (processes, workers) in layouts {
        let options = ["--json", "-w", workers];
        let options = || options.iter().chain(args).map(Path::new);
        let all = |_| options().chain(files.iter().map(PathBuf::as_path)).collect();
        let report = Processes::start(*processes, 0..*processes, all).report();
        assert!(report == expected, "{processes} × {workers}, {files:?}");
    }
}

#[test]
fn a_log_is_reported_as_by_one_program() {
    let log = [fixture("apache_access.log")];
    assert_same(&log, &[], &LAYOUTS);
    assert_same(&log, &["--top", "0"], &LAYOUTS[2..]);
    assert_same(&log, &["--top", "3"], &LAYOUTS[2..3]);
}

#[test]
fn rotated_and_compressed_logs_are() {
    let rotated =
        fixtures(&["rotated/access.log.2.gz", "rotated/access.log.1.zst", "rotated/access.log"]);
    assert_same(&rotated, &[], &LAYOUTS);
}

#[test]
fn what_is_odd_is() {
    let edge = fs::read_dir(fixture("edge")).unwrap().map(|entry| entry.unwrap().path());
    let mut edge: Vec<_> = edge.collect();
    edge.sort();
    for file in &edge {
        assert_same(slice::from_ref(file), &[], &LAYOUTS[1..3]);
    }
    let mut all = fixtures(&["rotated/access.log.2.gz", "apache_access.log"]);
    all.extend(edge);
    // Twice the same file is two files.
    all.push(fixture("apache_access.log"));
    assert_same(&all, &[], &LAYOUTS);
}

#[test]
fn ties_texts_that_are_not_utf_8_and_unparsed_lines_are() {
    let folder = tempdir().unwrap();
    let mut files = Vec::new();
    for file in 0..3_u8 {
        let mut log = Vec::new();
        for n in 0..400_u32 {
            log.extend(
                format!("h{} - - [01/Mar/2024:00:00:00 +0{}00] \"GET /", n % 50, n % 7).bytes(),
            );
            log.extend([0xE0 + file, 0xF0 + u8::try_from(n % 4).unwrap()]);
            log.extend(format!("/{} HTTP/1.1\" 200 1 \"r{}\" \"A\"\n", n % 25, n % 30).bytes());
            if n % 100 == 99 {
                log.extend(b"no entry\n");
            }
        }
        let path = folder.path().join(format!("{file}.log"));
        fs::write(&path, log).unwrap();
        files.push(path);
    }
    assert_same(&files, &[], &LAYOUTS);
    assert_same(&files, &["--top", "0"], &LAYOUTS);
}

#[test]
fn more_workers_than_lines_are_no_problem() {
    assert_same(&[fixture("edge/no_final_newline.log")], &[], &[(2, "9")]);
    assert_same(&[fixture("edge/empty.log")], &[], &[(2, "1")]);
}
