//! A log behind nginx, as a stream of lines that goes on where a connection broke.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read as _};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use futures::{StreamExt as _, TryStreamExt as _};
use headwater::prelude::*;
use headwater::stream::lines::{self, Body, Lines, Origin, Wanted};
use headwater::{Error, ErrorKind, Retry};
use tempfile::TempDir;

use crate::installed::installed;
use crate::process::{Process, free_port};

/// A server of the files in a folder.
struct Nginx {
    folder: TempDir,
    _process: Process,
    port: u16,
}

impl Nginx {
    /// Starts it, unless it is not installed.
    fn start() -> Option<Self> {
        let program = installed("nginx", "nginx-light")?;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().display().to_string();
        fs::create_dir(folder.path().join("logs")).unwrap();
        // Its workers may be another user.
        open_to_all(folder.path());
        for _ in 0..10 {
            let port = free_port();
            let config = folder.path().join("nginx.conf");
            let text = format!(
                "daemon off; pid {path}/pid; error_log stderr; worker_processes 1;\n\
                 events {{ worker_connections 64; }}\n\
                 http {{ access_log {path}/requests; root {path}/logs; \
                 client_body_temp_path {path}/t1; proxy_temp_path {path}/t2; \
                 fastcgi_temp_path {path}/t3; uwsgi_temp_path {path}/t4; scgi_temp_path {path}/t5;\n\
                 server {{ listen 127.0.0.1:{port}; }} }}\n"
            );
            fs::write(&config, text).unwrap();
            let mut command = Command::new(&program);
            command.arg("-c").arg(&config).arg("-p").arg(folder.path());
            let mut process = Process::start(&mut command, folder.path().join("said"));
            match process.wait_until(|_| TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok()) {
                Ok(_) => return Some(Self { folder, _process: process, port }),
                Err(said) => assert!(said.contains("bind() to"), "{said}"),
            }
        }
        panic!("no port is free")
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join("logs").join(name)
    }

    /// How many requests had this status, of those that are noted by now.
    fn count(&self, status: &str) -> usize {
        let requests = fs::read_to_string(self.folder.path().join("requests")).unwrap_or_default();
        requests.matches(&format!("\" {status} ")).count()
    }
}

#[cfg(unix)]
fn open_to_all(folder: &Path) {
    use std::os::unix::fs::PermissionsExt as _;

    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
}

/// The lines of a file at a URL, as a user would ask for them.
fn at(url: String) -> Lines<impl Origin> {
    let client = reqwest::Client::new();
    lines::remote(move |wanted: Wanted| {
        let request = wanted
            .headers()
            .fold(client.get(&url), |request, (name, value)| request.header(name, value));
        async move {
            let response = request.send().await?;
            let headers = response.headers().clone();
            let header = |name: &str| headers.get(name)?.to_str().ok();
            let status = response.status().as_u16();
            Ok::<_, reqwest::Error>(Body::http(status, header, response.bytes_stream()))
        }
    })
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().unwrap().block_on(future)
}

fn text(lines: usize) -> String {
    (0..lines).fold(String::new(), |mut text, number| {
        writeln!(text, "{number} {}", "x".repeat(number % 97)).unwrap();
        text
    })
}

/// A proxy whose connections break after so many bytes of the reply, the first `times` of them.
fn breaking_proxy(port: u16, bytes: usize, times: usize) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let own = listener.local_addr().unwrap().port();
    let broken = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&broken);
    thread::spawn(move || {
        for client in listener.incoming() {
            let (mut client, count) = (client.unwrap(), Arc::clone(&count));
            thread::spawn(move || {
                let server = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
                let (mut from, mut to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                thread::spawn(move || io::copy(&mut from, &mut to));
                let breaks = count.load(Ordering::SeqCst) < times;
                let most = if breaks { bytes as u64 } else { u64::MAX };
                let passed = io::copy(&mut (&server).take(most), &mut client);
                if breaks && passed.is_ok_and(|passed| passed == most) {
                    count.fetch_add(1, Ordering::SeqCst);
                }
                drop((client.shutdown(Shutdown::Both), server.shutdown(Shutdown::Both)));
            });
        }
    });
    (own, broken)
}

#[test]
fn a_remote_log_is_the_log() {
    let Some(nginx) = Nginx::start() else { return };
    let expected = text(20_000);
    fs::write(nginx.file("app.log"), &expected).unwrap();
    let log = at(format!("http://127.0.0.1:{}/app.log", nginx.port)).keep_ends();
    let given = block_on(log.map_ok(|line| line.to_string()).try_collect::<String>()).unwrap();
    assert!(given == expected);

    let missing = at(format!("http://127.0.0.1:{}/none.log", nginx.port));
    let error = block_on(missing.map(Result::unwrap_err).collect::<Vec<_>>());
    let [error] = &error[..] else { panic!("{error:?}") };
    assert_eq!((error.kind(), error.is_transient()), (ErrorKind::Open, false));
}

#[test]
fn it_goes_on_where_connections_break() {
    let Some(nginx) = Nginx::start() else { return };
    let expected = text(20_000);
    fs::write(nginx.file("app.log"), &expected).unwrap();
    let (port, broken) = breaking_proxy(nginx.port, 100_000, 8);
    let log = at(format!("http://127.0.0.1:{port}/app.log")).keep_ends();
    let log = log.retry(Retry::immediately().max_attempts(3));
    let given = block_on(log.map_ok(|line| line.to_string()).try_collect::<String>()).unwrap();
    assert!(given == expected, "{} bytes of {}", given.len(), expected.len());
    assert_eq!(broken.load(Ordering::SeqCst), 8);
    // It asked for what was missing, and for nothing else.
    assert!((7..=8).contains(&nginx.count("206")), "{} partial replies", nginx.count("206"));
}

#[test]
fn a_log_that_was_replaced_is_told() {
    let Some(nginx) = Nginx::start() else { return };
    fs::write(nginx.file("app.log"), text(20_000)).unwrap();
    let (port, _) = breaking_proxy(nginx.port, 100_000, 1);
    let replaced = Mutex::new(false);
    let log = at(format!("http://127.0.0.1:{port}/app.log"));
    let log = log.inspect_err(|error: &Error| {
        assert_eq!(error.kind(), ErrorKind::Read);
        *replaced.lock().unwrap() = true;
    });
    let (mut given, mut log) = (0, Box::pin(log));
    while let Some(Ok(_)) = block_on(log.next()) {
        given += 1;
    }
    assert!(given > 0 && *replaced.lock().unwrap());
    drop(log);

    let url = format!("http://127.0.0.1:{}/app.log", nginx.port);
    let mut log = at(url.clone());
    assert!(block_on(log.next()).unwrap().is_ok());
    let noted = log.position();
    assert!(noted.validator().is_some());
    fs::write(nginx.file("app.log"), text(30_000)).unwrap();
    let mut log = at(url.clone()).from(noted.clone());
    let error = block_on(log.next()).unwrap().unwrap_err();
    assert_eq!((error.kind(), error.offset()), (ErrorKind::SourceChanged, Some(noted.offset())));
    // Who knows that it only grew goes on by the offset.
    assert_eq!(block_on(at(url).from(noted.offset()).count()), 29_999);
}

#[test]
fn a_compressed_log_is_decompressed() {
    let Some(nginx) = Nginx::start() else { return };
    let gzip = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/rotated/access.log.2.gz");
    fs::copy(&gzip, nginx.file("app.log.gz")).unwrap();
    let client = reqwest::Client::new();
    let url = format!("http://127.0.0.1:{}/app.log.gz", nginx.port);
    let body = async { client.get(url).send().await.unwrap().bytes_stream() };
    let count = block_on(async { lines::chunks(body.await).decompressed().count().await });
    assert_eq!(count, 100);
}
