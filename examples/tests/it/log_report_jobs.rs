//! However many threads count, `log_report` says the same.

use std::fs;
use std::io::Write as _;
use std::process::Output;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{example, fixture, run, stderr};

/// Runs it with one thread, and with several, which must make no difference.
fn same(args: &[&str], input: &[u8]) -> Output {
    let with = |jobs| run(example("log_report").args(["--jobs", jobs]).args(args), input);
    let one = with("1");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    for jobs in ["2", "5"] {
        let several = with(jobs);
        assert_eq!(text(&several.stdout), text(&one.stdout), "{jobs} jobs, {args:?}");
        assert_eq!(text(&several.stderr), text(&one.stderr), "{jobs} jobs, {args:?}");
        assert_eq!(several.status, one.status, "{jobs} jobs, {args:?}");
    }
    one
}

/// A log of some MiB: real lines, now and then one that is none, and what is not UTF-8.
fn log(seed: usize) -> Vec<u8> {
    let real = fs::read(fixture("apache_access.log")).unwrap();
    let mut log = Vec::new();
    for (index, line) in real.split_inclusive(|&byte| byte == b'\n').enumerate() {
        log.extend_from_slice(line);
        if (index + seed) % 997 == 996 {
            writeln!(log, "no entry {index}\r").unwrap();
        }
        if index % 50 == seed {
            log.extend(b"h - - [01/Mar/2024:00:00:00 +0000] \"GET /");
            log.extend([0xE0 + u8::try_from(index / 50 % 16).unwrap()]);
            log.extend(b" HTTP/1.1\" 200 5 \"-\" \"A\"\n");
        }
    }
    log
}

struct Logs(TempDir);

impl Logs {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn write(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.0.path().join(name);
        fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_large_log_is_divided_and_reported_on_as_one() {
    let logs = Logs::new();
    let path = logs.write("large", &[log(0), log(1)].concat());
    for args in [&["--json", "--top", "0", &path][..], &["--json", &path], &["--top=3", &path]] {
        let output = same(args, b"");
        assert!(output.status.success(), "{}", stderr(&output));
    }
}

#[test]
fn files_of_all_kinds_are_counted_at_once_and_told_in_order() {
    let logs = Logs::new();
    let plain = logs.write("plain", &log(0));
    let gz = logs.write("gzip.gz", &gzip(&log(1)));
    let zst = logs.write("zstd.zst", &zstd::encode_all(&log(2)[..], 1).unwrap());
    let small = logs.write("small", b"nothing\n\n");
    let empty = logs.write("empty", b"");
    let [plain, gz, zst, small, empty] = [&plain, &gz, &zst, &small, &empty].map(String::as_str);
    let input = gzip(&log(3));
    for files in [
        &[plain, gz, zst, small, empty][..],
        &[gz, "-", plain, zst],
        &[small, gz],
        &["-", small, "-", plain, "-"],
        &[plain, plain, gz, gz],
        &["-"],
    ] {
        let args = [&["--json", "--top", "0"], files].concat();
        let output = same(&args, &input);
        assert!(output.status.success(), "{}", stderr(&output));
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["unparsed_first"].as_array().unwrap().len(), 5);
    }
}

#[test]
fn what_can_not_be_read_is_told_once_and_in_order() {
    let logs = Logs::new();
    let plain = logs.write("plain", &log(0));
    let gz = gzip(&log(1));
    let cut = logs.write("cut.gz", &gz[..gz.len() / 2]);
    let missing = logs.0.path().join("missing").to_str().unwrap().to_owned();
    let folder = logs.0.path().to_str().unwrap().to_owned();
    let files = [&missing, &plain, &cut, &folder, &plain, &missing].map(String::as_str);
    let output = same(&[&["--json"], &files[..]].concat(), b"");
    assert_eq!(output.status.code(), Some(1));
    let errors = stderr(&output);
    let named: Vec<_> =
        [&missing, &cut, &folder, &missing].map(|path| format!(": {path}: ")).into();
    let lines: Vec<&str> = errors.lines().collect();
    assert_eq!(lines.len(), named.len(), "{errors}");
    assert!(lines.iter().zip(&named).all(|(line, name)| line.contains(name)), "{errors}");

    let output = same(&[&missing], b"");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
}

#[test]
fn lines_longer_than_parts_are_cut_in_the_same_way() {
    let logs = Logs::new();
    let long = [log(0), vec![b'x'; 17 << 20], b"\n".to_vec(), log(1)].concat();
    let path = logs.write("long", &long);
    let output = same(&["--json", &path], b"");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["lines"], long.split(|&byte| byte == b'\n').count() - 1);
}

#[test]
fn no_jobs_at_all_make_no_sense() {
    for jobs in ["0", "-1", "some"] {
        let output = run(example("log_report").arg(format!("--jobs={jobs}")), b"");
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        assert!(output.stdout.is_empty());
    }
}
