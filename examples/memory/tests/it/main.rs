//! Runs the example as its users do, and looks at what it prints and draws.

use std::env;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// Runs it in a folder of its own, with the pictures there.
fn profile(args: &[&str]) -> (TempDir, Output) {
    let folder = tempfile::tempdir().unwrap();
    let test = env::current_exe().unwrap();
    let file = format!("memory_profile{}", env::consts::EXE_SUFFIX);
    let example = test.ancestors().nth(2).unwrap().join("examples").join(file);
    assert!(example.exists(), "{} is not built: run `cargo build --examples`", example.display());
    let output = Command::new(example).args(args).current_dir(folder.path()).output().unwrap();
    (folder, output)
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn text(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The peak of a form, as the table says, in KiB.
fn peak(table: &str, form: &str) -> f64 {
    let row = table.lines().find(|line| line.starts_with(form)).unwrap();
    row.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn the_lazy_form_holds_a_block_and_the_eager_one_the_file() {
    let (_folder, output) = profile(&[]);
    let table = text(&output);
    assert!(table.starts_with("longest line of apache_access.log: "), "{table}");
    let (lazy, eager) = (peak(&table, "lazy"), peak(&table, "eager"));
    assert!((128.0..140.0).contains(&lazy), "{table}");
    let len = fs::metadata(root().join("fixtures/apache_access.log")).unwrap().len() >> 10;
    assert!(eager * 1024.0 > f64::from(u32::try_from(len).unwrap()) * 1000.0, "{table}");
}

#[test]
fn every_pipeline_gives_the_same_answer_both_ways() {
    for (name, title) in [
        ("longest", "longest line of apache_access.log: "),
        ("errors", "errors of apache_access.log: 3\n"),
        ("hosts", "distinct hosts of apache_access.log: 1753\n"),
    ] {
        let (_folder, output) = profile(&["--pipeline", name]);
        let table = text(&output);
        assert!(table.starts_with(title), "{table}");
        assert!(peak(&table, "lazy") < peak(&table, "eager") / 4.0, "{table}");
    }
}

#[test]
fn both_forms_are_in_both_pictures() {
    let (folder, output) = profile(&["--out", "."]);
    text(&output);
    let svg = fs::read_to_string(folder.path().join("memory_profile.svg")).unwrap();
    assert!(svg.starts_with("<svg ") && svg.trim_end().ends_with("</svg>"), "{svg}");
    // Each text has its end, and so has all else.
    assert_eq!(svg.matches("<text").count(), svg.matches("</text>").count());
    for (form, colour) in [("lazy: at most 0.13 MiB", "#006EB4"), ("eager: at most ", "#D55E00")] {
        assert!(svg.contains(form), "{form} is not in it");
        let curves = svg.lines().filter(|line| line.starts_with("<polyline"));
        let curves: Vec<_> = curves.filter(|line| line.contains(colour)).collect();
        // The curve, and its line in the legend.
        assert!(curves.iter().any(|curve| curve.matches(',').count() > 150), "{form}: {curves:?}");
    }
    let png = fs::read(folder.path().join("memory_profile.png")).unwrap();
    assert_eq!(png[..8], *b"\x89PNG\r\n\x1a\n");
    // Its first chunk has the width and the height.
    assert_eq!((&png[12..16], &png[16..24]), (&b"IHDR"[..], &b"\0\0\x02\xD0\0\0\x01\x68"[..]));
    assert_eq!(png[png.len() - 8..png.len() - 4], *b"IEND");
}

/// The heap is counted to the byte, so the picture is the same on each machine.
#[test]
fn the_picture_in_the_guide_is_the_one_that_it_draws() {
    let (folder, output) = profile(&[]);
    text(&output);
    let drawn = fs::read_to_string(folder.path().join("memory_profile.svg")).unwrap();
    let kept = fs::read_to_string(root().join("guide/memory_profile.svg")).unwrap();
    assert!(drawn == kept, "make it anew: run `memory_profile --out guide`");
}

#[test]
fn other_files_and_folders_will_do() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("two \u{e4}.log");
    let mut file = fs::File::create(&log).unwrap();
    writeln!(file, "one\r\nthree").unwrap();
    let (_folder, output) =
        profile(&[log.to_str().unwrap(), "--out", folder.path().to_str().unwrap()]);
    let table = text(&output);
    assert!(table.starts_with("longest line of two \u{e4}.log: 5 bytes\n"), "{table}");
    assert!(folder.path().join("memory_profile.png").exists());
    let (_folder, output) = profile(&[log.to_str().unwrap(), "--pipeline", "hosts"]);
    assert!(text(&output).starts_with("distinct hosts of two \u{e4}.log: 2\n"));
}

#[test]
fn an_empty_file_is_one_too() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("empty.log");
    fs::write(&log, "").unwrap();
    let (_folder, output) = profile(&[log.to_str().unwrap()]);
    assert!(text(&output).starts_with("longest line of empty.log: 0 bytes\n"));
}

#[test]
fn what_fails_is_told() {
    let fails = |args: &[&str], code: i32, message: &str| {
        let (_folder, output) = profile(args);
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{error}");
        assert!(error.contains(message), "{error}");
        assert!(output.stdout.is_empty());
    };
    fails(&["missing.log"], 1, "memory_profile: missing.log: ");
    fails(&["--out", "missing"], 1, "memory_profile: missing: ");
    fails(&["--pipeline", "shortest"], 2, "shortest");
}
