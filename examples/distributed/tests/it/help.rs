use std::fs;

use tempfile::NamedTempFile;

use crate::support::example;

#[test]
fn help_is_no_error() {
    let output = example("distributed_report").arg("--help").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success());
    for word in ["--connect-timeout", "-h, --hostfile", "-w, --threads", "Exit status", "trust"] {
        assert!(text.contains(word), "{word}: {text}");
    }
}

#[test]
fn arguments_that_make_no_sense_are_told() {
    let hostfile = NamedTempFile::new().unwrap();
    fs::write(&hostfile, "localhost:2101\n\n").unwrap();
    let hosts = hostfile.path().to_str().unwrap();
    for (args, reason) in [
        (&[][..], "<FILE>..."),
        (&["-"], "the standard input can't be shared out"),
        (&["-n", "0", "a"], "there must be a process and a worker at least"),
        (&["-w", "0", "a"], "there must be a process and a worker at least"),
        (&["-n", "2", "-p", "2", "a"], "there is no process 2 among 2: they count from 0"),
        (
            &["-n", "2", "-h", hosts, "a"],
            "the hostfile has 1 addresses, and 2 processes need one each",
        ),
        (&["-n", "2", "-h", "/no/hosts", "a"], "/no/hosts: No such file or directory"),
        (&["--connect-timeout", "0", "a"], "--connect-timeout"),
        (&["-n", "x", "a"], "--processes"),
    ] {
        let output = example("distributed_report").args(args).output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {text}");
        assert!(text.contains(reason), "{args:?}: {text}");
        assert!(output.stdout.is_empty());
    }
}
