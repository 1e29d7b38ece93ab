//! Three hosts: network namespaces of this machine, with addresses of their own.

use std::fs;
use std::process::{Command, Stdio};

use tempfile::tempdir;

use crate::support::{example, fixture, log_report, wait};

/// Namespaces that are joined by a bridge, and taken down when it is dropped.
struct Hosts {
    names: Vec<String>,
    bridge: String,
}

/// Runs `ip`; says why not if it can't.
fn ip(args: &str) -> Result<(), String> {
    let path = format!("{}:/usr/sbin:/sbin", std::env::var("PATH").unwrap_or_default());
    let output = Command::new("ip").args(args.split(' ')).env("PATH", path).output();
    let output = output.map_err(|error| format!("ip: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("ip {args}: {}", String::from_utf8_lossy(&output.stderr).trim()))
}

impl Hosts {
    fn new(count: usize) -> Result<Self, String> {
        let id = std::process::id();
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
            // Nothing more can be done about it.
            let _ = ip(&format!("netns delete {name}"));
        }
    }
}

#[test]
fn three_hosts_report_as_one() {
    let hosts = match Hosts::new(3) {
        Ok(hosts) => hosts,
        Err(reason) => {
            eprintln!("SKIPPED: no network namespaces can be made here: {reason}");
            return;
        }
    };
    let folder = tempdir().unwrap();
    let hostfile = folder.path().join("hosts");
    fs::write(&hostfile, "10.77.0.1:2101\n10.77.0.2:2101\n10.77.0.3:2101\n").unwrap();
    let log = [fixture("apache_access.log"), fixture("rotated/access.log.2.gz")];
    let report = example("distributed_report");
    let mut started = Vec::new();
    for (index, name) in hosts.names.iter().enumerate().rev() {
        let path = format!("{}:/usr/sbin:/sbin", std::env::var("PATH").unwrap_or_default());
        let child = Command::new("ip")
            .env("PATH", path)
            .args(["netns", "exec", name])
            .arg(report.get_program())
            .args(["--json", "-n3", "-w2", "-p", &index.to_string(), "-h"])
            .arg(&hostfile)
            .args(&log)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        started.push(child.unwrap());
    }
    for (index, mut child) in (0..3).rev().zip(started) {
        wait(&mut child);
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{index}: {output:?}");
        let expected = if index == 0 { log_report(&log, &[]) } else { Vec::new() };
        assert!(output.stdout == expected, "{index}: {output:?}");
    }
}
