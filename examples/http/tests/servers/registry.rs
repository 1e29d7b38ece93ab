//! The catalogue of a docker-registry: `Link`, relative, percent-encoded.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use tempfile::TempDir;

use crate::installed::installed;
use crate::paginate::{Running, paginate, run, run_well};
use crate::process::Process;

/// The names of repositories, sorted.
static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let many = (1..=1100).map(|n| format!("team/svc-{n:05}"));
    let mut names: Vec<_> = many.chain((1..=100).map(|n| format!("a.b_c/x--{n}/y"))).collect();
    names.sort();
    names
});

/// A folder with these repositories, which have nothing but a name. It is made once, and stays: some
/// disks take long to remove thousands of folders.
static STORE: LazyLock<PathBuf> = LazyLock::new(|| {
    let store = Path::new(env!("CARGO_TARGET_TMPDIR")).join("registry");
    for name in &*NAMES {
        let layers = format!("docker/registry/v2/repositories/{name}/_layers");
        fs::create_dir_all(store.join(layers)).unwrap();
    }
    store
});

/// A registry on this machine.
pub(crate) struct Registry {
    program: PathBuf,
    folder: TempDir,
    process: Option<Process>,
    port: u16,
}

impl Registry {
    /// Starts one, unless it is not installed.
    pub(crate) fn start() -> Option<Self> {
        let program = installed("docker-registry", "docker-registry")?;
        let folder = tempfile::tempdir().unwrap();
        let mut registry = Self { program, folder, process: None, port: 0 };
        registry.start_again();
        Some(registry)
    }

    /// Starts it where it was.
    pub(crate) fn start_again(&mut self) {
        let folder = self.folder.path();
        let (config, log) = (folder.join("config.yml"), folder.join("log"));
        let text = format!(
            "version: 0.1\nstorage: {{filesystem: {{rootdirectory: {}}}}}\n\
             http: {{addr: 127.0.0.1:{}}}\n",
            STORE.display(),
            self.port
        );
        fs::write(&config, text).unwrap();
        let mut process = Process::start(Command::new(&self.program).arg("serve").arg(config), log);
        let listening = |said: &str| {
            let (_, after) = said.split_once("listening on 127.0.0.1:")?;
            after.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
        };
        self.port = process.wait_until(listening).unwrap();
        self.process = Some(process);
    }

    pub(crate) fn kill(&mut self) {
        self.process = None;
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// What a whole catalogue looks like, sorted.
    pub(crate) fn lines() -> Vec<String> {
        NAMES.iter().map(|name| format!("\"{name}\"")).collect()
    }

    fn url(&self, n: u32) -> String {
        format!("http://127.0.0.1:{}/v2/_catalog?n={n}", self.port)
    }
}

pub(crate) fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}

#[test]
fn each_repository_comes_once() {
    let Some(registry) = Registry::start() else { return };
    for (n, client) in [(7, None), (100, Some("--sync")), (999, None), (1000, Some("--sync"))] {
        let (lines, said) = run_well(paginate(&registry.url(n)).args(client));
        assert_eq!(said, "");
        assert!(sorted(lines) == Registry::lines(), "n={n} {client:?}");
    }
}

#[test]
fn odd_numbers_are_what_the_server_makes_of_them() {
    let Some(registry) = Registry::start() else { return };
    // A page of nothing, and no link.
    assert_eq!(run_well(&mut paginate(&registry.url(0))), (vec![], String::new()));
    for client in [None, Some("--sync")] {
        let (lines, said, status) = run(paginate(&registry.url(1001)).args(client));
        assert_eq!((lines.len(), status), (0, Some(1)));
        assert!(said.contains("400 Bad Request: {\"errors\":[{\"code\":\"PAGINATION_"), "{said}");
        assert!(said.contains("gave up after 1 attempt "), "{said}");
    }
}

/// So it is not at its end when the server is killed.
const SLOWLY: &str = "--rate=100";

/// The program goes on by itself.
#[test]
fn a_registry_that_is_killed_is_waited_for() {
    let Some(mut registry) = Registry::start() else { return };
    for client in [None, Some("--sync")] {
        let mut running = Running::start(paginate(&registry.url(20)).arg(SLOWLY).args(client));
        let mut lines = running.lines(600);
        registry.kill();
        registry.start_again();
        let (rest, said, status) = running.rest();
        lines.extend(rest);
        assert_eq!(status, Some(0), "{said}");
        assert!(said.contains("attempt 1: no reply: "), "{said}");
        assert!(sorted(lines) == Registry::lines(), "{client:?}");
    }
}

/// The program has given up, and is started again when the server is.
#[test]
fn a_registry_that_is_killed_is_gone_on_with() {
    let Some(mut registry) = Registry::start() else { return };
    for client in [None, Some("--sync")] {
        let kept = tempfile::tempdir().unwrap();
        let mut command = paginate(&registry.url(20));
        command.args([SLOWLY, "--attempts=2"]).args(client);
        command.arg("--checkpoint").arg(kept.path().join("kept"));
        let mut running = Running::start(&mut command);
        let mut lines = running.lines(400);
        registry.kill();
        let (rest, said, status) = running.rest();
        assert_eq!(status, Some(1), "{said}");
        lines.extend(rest);
        registry.start_again();
        lines.extend(run_well(&mut command).0);
        assert!(sorted(lines) == Registry::lines(), "{client:?}");
    }
}
