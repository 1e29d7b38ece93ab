//! Redis' `SCAN`: at least once, and by no order.

use std::collections::{BTreeSet, HashSet};
use std::fmt::Debug;
use std::io;
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use headwater::pages::{self, Position, Reply};
use headwater::{Retry, Source as _};
use tempfile::TempDir;

use crate::installed::installed;
use crate::process::Process;
use crate::resp::{Connection, Value};

/// A server in a folder of its own, which keeps what it has when it is told to.
struct Redis {
    program: PathBuf,
    folder: TempDir,
    process: Option<Process>,
}

impl Redis {
    /// Starts one that has keys, unless it is not installed.
    fn start(keys: usize) -> Option<Self> {
        let program = installed("redis-server", "redis-server")?;
        let folder = tempfile::tempdir().unwrap();
        let mut redis = Self { program, folder, process: None };
        redis.start_again();
        redis.send(&format!("DEBUG POPULATE {keys} item 20"));
        redis.send("SAVE");
        Some(redis)
    }

    fn start_again(&mut self) {
        let mut command = Command::new(&self.program);
        command.arg("--dir").arg(self.folder.path()).arg("--unixsocket").arg(self.socket());
        command.args(["--port", "0", "--enable-debug-command", "local", "--save", ""]);
        let mut process = Process::start(&mut command, self.folder.path().join("log"));
        let is_ready = |_: &str| Connection::open(&self.socket()).ok()?.send("PING").ok();
        process.wait_until(is_ready).unwrap();
        self.process = Some(process);
    }

    fn kill(&mut self) {
        self.process = None;
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("socket")
    }

    fn send(&self, command: &str) -> Value {
        Connection::open(&self.socket()).unwrap().send(command).unwrap()
    }

    fn keys(&self) -> Vec<String> {
        let mut keys: Vec<_> = self.send("KEYS *").list().into_iter().map(Value::text).collect();
        keys.sort();
        keys
    }

    /// Fetches a page, by a connection that is opened when there is none, or none any more.
    fn scan(&self, count: u32) -> impl FnMut(u64) -> io::Result<Reply<String, u64>> + use<> {
        let (socket, mut connection) = (self.socket(), None);
        move |cursor| {
            let mut open = match connection.take() {
                Some(open) => open,
                None => Connection::open(&socket)?,
            };
            let [next, keys] = open
                .send(&format!("SCAN {cursor} COUNT {count}"))?
                .list()
                .try_into()
                .map_err(|_| io::Error::other("no reply to SCAN"))?;
            connection = Some(open);
            let next = next.text().parse().map_err(io::Error::other)?;
            Ok(Reply::new(keys.list().into_iter().map(Value::text).collect(), next))
        }
    }
}

fn sorted(mut keys: Vec<String>) -> Vec<String> {
    keys.sort();
    keys
}

#[test]
fn each_key_comes_once_while_nothing_changes() {
    let Some(redis) = Redis::start(5000) else { return };
    for count in [1, 7, 100, 10_000] {
        let keys: Result<_, _> = pages::scan(redis.scan(count)).items().collect();
        assert!(sorted(keys.unwrap()) == redis.keys(), "COUNT {count}");
    }
}

/// From each position the keys after it come, and no others.
#[test]
fn a_scan_is_gone_on_with_by_another_connection() {
    let Some(redis) = Redis::start(2000) else { return };
    for taken in [0, 1, 99, 100, 101, 1234, 1999, 2000] {
        let mut first = pages::scan(redis.scan(100)).items();
        let mut keys: Vec<_> = first.by_ref().take(taken).map(Result::unwrap).collect();
        let mut second = pages::scan(redis.scan(100)).items();
        second.resume_at(first.position());
        keys.extend(second.map(Result::unwrap));
        assert!(sorted(keys) == redis.keys(), "after {taken}");
    }
}

/// A connection that the server closes is opened again, at the same cursor.
#[test]
fn a_connection_that_breaks_loses_nothing() {
    let Some(redis) = Redis::start(5000) else { return };
    let retry = Retry::fixed(Duration::from_millis(10)).max_attempts(3);
    let items = pages::scan(redis.scan(100)).retry(retry).items();
    let mut keys = Vec::new();
    for key in items {
        keys.push(key.unwrap());
        if keys.len() % 500 == 0 {
            redis.send("CLIENT KILL TYPE normal SKIPME yes");
        }
    }
    assert!(sorted(keys) == redis.keys());
}

/// While the table shrinks, keys come again: this is what `distinct_by` is for.
#[test]
fn keys_that_come_again_are_left_out() {
    let Some(redis) = Redis::start(5000) else { return };
    let (keys, kept) = scanned_while_it_shrinks(&redis, pages::scan(redis.scan(12)).items());
    assert!(kept.iter().all(|key| keys.contains(key)));
    let distinct = keys.iter().collect::<BTreeSet<_>>().len();
    assert!(keys.len() > distinct, "nothing came again: the test proves nothing");

    let items = pages::scan(redis.scan(12)).items().distinct_by(10_000, String::clone);
    let (keys, kept) = scanned_while_it_shrinks(&redis, items);
    assert!(kept.iter().all(|key| keys.contains(key)));
    assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len());
}

/// Takes some keys, has the table shrink, and takes the rest. Returns all, and those that were there
/// all the time.
fn scanned_while_it_shrinks<E: Debug>(
    redis: &Redis,
    mut items: impl Iterator<Item = Result<String, E>>,
) -> (Vec<String>, Vec<String>) {
    redis.send("FLUSHALL");
    redis.send("DEBUG POPULATE 5000 item 20");
    let mut keys: Vec<_> = items.by_ref().take(12).map(Result::unwrap).collect();
    shrink(redis, &keys);
    keys.extend(items.map(Result::unwrap));
    (keys, redis.keys())
}

/// A server that was started again has another order, and takes cursors of the one before for its
/// own. It tells that it is another by its `run_id`; then all is to be scanned anew.
#[test]
fn a_server_that_was_killed_is_scanned_anew() {
    let Some(mut redis) = Redis::start(5000) else { return };
    let all = redis.keys();
    let socket = redis.socket();
    let mut fetch = redis.scan(100);
    let mut run_id = None;
    let fetch = move |cursor| {
        let now = Connection::open(&socket)?.send("INFO server")?.text();
        let now = now.lines().find(|line| line.starts_with("run_id:")).map(str::to_owned);
        if cursor != 0 && run_id != now {
            return Err(io::Error::other("it is another server"));
        }
        run_id = now;
        fetch(cursor)
    };
    let retry = Retry::fixed(Duration::from_millis(10))
        .unlimited_attempts()
        .when(|error: &io::Error| error.kind() != io::ErrorKind::Other);
    let mut items = pages::scan(fetch).retry(retry).items();
    let mut seen = HashSet::new();
    let mut keys = Vec::new();
    let mut kills = 0;
    while let Some(key) = items.next() {
        match key {
            Ok(key) if seen.insert(key.clone()) => keys.push(key),
            Ok(_) => {}
            Err(error) => {
                let other = error.cause().map(|gave_up| gave_up.cause().to_string());
                assert_eq!(other.as_deref(), Some("it is another server"));
                items.resume_at(Position::from(0));
            }
        }
        if keys.len() == 2500 && kills == 0 {
            redis.kill();
            redis.start_again();
            kills += 1;
        }
    }
    assert_eq!(kills, 1);
    assert!(sorted(keys) == all);
}

/// Deletes all but some keys, and waits until the table has shrunk.
fn shrink(redis: &Redis, kept: &[String]) {
    let others = redis.keys().into_iter().filter(|key| !kept.contains(key));
    let deleted: Vec<_> = others.skip(30).collect();
    redis.send(&format!("DEL {}", deleted.join(" ")));
    let begun = Instant::now();
    while !redis.send("DEBUG HTSTATS 0").text().contains("table size: 64\n") {
        assert!(begun.elapsed() < Duration::from_secs(10), "the table does not shrink");
        thread::sleep(Duration::from_millis(5));
    }
}
