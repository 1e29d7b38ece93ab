use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// A server, which is killed (SIGKILL) when it is dropped.
pub(crate) struct Process {
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts a server, which writes what it has to say into a log.
    pub(crate) fn start(command: &mut Command, log: PathBuf) -> Self {
        let file = File::create(&log).unwrap();
        let both = file.try_clone().unwrap();
        let child = command.stdin(Stdio::null()).stdout(file).stderr(both).spawn().unwrap();
        Self { child, log }
    }

    /// Waits until the server is ready, as `ready` tells by a value.
    ///
    /// Returns what it said if it ends instead.
    pub(crate) fn wait_until<T>(&mut self, ready: impl Fn(&str) -> Option<T>) -> Result<T, String> {
        let begun = Instant::now();
        loop {
            let said = String::from_utf8_lossy(&fs::read(&self.log).unwrap()).into_owned();
            if let Some(value) = ready(&said) {
                return Ok(value);
            }
            if self.child.try_wait().unwrap().is_some() {
                return Err(said);
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "it is not ready: {said}");
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Kills it, as a power cut would.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A port that is free, unless somebody else takes it.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}
