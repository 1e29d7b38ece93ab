use std::fs;
use std::io::Read as _;
use std::process::Stdio;

use tempfile::tempdir;

use crate::support::{example, fixture, logs, run, run_peer, stderr};

fn reversed(text: &[u8]) -> Vec<u8> {
    let mut lines: Vec<&[u8]> = text.split_inclusive(|&byte| byte == b'\n').collect();
    lines.reverse();
    lines.concat()
}

#[test]
fn every_log_is_printed_as_gnu_tac_prints_it() {
    for log in logs() {
        let output = run(example("tac").arg(&log), b"");
        assert!(output.status.success(), "{}: {}", log.display(), stderr(&output));
        assert!(output.stdout == reversed(&fs::read(&log).unwrap()), "{}", log.display());
        if let Some(peer) = run_peer("tac", [&log], b"") {
            assert!(output.stdout == peer.stdout, "{}", log.display());
        }
    }
}

#[test]
fn the_standard_input_is_reversed_from_a_pipe() {
    let long = [b"a\n".repeat(100_000), b"x".repeat(3 << 20), b"\nlast".to_vec()].concat();
    for text in [&b""[..], b"\n", b"a", b"a\nb", b"\n\na\n\n", b"a\r\nb\r\n", &long] {
        for args in [&[][..], &["-"], &["/dev/stdin"]] {
            if args == ["/dev/stdin"] && !cfg!(unix) {
                continue;
            }
            let output = run(example("tac").args(args), text);
            assert!(output.status.success(), "{}", stderr(&output));
            assert!(output.stdout == reversed(text), "{args:?}, {} bytes", text.len());
            if let Some(peer) = run_peer("tac", args, text) {
                assert!(output.stdout == peer.stdout, "{args:?}, {} bytes", text.len());
            }
        }
    }
}

#[test]
fn a_file_that_fails_does_not_keep_the_others_from_being_printed() {
    let folder = tempdir().unwrap();
    let (first, last) = (folder.path().join("first"), folder.path().join("last"));
    fs::write(&first, "a\nb\n").unwrap();
    fs::write(&last, "c\nd").unwrap();
    let missing = folder.path().join("missing");
    let files = [&first, &missing, &folder.path().to_path_buf(), &last];

    let output = run(example("tac").args(files), b"");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(output.stdout, b"b\na\ndc\n");
    let errors = stderr(&output);
    assert_eq!(errors.lines().count(), 2, "{errors}");
    assert!(errors.starts_with(&format!("tac: {}: ", missing.display())), "{errors}");
}

#[test]
fn help_is_no_error_and_a_wrong_option_is_one() {
    let help = run(example("tac").arg("--help"), b"");
    assert!(help.status.success());
    assert!(String::from_utf8(help.stdout).unwrap().contains("Usage: tac"));

    let wrong = run(example("tac").arg("--sideways"), b"");
    assert_eq!(wrong.status.code(), Some(1));
    assert!(stderr(&wrong).contains("--sideways"));
}

#[test]
fn a_reader_that_has_seen_enough_ends_it_quietly() {
    let mut child = example("tac")
        .arg(fixture("apache_access.log"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The log is far larger than a pipe: writing on must fail.
    child.stdout.take().unwrap().read_exact(&mut [0; 10]).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(stderr(&output), "");
}
