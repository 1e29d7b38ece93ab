use std::fs;
use std::io::Write as _;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use tempfile::{NamedTempFile, tempdir};

use crate::oracle;
use crate::support::{example, fixture, run, stderr};

/// What a line can go wrong with, and what it can't.
const HOSTILE: &[u8] = br#"::1 - - [29/Feb/2024:00:00:00 +0000] "GET / HTTP/1.1" 200 1 "http://a/" "A"
::1 - - [29/Feb/2023:00:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "no such day"
2001:db8::7 - John Smith [01/Mar/2024:23:59:59 -1130] "GET /a?b=\"c\" HTTP/1.1" 404 - "-" "\"quoted\" \\"
host.example.org - [x] [01/Mar/2024:23:59:59 +0000] "GET /b" 301 0 "" ""

h - - [01/Mar/2024:00:00:00 +0000] "-" 408 - "-" "-"
h - - [01/Mar/2024:00:00:00 +0000] "" 400 0
h - - [01/Mar/2024:00:00:00 +0000] "\x16\x03\x01" 400 4294967297 "-"
h - - [01/Mar/2024:00:00:00 +0000] "GET /caf\xe9 HTTP/1.1" 200 5 "-" "A" "more" 0.003 -
h - - [01/Mar/2024:00:00:00 +0000] "GET / HTTP/1.1" 200 5 "http://a/ cut here
h - - [01/Mar/2024:00:00:00 +0000] "GET / HTTP/1.1" 200 5 "http://a/" "cut here
h - - [01/Mar/2024:00:00:00 +0000] "GET / HTTP/1.1" 200
h - - [01/Mar/2024:00:00:00 +0000] "GET / HTTP/1.1 200 5 "-" "-"
h - - [01/Mar/2024:24:00:00 +0000] "GET / HTTP/1.1" 200 5
h - - [2024-03-01T00:00:00Z] "GET / HTTP/1.1" 200 5
h [01/Mar/2024:00:00:00 +0000] "GET / HTTP/1.1" 200 5
{"time": "01/Mar/2024", "status": 200}
"#;

/// The report of the example, without the first and the last time.
fn report(args: &[&str], input: &[u8]) -> Value {
    let output = run(example("log_report").args(args), input);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(stderr(&output), "");
    let mut report: Value = serde_json::from_slice(&output.stdout).unwrap();
    for time in ["first", "last"] {
        report.as_object_mut().unwrap().remove(time).unwrap();
    }
    report
}

fn assert_same(report: &Value, expected: &Value) {
    let keys = |report: &Value| report.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(report), keys(expected));
    for key in keys(report) {
        assert_eq!(report[&key], expected[&key], "{key}");
    }
}

fn assert_adds_up(report: &Value) {
    let sum = |name: &str| -> u64 {
        report[name].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum()
    };
    let number = |name: &str| report[name].as_u64().unwrap();
    assert_eq!(number("lines"), number("parsed") + number("unparsed"));
    for name in ["status", "days", "hours"] {
        assert_eq!(sum(name), number("parsed"), "{name}");
    }
}

#[test]
fn the_default_log_gives_the_golden_report() {
    let output = run(example("log_report").arg("--json"), b"");
    assert!(output.status.success(), "{}", stderr(&output));
    let golden = include_str!("apache_access.json");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), golden);
}

#[test]
fn the_oracle_agrees_on_real_logs() {
    let mut logs = vec![fixture("apache_access.log"), fixture("rotated/access.log")];
    let shop = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../shared/logs/lnav/logfile_shop_access_log.0");
    if shop.exists() {
        logs.push(shop);
    } else {
        eprintln!("SKIPPED: {} is not there, only fixtures are read", shop.display());
    }
    for log in logs {
        let path = log.to_str().unwrap();
        let text = fs::read(&log).unwrap();
        for (top, args) in [
            (10, &["--json", path][..]),
            (1, &["--json", "--top", "1", path]),
            (usize::MAX, &["--top=0", "--json", path]),
        ] {
            let report = report(args, b"");
            assert_adds_up(&report);
            assert_same(&report, &oracle::report(path, &text, top));
        }
    }
}

#[test]
fn the_oracle_agrees_on_hostile_lines() {
    let mut log = HOSTILE.to_vec();
    log.extend(b"h - - [01/Mar/2024:00:00:00 +0000] \"GET /\" 200 18446744073709551616\n");
    log.extend(b"h - - [01/Mar/2024:00:00:00 +0000] \"GET /\xFF HTTP/1.1\" 200 1 \"-\" \"\xFE\"\n");
    log.extend(b"h - - [01/Mar/2024:00:00:00 +0000] \"GET /\xFE HTTP/1.1\" 200 1 \"-\" \"\0\"\r\n");
    log.extend(b"h - - [01/Mar/2024:00:00:00 +0000] \"GET /\xEF\xBF\xBD HTTP/1.1\" 200 1");
    let report = report(&["--json", "--top", "0", "-"], &log);
    assert_adds_up(&report);
    assert_eq!(report["unparsed"], 9);
    assert_eq!(report["paths"][1], json!(["/\u{FFFD}", 3]), "the three look the same");
    assert_same(&report, &oracle::report("-", &log, usize::MAX));
}

#[test]
fn the_oracle_agrees_on_lines_with_wrong_bytes() {
    let mut random = Lcg(1);
    let lines: Vec<&[u8]> =
        HOSTILE.split_inclusive(|&byte| byte == b'\n').filter(|line| line.len() > 60).collect();
    let mut log = Vec::new();
    for _ in 0..5000 {
        let mut line = lines[random.below(lines.len())].to_vec();
        for _ in 0..random.below(3) {
            let at = random.below(line.len() - 1);
            let byte = br#"[]"\ -:/0193aM+"#[random.below(15)];
            match random.below(3) {
                0 => line[at] = byte,
                1 => line.insert(at, byte),
                _ => drop(line.remove(at)),
            }
        }
        log.extend(line);
    }
    let report = report(&["--json", "--top", "0", "-"], &log);
    assert_adds_up(&report);
    assert_same(&report, &oracle::report("-", &log, usize::MAX));
}

/// Numbers that look random and are the same each time (Knuth's MMIX generator).
struct Lcg(u64);

impl Lcg {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

#[test]
fn bytes_beyond_64_bits_are_summed() {
    let line = format!("h - - [01/Mar/2024:00:00:00 +0000] \"GET /\" 200 {}\n", u64::MAX);
    let output = run(example("log_report").args(["--json", "-"]), line.repeat(3).as_bytes());
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("\"bytes\":55340232221128654845,"), "{text}");
}

#[test]
fn the_range_is_that_of_instants_not_of_clocks() {
    let lines = ["00:30:00 +0200", "23:00:00 -0100", "12:00:00 +0000"]
        .map(|time| format!("h - - [02/Mar/2024:{time}] \"GET /\" 200 1\n"));
    let output = run(example("log_report").args(["--json", "-"]), lines.concat().as_bytes());
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["first"], "2024-03-02T00:30:00+02:00");
    assert_eq!(report["last"], "2024-03-02T23:00:00-01:00");

    let output = run(example("log_report").args(["--json", "-"]), b"");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&report["first"], &report["lines"]), (&Value::Null, &json!(0)));
}

#[test]
fn a_log_is_the_same_plain_compressed_and_from_a_pipe() {
    let text = fs::read(fixture("apache_access.log")).unwrap();
    let expected = report(&["--json"], b"");
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(&text).unwrap();
    let gzip = gzip.finish().unwrap();
    let zstd = zstd::encode_all(&text[..], 1).unwrap();
    for compressed in [&text, &gzip, &zstd] {
        assert_eq!(report(&["--json", "-"], compressed), expected);
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(compressed).unwrap();
        assert_eq!(report(&["--json", file.path().to_str().unwrap()], b""), expected);
    }
}

#[test]
fn rotated_logs_are_one() {
    let files = ["access.log.2.gz", "access.log.1.zst", "access.log"]
        .map(|name| fixture("rotated").join(name).to_str().unwrap().to_owned());
    let text = fs::read(fixture("apache_access.log")).unwrap();
    let text: Vec<u8> =
        text.split_inclusive(|&byte| byte == b'\n').take(300).flatten().copied().collect();
    let expected = oracle::report("-", &text, 10);
    assert_eq!(report(&["--json", &files[0], &files[1], &files[2]], b""), expected);

    let last = fs::read(&files[2]).unwrap();
    assert_eq!(report(&["--json", &files[0], "-", &files[1]], &last), expected);
}

#[test]
fn unparsed_lines_are_named_by_file_and_offset() {
    let folder = tempdir().unwrap();
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    fs::write(&one, "bad\n").unwrap();
    fs::write(&two, "h - - [01/Mar/2024:00:00:00 +0000] \"GET /\" 200 1\r\n\r\nbad").unwrap();
    let (one, two) = (one.to_str().unwrap(), two.to_str().unwrap());
    let report = report(&["--json", one, two], b"");
    assert_eq!(report["lines"], 4);
    assert_eq!(
        report["unparsed_first"],
        json!([
            {"file": one, "offset": 0},
            {"file": two, "offset": 50},
            {"file": two, "offset": 52},
        ])
    );
}

#[test]
fn a_file_that_fails_is_named_and_the_others_are_counted() {
    let folder = tempdir().unwrap();
    let broken = folder.path().join("broken.gz");
    let gzip = fs::read(fixture("rotated/access.log.2.gz")).unwrap();
    fs::write(&broken, &gzip[..gzip.len() / 2]).unwrap();
    let missing = folder.path().join("missing.log");
    let good = fixture("rotated/access.log");

    let output = run(example("log_report").arg("--json").args([&missing, &broken, &good]), b"");
    assert_eq!(output.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_adds_up(&report);
    assert!(report["parsed"].as_u64().unwrap() > 100, "{report}");
    let errors = stderr(&output);
    let errors: Vec<&str> = errors.lines().collect();
    assert_eq!(errors.len(), 2, "{errors:?}");
    assert!(errors[0].starts_with(&format!("log_report: {}: ", missing.display())), "{errors:?}");
    assert!(errors[1].starts_with(&format!("log_report: {}: ", broken.display())), "{errors:?}");

    let output = run(example("log_report").arg(&missing), b"");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(output.stdout, b"", "there is nothing to report on");
}

#[test]
fn tables_are_aligned_and_escaped() {
    let log =
        b"h - - [01/Mar/2024:00:00:00 +0000] \"GET /\x1B[31m HTTP/1.1\" 200 1000 \"-\" \"A\"\n\
        nonsense\n";
    let output = run(example("log_report").arg("-"), &log.repeat(1000));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("Lines        2,000\n"), "{text}");
    assert!(text.contains("\n             - at byte 74\n"), "{text}");
    assert!(text.contains("\n 1,000  100.0 %  /\\u{1b}[31m\n"), "{text}");
    assert!(text.contains("\nHosts (1 of 1)\n 1,000  100.0 %  h\n"), "{text}");
    assert!(!text.contains("Referrers"), "an empty list is left out: {text}");
}

#[test]
fn help_is_no_error_and_a_wrong_option_is_one() {
    let help = run(example("log_report").arg("--help"), b"");
    assert!(help.status.success());
    let help = String::from_utf8(help.stdout).unwrap();
    assert!(help.contains("Usage: log_report") && help.contains("second word"), "{help}");

    for args in [&["--top", "many"][..], &["--sideways"]] {
        let wrong = run(example("log_report").args(args), b"");
        assert_eq!(wrong.status.code(), Some(2));
        assert_eq!(wrong.stdout, b"");
    }
}
