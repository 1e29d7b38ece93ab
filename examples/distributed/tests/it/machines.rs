//! Three hosts: network namespaces of this machine, with addresses of their own.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs};

use tempfile::{TempDir, tempdir};

use crate::support::{assert_failed, endless, example, fixture, log_report, read_by, until, wait};

/// Namespaces that are joined by a bridge, and taken down when it is dropped.
struct Hosts {
    names: Vec<String>,
    bridge: String,
}

/// Where `ip` is not only for root's shell.
fn path() -> String {
    format!("{}:/usr/sbin:/sbin", env::var("PATH").unwrap_or_default())
}

/// Runs `ip`; says why not if it can't.
fn ip(args: &str) -> Result<(), String> {
    let output = Command::new("ip").args(args.split(' ')).env("PATH", path()).output();
    let output = output.map_err(|error| format!("ip: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("ip {args}: {}", String::from_utf8_lossy(&output.stderr).trim()))
}

impl Hosts {
    fn new(count: usize) -> Result<Self, String> {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let made = MADE.fetch_add(1, Ordering::Relaxed);
        let id = format!("{}-{made}", std::process::id());
        let mut hosts = Self { names: Vec::new(), bridge: format!("hwb{id}") };
        ip(&format!("netns add {}", hosts.bridge))?;
        let bridge = hosts.bridge.clone();
        ip(&format!("-n {bridge} link add bridge type bridge"))?;
        ip(&format!("-n {bridge} link set bridge up"))?;
        for index in 0..count {
            let name = format!("hw{id}-{index}");
            ip(&format!("netns add {name}"))?;
            hosts.names.push(name.clone());
            ip(&format!("-n {bridge} link add port{index} type veth peer name eth0 netns {name}"))?;
            ip(&format!("-n {bridge} link set port{index} master bridge up"))?;
            ip(&format!("-n {name} address add 10.77.0.{}/24 dev eth0", index + 1))?;
            ip(&format!("-n {name} link set eth0 up"))?;
            ip(&format!("-n {name} link set lo up"))?;
        }
        Ok(hosts)
    }
}

impl Drop for Hosts {
    fn drop(&mut self) {
        for name in self.names.iter().chain([&self.bridge]) {
            // Nothing more can be done about it; nor about who is still there, if the test failed.
            let _ = Command::new("sh")
                .args(["-c", &format!("ip netns pids {name} | xargs -r kill -9")])
                .env("PATH", path())
                .status();
            let _ = ip(&format!("netns delete {name}"));
        }
    }
}

/// Three hosts; says so and returns `None` where they can't be made.
fn hosts() -> Option<Hosts> {
    Hosts::new(3)
        .inspect_err(|reason| {
            eprintln!("SKIPPED: no network namespaces can be made here: {reason}");
        })
        .ok()
}

/// Starts a process on each host, the last one first, and returns them in their order.
fn start(hosts: &Hosts, folder: &TempDir, log: &[PathBuf]) -> Vec<Child> {
    let hostfile = folder.path().join("hosts");
    fs::write(&hostfile, "10.77.0.1:2101\n10.77.0.2:2101\n10.77.0.3:2101\n").unwrap();
    let start = |(index, name): (usize, &String)| {
        Command::new("ip")
            .env("PATH", path())
            .args(["netns", "exec", name])
            .arg(example("distributed_report").get_program())
            .args(["--json", "-n3", "-w2", "-p", &index.to_string(), "-h"])
            .arg(&hostfile)
            .args(log)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let mut started: Vec<_> = hosts.names.iter().enumerate().rev().map(start).collect();
    started.reverse();
    started
}

#[test]
fn three_hosts_report_as_one() {
    let Some(hosts) = hosts() else { return };
    let folder = tempdir().unwrap();
    let log = [fixture("apache_access.log"), fixture("rotated/access.log.2.gz")];
    for (index, mut child) in start(&hosts, &folder, &log).into_iter().enumerate() {
        wait(&mut child);
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{index}: {output:?}");
        let expected = if index == 0 { log_report(&log, &[]) } else { Vec::new() };
        assert!(output.stdout == expected, "{index}: {output:?}");
    }
}

#[test]
fn a_host_that_falls_silent_ends_all() {
    let Some(hosts) = hosts() else { return };
    let folder = tempdir().unwrap();
    let log = [endless(&folder)];
    let children = start(&hosts, &folder, &log);
    for child in &children {
        until("it reads the log", || read_by(child.id()) > 8 << 20);
    }
    ip(&format!("-n {} link set port2 down", hosts.bridge)).unwrap();
    let lost = "process 2 (10.77.0.3:2101) was lost before the work was done";
    for (index, mut child) in children.into_iter().enumerate() {
        wait(&mut child);
        let output = child.wait_with_output().unwrap();
        if index == 2 {
            // It is the others that are gone, for it: either may be first.
            assert_eq!(output.status.code(), Some(1), "{output:?}");
        } else {
            assert_failed(&output, lost);
        }
    }
}
