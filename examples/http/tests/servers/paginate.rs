use std::env;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStdout, Command, Output, Stdio};

/// Returns a command that runs the example, as cargo built it beside this test.
pub(crate) fn paginate(url: &str) -> Command {
    let test = env::current_exe().unwrap();
    let path = test.ancestors().nth(2).unwrap().join("examples/paginate");
    assert!(path.exists(), "{} is not built: run `cargo build --examples`", path.display());
    let mut command = Command::new(path);
    command.args(["--url", url]);
    command
}

/// Runs a command to its end, and returns the lines that it prints, its messages and its status.
pub(crate) fn run(command: &mut Command) -> (Vec<String>, String, Option<i32>) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let lines = String::from_utf8(stdout).unwrap().lines().map(str::to_owned).collect();
    (lines, String::from_utf8(stderr).unwrap(), status.code())
}

/// Runs a command that is to succeed, and returns its lines and its messages.
pub(crate) fn run_well(command: &mut Command) -> (Vec<String>, String) {
    let (lines, said, status) = run(command);
    assert_eq!(status, Some(0), "{said}");
    (lines, said)
}

/// A run that is watched.
pub(crate) struct Running {
    child: Child,
    output: BufReader<ChildStdout>,
}

impl Running {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self { child, output }
    }

    /// Reads lines, at most so many.
    pub(crate) fn lines(&mut self, count: usize) -> Vec<String> {
        self.output.by_ref().lines().take(count).map(Result::unwrap).collect()
    }

    /// Reads the rest, and returns it with the messages and the exit status.
    pub(crate) fn rest(mut self) -> (Vec<String>, String, Option<i32>) {
        let rest = self.lines(usize::MAX);
        let output = self.child.wait_with_output().unwrap();
        (rest, String::from_utf8(output.stderr).unwrap(), output.status.code())
    }
}
