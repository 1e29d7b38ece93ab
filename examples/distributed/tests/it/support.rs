use std::fmt::Write as _;
use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::Once;
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use tempfile::{NamedTempFile, TempDir};

/// Whoever takes longer than this hangs.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Returns a command that runs an example, as cargo built it beside this test.
pub(crate) fn example(name: &str) -> Command {
    let test = env::current_exe().unwrap();
    Command::new(test.ancestors().nth(2).unwrap().join("examples").join(name))
}

/// Returns what `log_report --json` prints. It is of another package: it is built if need be.
pub(crate) fn log_report(files: &[PathBuf], args: &[&str]) -> Vec<u8> {
    static BUILT: Once = Once::new();
    BUILT.call_once(|| {
        let test = env::current_exe().unwrap();
        let profile = test.ancestors().nth(2).unwrap();
        let release: &[_] = if profile.ends_with("release") { &["--release"] } else { &[] };
        let built = Command::new(env!("CARGO"))
            .args([
                "build",
                "--quiet",
                "--package",
                "headwater-examples",
                "--example",
                "log_report",
            ])
            .args(release)
            .env("CARGO_TARGET_DIR", profile.parent().unwrap())
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .status();
        assert!(built.unwrap().success());
    });
    let output = example("log_report").arg("--json").args(args).args(files).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    output.stdout
}

pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(name)
}

pub(crate) fn fixtures(names: &[&str]) -> Vec<PathBuf> {
    names.iter().map(|name| fixture(name)).collect()
}

/// A file that nobody reads to its end in the time of a test, and that takes no room: one line.
pub(crate) fn endless(folder: &TempDir) -> PathBuf {
    let path = folder.path().join("endless.log");
    fs::File::create(&path).unwrap().set_len(1 << 42).unwrap();
    path
}

/// Free ports of this machine, as a hostfile.
pub(crate) fn hostfile(processes: usize) -> (NamedTempFile, Vec<String>) {
    // All are taken at once, or one might be given twice.
    let listeners: Vec<_> =
        (0..processes).map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
    let addresses: Vec<_> =
        listeners.iter().map(|listener| listener.local_addr().unwrap().to_string()).collect();
    let file = NamedTempFile::new().unwrap();
    fs::write(&file, addresses.join("\n")).unwrap();
    (file, addresses)
}

/// Processes of one report, in the order of their index.
pub(crate) struct Processes {
    /// With what it prints, which may be more than a pipe holds. `None` where that was taken.
    children: Vec<Option<(Child, File)>>,
    pub(crate) addresses: Vec<String>,
    hostfile: NamedTempFile,
}

impl Processes {
    /// Starts those of `indices`, each with arguments of its own.
    pub(crate) fn start<'a>(
        processes: usize,
        indices: impl IntoIterator<Item = usize>,
        args: impl Fn(usize) -> Vec<&'a Path>,
    ) -> Self {
        let (hostfile, addresses) = hostfile(processes);
        let mut children: Vec<_> = (0..processes).map(|_| None).collect();
        for index in indices {
            let printed = tempfile::tempfile().unwrap();
            let child = example("distributed_report")
                .args(["-n", &processes.to_string(), "-p", &index.to_string(), "-h"])
                .arg(hostfile.path())
                .args(args(index))
                .stdout(printed.try_clone().unwrap())
                .stderr(Stdio::piped())
                .spawn();
            children[index] = Some((child.unwrap(), printed));
        }
        Self { children, addresses, hostfile }
    }

    pub(crate) fn child(&mut self, index: usize) -> &mut Child {
        &mut self.children[index].as_mut().unwrap().0
    }

    pub(crate) fn hostfile(&self) -> &Path {
        self.hostfile.path()
    }

    /// Waits for a process to end, and returns what it said.
    pub(crate) fn output(&mut self, index: usize) -> Output {
        let (mut child, mut printed) = self.children[index].take().unwrap();
        wait(&mut child);
        let mut output = child.wait_with_output().unwrap();
        printed.rewind().unwrap();
        printed.read_to_end(&mut output.stdout).unwrap();
        output
    }

    /// Waits for all, and asserts that all succeeded, and all but the first said nothing.
    pub(crate) fn report(mut self) -> Vec<u8> {
        let outputs: Vec<_> = (0..self.children.len()).map(|index| self.output(index)).collect();
        for (index, output) in outputs.iter().enumerate() {
            assert!(output.status.success() && output.stderr.is_empty(), "{index}: {output:?}");
            assert!(index == 0 || output.stdout.is_empty(), "{index}: {output:?}");
        }
        outputs.into_iter().next().unwrap().stdout
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        for (child, _) in self.children.iter_mut().flatten() {
            // It may have ended by itself.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Waits for a process that need not end by itself. What it pipes must fit into a pipe.
pub(crate) fn wait(child: &mut Child) -> ExitStatus {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        if started.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("process {} hangs", child.id());
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// Waits until something is so.
pub(crate) fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < PATIENCE, "never: {what}");
        thread::sleep(Duration::from_millis(2));
    }
}

/// How many bytes a process has read, as the kernel counts.
pub(crate) fn read_by(process: u32) -> u64 {
    let counts = fs::read_to_string(format!("/proc/{process}/io")).unwrap_or_default();
    let read = counts.lines().find_map(|line| line.strip_prefix("rchar: "));
    read.and_then(|count| count.parse().ok()).unwrap_or(0)
}

/// Asserts that a process failed and said why in one line.
pub(crate) fn assert_failed(output: &Output, reason: &str) {
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(output.stdout.is_empty(), "{output:?}");
    let mut expected = String::new();
    writeln!(expected, "distributed_report: {reason}").unwrap();
    assert_eq!(text, expected);
}
