use std::ffi::OsStr;
use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::{env, thread};

/// Returns a command that runs an example, as cargo built it beside this test.
pub(crate) fn example(name: &str) -> Command {
    let test = env::current_exe().unwrap();
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    let path = test.ancestors().nth(2).unwrap().join("examples").join(file);
    assert!(path.exists(), "{} is not built: run `cargo build --examples`", path.display());
    Command::new(path)
}

/// Runs a command to its end, with `input` as its standard input.
pub(crate) fn run(command: &mut Command, input: &[u8]) -> Output {
    run_if_installed(command, input).unwrap_or_else(|| panic!("{command:?} is not there"))
}

/// Runs a peer; says so and returns `None` if it is not installed.
pub(crate) fn run_peer<S: AsRef<OsStr>>(
    name: &str,
    args: impl IntoIterator<Item = S>,
    input: &[u8],
) -> Option<Output> {
    let output = run_if_installed(Command::new(name).args(args).env("LC_ALL", "C"), input);
    if output.is_none() {
        eprintln!("SKIPPED: {name} is not installed, nothing is compared with it");
    }
    output
}

fn run_if_installed(command: &mut Command, input: &[u8]) -> Option<Output> {
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = match piped.spawn() {
        Err(error) if error.kind() == ErrorKind::NotFound => return None,
        child => child.unwrap(),
    };
    let mut stdin = child.stdin.take().unwrap();
    thread::scope(|scope| {
        scope.spawn(move || match stdin.write_all(input) {
            // It need not read its input.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
            written => written.unwrap(),
        });
        Some(child.wait_with_output().unwrap())
    })
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures").join(name)
}

/// Returns every plain fixture, and every real log where the project has some beside it.
pub(crate) fn logs() -> Vec<PathBuf> {
    let mut logs = vec![fixture("apache_access.log"), fixture("rotated/access.log")];
    add_files(&fixture("edge"), &mut logs);
    let real = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/logs");
    if real.is_dir() {
        add_files(&real, &mut logs);
    } else {
        eprintln!("SKIPPED: {} is not there, only fixtures are read", real.display());
    }
    logs
}

fn add_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            add_files(&path, files);
        } else {
            files.push(path);
        }
    }
}
