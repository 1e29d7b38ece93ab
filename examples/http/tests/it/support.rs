use std::env;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, LazyLock};
use std::thread::{self, JoinHandle};

use axum::Router;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::sync::oneshot;

use crate::server::{self, Faults, Server};

/// Returns a command that runs the example, as cargo built it beside this test.
pub(crate) fn paginate() -> Command {
    let test = env::current_exe().unwrap();
    let file = format!("paginate{}", env::consts::EXE_SUFFIX);
    let path = test.ancestors().nth(2).unwrap().join("examples").join(file);
    assert!(path.exists(), "{} is not built: run `cargo build --examples`", path.display());
    Command::new(path)
}

/// All items that the server within has.
pub(crate) fn all_items() -> Vec<String> {
    static ITEMS: LazyLock<Vec<String>> = LazyLock::new(|| server::items().unwrap());
    ITEMS.clone()
}

/// The first items that it has.
pub(crate) fn items(count: usize) -> Arc<[String]> {
    all_items().into_iter().take(count).collect()
}

pub(crate) fn start(items: &Arc<[String]>, faults: Faults) -> Server {
    Server::start(0, Arc::clone(items), faults).unwrap()
}

/// What consumes a server in a style.
pub(crate) fn consume(server: SocketAddr, style: &str) -> Command {
    let mut command = paginate();
    command.args(["--url", &format!("http://{server}/{style}"), "--style", style]);
    command.args(match style {
        "page" => ["--total", "/meta/pages"].as_slice(),
        "offset" => &["--total", "/total"],
        _ => &[],
    });
    command
}

pub(crate) const STYLES: [&str; 4] = ["link", "token", "page", "offset"];

/// Runs a command that is to succeed, and returns the lines that it prints.
pub(crate) fn lines(command: &mut Command) -> Vec<String> {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{:?}: {}", output.status, stderr(&output));
    stdout(&output)
}

/// Runs a command that is to fail with a status, and returns its lines and its messages.
pub(crate) fn failure(command: &mut Command, status: i32) -> (Vec<String>, String) {
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(status), "{}", stderr(&output));
    (stdout(&output), stderr(&output))
}

pub(crate) fn stdout(output: &Output) -> Vec<String> {
    String::from_utf8(output.stdout.clone()).unwrap().lines().map(str::to_owned).collect()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Starts a command whose output is read while it runs.
pub(crate) fn spawn(command: &mut Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// A folder for a checkpoint.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

/// A server that answers as a test wants it to.
pub(crate) struct Canned {
    pub(crate) address: SocketAddr,
    end: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Canned {
    pub(crate) fn start(router: Router) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).unwrap();
        let address = listener.local_addr().unwrap();
        let (end, ended) = oneshot::channel();
        let thread = thread::spawn(move || {
            runtime.spawn(async { axum::serve(listener, router).await });
            let _ = runtime.block_on(ended);
        });
        Self { address, end: Some(end), thread: Some(thread) }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl Drop for Canned {
    fn drop(&mut self) {
        drop(self.end.take());
        self.thread.take().unwrap().join().unwrap();
    }
}
