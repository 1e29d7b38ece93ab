//! A proxy before the registry, which gets in the way.

use std::fs;
use std::net::{Ipv4Addr, TcpStream};
use std::process::Command;
use std::thread;

use tempfile::TempDir;

use crate::installed::installed;
use crate::paginate::{paginate, run, run_well};
use crate::process::{Process, free_port};
use crate::registry::{Registry, sorted};

/// A proxy with one fault before a registry.
struct Proxy {
    _folder: TempDir,
    _process: Process,
    _registry: Registry,
    port: u16,
}

impl Proxy {
    /// Starts both, unless one is not installed. `rules` are those of the proxy's front.
    fn start(rules: &str) -> Option<Self> {
        let program = installed("haproxy", "haproxy")?;
        let registry = Registry::start()?;
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("haproxy.cfg");
        // A port that was free may be taken by now.
        for _ in 0..10 {
            let port = free_port();
            let text = format!(
                "defaults\n mode http\n timeout connect 5s\n timeout client 30s\n timeout server 30s\n\
                 listen front\n bind 127.0.0.1:{port}\n{rules}\n server s 127.0.0.1:{}\n",
                registry.port()
            );
            fs::write(&config, text).unwrap();
            let log = folder.path().join("log");
            let mut process = Process::start(Command::new(&program).arg("-f").arg(&config), log);
            // It has no other way to say so.
            let is_ready =
                process.wait_until(|_| TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok());
            match is_ready {
                Ok(_) => {
                    return Some(Self {
                        _folder: folder,
                        _process: process,
                        _registry: registry,
                        port,
                    });
                }
                Err(said) => assert!(said.contains("cannot bind"), "{said}"),
            }
        }
        panic!("no port is free")
    }

    fn command(&self, n: u32) -> Command {
        paginate(&format!("http://127.0.0.1:{}/v2/_catalog?n={n}", self.port))
    }

    /// Asserts that all comes through, and returns what is said of it, for both clients.
    fn all_comes_through(&self, n: u32, words: &[&str]) -> [String; 2] {
        [None, Some("--sync")].map(|client| {
            let (lines, said) = run_well(self.command(n).args(words).args(client));
            assert!(sorted(lines) == Registry::lines(), "{client:?}: {said}");
            said
        })
    }
}

const COUNT: &str = " stick-table type ip size 1k expire 60s store gpc0,http_req_rate(1s)
 http-request track-sc0 src
 http-request sc-inc-gpc0(0)";

#[test]
fn every_third_request_is_refused() {
    let rules = format!(
        "{COUNT}\n http-request return status 503 content-type text/plain string busy \
         hdr Retry-After 0 if {{ sc_get_gpc0(0),mod(3) eq 0 }}"
    );
    let Some(proxy) = Proxy::start(&rules) else { return };
    for said in proxy.all_comes_through(50, &[]) {
        // 24 pages, and as many again as it takes.
        let refused = said.matches("503 Service Unavailable: busy; again in").count();
        assert!((11..=13).contains(&refused), "{said}");
    }
}

/// Ten a second.
const RATE: &str = " http-request return status 429 content-type application/json \
    string '{\"error\":\"rate\"}' hdr Retry-After 1 if { sc_http_req_rate(0) gt 10 }";

#[test]
fn who_asks_too_often_waits() {
    let Some(proxy) = Proxy::start(&format!("{COUNT}\n{RATE}")) else { return };
    for said in proxy.all_comes_through(80, &[]) {
        assert!(said.contains("429 Too Many Requests: {\"error\":\"rate\"}; again in 1"), "{said}");
    }
}

#[test]
fn who_keeps_within_the_rate_does_not() {
    let Some(proxy) = Proxy::start(&format!("{COUNT}\n{RATE}")) else { return };
    for said in proxy.all_comes_through(80, &["--rate=8"]) {
        assert_eq!(said, "");
    }
}

#[test]
fn connections_that_break_are_made_again() {
    let rules = " http-request reject if { rand(100) lt 30 }";
    let Some(proxy) = Proxy::start(rules) else { return };
    let said = proxy.all_comes_through(50, &["--attempts=30"]);
    assert!(said.iter().all(|said| said.contains(": no reply: ")), "{said:#?}");
}

#[test]
fn what_never_answers_is_given_up() {
    let Some(proxy) = Proxy::start(" http-request silent-drop") else { return };
    thread::scope(|scope| {
        for client in [None, Some("--sync")] {
            let mut command = proxy.command(100);
            scope.spawn(move || {
                let words = ["--timeout=1", "--attempts=2"];
                let (lines, said, status) = run(command.args(words).args(client));
                assert_eq!((lines.len(), status), (0, Some(1)));
                assert!(said.contains("gave up after 2 attempts in 2."), "{said}");
            });
        }
    });
}

/// The first requests are never answered.
#[test]
fn what_is_silent_for_a_while_is_asked_again() {
    let rules = format!("{COUNT}\n http-request silent-drop if {{ sc_get_gpc0(0) le 1 }}");
    let Some(proxy) = Proxy::start(&rules) else { return };
    let (lines, said) = run_well(proxy.command(600).arg("--timeout=1"));
    assert!(sorted(lines) == Registry::lines(), "{said}");
    assert_eq!(said.matches("again in").count(), 1, "{said}");
}
