use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::Read as _;
use std::process::{Output, Stdio};

use crate::support::{example, fixture, logs, run, run_peer, stderr};

const NEEDLES: [&str; 12] = [
    "",
    "a",
    "\r",
    "line",
    " 500 ",
    "GET /",
    "Mozilla",
    "é",
    "\n",
    "first\nthird",
    "500\n",
    "\u{feff}",
];

fn agree(output: &Output, peer: &Output, what: &[&OsStr]) {
    assert!(output.stdout == peer.stdout, "{what:?}");
    assert_eq!(output.status.code(), peer.status.code(), "{what:?}: {}", stderr(output));
}

#[test]
fn every_log_is_searched_as_gnu_grep_does() {
    let mut needles: Vec<OsString> = NEEDLES.iter().map(Into::into).collect();
    #[cfg(unix)]
    needles.extend([&b"\xE9"[..], b"\xFF\xFE", b"\xC3"].map(|bytes| {
        let needle: &OsStr = std::os::unix::ffi::OsStrExt::from_bytes(bytes);
        needle.to_owned()
    }));
    for log in logs() {
        for needle in &needles {
            for count in [&[][..], &["-c"]] {
                let mut args: Vec<&OsStr> = count.iter().map(OsStr::new).collect();
                args.extend(["--".as_ref(), needle.as_os_str(), log.as_os_str()]);
                let output = run(example("grep").args(&args), b"");
                let mut peer_args = vec![OsStr::new("-aF")];
                peer_args.extend(&args);
                if let Some(peer) = run_peer("grep", peer_args, b"") {
                    agree(&output, &peer, &args);
                }
            }
        }
    }
}

#[test]
fn the_standard_input_is_searched() {
    for file in ["-", "/dev/stdin"] {
        if file == "/dev/stdin" && !cfg!(unix) {
            continue;
        }
        for (input, expected, code) in [
            (&b"one\ntwo\nthree"[..], &b"two\nthree\n"[..], 0),
            (b"one\n", b"", 1),
            (b"", b"", 1),
            (b"\0t\0\r\n", b"\0t\0\r\n", 0),
        ] {
            let output = run(example("grep").args(["t", file]), input);
            assert_eq!(output.stdout, expected);
            assert_eq!(output.status.code(), Some(code));
        }
    }
    let output = run(example("grep").args(["-c", "t", "-"]), b"one\ntwo\nthree");
    assert_eq!(output.stdout, b"2\n");
}

#[test]
fn a_long_line_is_found_whole() {
    let line = [&b"x".repeat(20 << 20)[..], b"needle"].concat();
    let output = run(example("grep").args(["needle", "-"]), &line);
    assert!(output.stdout == [&line[..], b"\n"].concat());
}

#[test]
fn what_fails_exits_with_2() {
    let missing = fixture("missing.log");
    let folder = fixture("edge");
    for file in [&missing, &folder] {
        let output = run(example("grep").arg("a").arg(file), b"");
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(output.stdout, b"");
        let error = stderr(&output);
        assert!(error.starts_with(&format!("grep: {}: ", file.display())), "{error}");
    }
    assert_eq!(run(&mut example("grep"), b"").status.code(), Some(2));
    let help = run(example("grep").arg("--help"), b"");
    assert!(help.status.success());
    assert!(String::from_utf8(help.stdout).unwrap().contains("Usage: grep"));
}

#[test]
fn a_reader_that_has_seen_enough_ends_it_quietly() {
    let log = fixture("apache_access.log");
    assert!(fs::metadata(&log).unwrap().len() > 1 << 20, "far larger than a pipe");
    let mut child = example("grep")
        .args(["".as_ref(), log.as_os_str()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdout.take().unwrap().read_exact(&mut [0; 10]).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(stderr(&output), "");
}
