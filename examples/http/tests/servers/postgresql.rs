//! Rows of `PostgreSQL`, after the key of the last one.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use headwater::pages::{self, ErrorKind, Keyset, Reply};
use headwater::{Checkpoint, Retry, Source as _};
use postgres::{Client, NoTls};
use tempfile::TempDir;

use crate::installed::installed;
use crate::process::Process;

const ROWS: i64 = 100_000;

/// When it was, and what breaks the tie of the seven that were then.
type Key = (SystemTime, i64);

/// A server in a folder of its own, with rows.
struct Postgresql {
    program: PathBuf,
    folder: TempDir,
    process: Option<Process>,
}

impl Postgresql {
    /// Starts one, unless it is not installed.
    fn start() -> Option<Self> {
        let initdb = installed("initdb", "postgresql")?;
        let program = installed("postgres", "postgresql")?;
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        fs::create_dir(&data).unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        if let Some(user) = user() {
            for path in [folder.path(), &data] {
                chown(path, Some(user), None).unwrap();
            }
        }
        let mut command = Command::new(initdb);
        command.args(["-A", "trust", "-U", "postgres", "--no-sync", "-D"]).arg(&data);
        let made = as_user(&mut command).output().unwrap();
        assert!(made.status.success(), "{made:?}");

        let mut server = Self { program, folder, process: None };
        server.start_again();
        let table = "CREATE TABLE event (id bigint PRIMARY KEY, at timestamptz NOT NULL);
            INSERT INTO event SELECT g, timestamptz '2026-01-01' + (g / 7) * interval '1 second'
                FROM generate_series(1, 100000) g;
            CREATE INDEX ON event (at, id)";
        connect(server.folder.path()).unwrap().batch_execute(table).unwrap();
        Some(server)
    }

    fn start_again(&mut self) {
        let folder = self.folder.path();
        let mut command = Command::new(&self.program);
        command.arg("-D").arg(folder.join("data")).arg("-k").arg(folder);
        command.args(["-c", "listen_addresses=", "-c", "fsync=off"]);
        // What is left of one that was killed is in the way for a moment.
        for _ in 0..100 {
            let mut process = Process::start(as_user(&mut command), folder.join("log"));
            match process.wait_until(|_| connect(folder).ok()) {
                Ok(_) => {
                    self.process = Some(process);
                    return;
                }
                Err(said) => assert!(said.contains("still in use"), "{said}"),
            }
        }
        panic!("what was killed does not end");
    }

    fn kill(&mut self) {
        self.process = None;
    }

    /// Fetches rows after a key, by a connection that is opened when there is none, or none any more.
    fn query(
        &self,
        limit: i64,
    ) -> impl FnMut(Option<Key>) -> Result<Reply<Key, ()>, postgres::Error> + use<> {
        let (folder, mut client) = (self.folder.path().to_owned(), None);
        move |after| {
            let mut open = match client.take() {
                Some(open) => open,
                None => connect(&folder)?,
            };
            let (at, id) = after.unwrap_or((SystemTime::UNIX_EPOCH, 0));
            let query =
                "SELECT at, id FROM event WHERE (at, id) > ($1, $2) ORDER BY at, id LIMIT $3";
            let rows = open.query(query, &[&at, &id, &limit])?;
            client = Some(open);
            Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect::<Vec<_>>().into())
        }
    }
}

/// Who it runs as: it refuses to be run by root.
fn user() -> Option<u32> {
    let id = |words: &[&str]| {
        let output = Command::new("id").args(words).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().parse::<u32>().ok()
    };
    (id(&["-u"]) == Some(0)).then(|| id(&["-u", "postgres"]).expect("a user named postgres"))
}

fn as_user(command: &mut Command) -> &mut Command {
    match user() {
        Some(user) => command.uid(user).gid(user).current_dir("/"),
        None => command,
    }
}

fn connect(folder: &Path) -> Result<Client, postgres::Error> {
    let mut config = postgres::Config::new();
    config.host_path(folder).user("postgres").connect_timeout(Duration::from_secs(5));
    config.connect(NoTls)
}

fn retry() -> Retry {
    Retry::fixed(Duration::from_millis(20)).unlimited_attempts()
}

fn ids(keys: &[Key]) -> Vec<i64> {
    keys.iter().map(|key| key.1).collect()
}

#[test]
fn rows_with_the_same_time_come_once() {
    let Some(server) = Postgresql::start() else { return };
    for limit in [997, 5000, 200_000] {
        let style = Keyset::new(|key: &Key| *key).page_size(limit);
        let feed = pages::by(style, server.query(i64::try_from(limit).unwrap()));
        let keys: Vec<_> = feed.items().map(Result::unwrap).collect();
        assert!(ids(&keys).into_iter().eq(1..=ROWS), "{limit} at a time");
    }
}

/// Without what breaks the tie, rows would be lost: it is said, not done.
#[test]
fn a_key_that_several_rows_have_is_an_error() {
    let Some(server) = Postgresql::start() else { return };
    let mut query = server.query(5000);
    // The last rows of a page are of the same second.
    let feed = pages::keyset(|key: &Key| key.0, move |after| query(after.map(|at| (at, 0))));
    let mut items = feed.items();
    let error = items.find_map(Result::err).unwrap();
    assert_eq!(error.kind(), ErrorKind::Tied);
    assert_eq!(error.position().index(), 5000);
}

/// What is inserted and deleted before it moves nothing.
#[test]
fn rows_that_come_and_go_move_no_others() {
    let Some(server) = Postgresql::start() else { return };
    let mut client = connect(server.folder.path()).unwrap();
    let mut keys = Vec::new();
    let feed = pages::keyset(|key: &Key| *key, server.query(1000));
    for (n, page) in (1_i64..).zip(feed) {
        keys.extend(page.unwrap().items);
        if n < 50 {
            // Behind and ahead of where it is.
            let seen = n * 1000 - 500;
            client.execute("DELETE FROM event WHERE id = $1", &[&seen]).unwrap();
            client
                .execute("INSERT INTO event SELECT -$1::bigint, min(at) FROM event", &[&n])
                .unwrap();
            client.execute("DELETE FROM event WHERE id = $1", &[&(ROWS - n)]).unwrap();
        }
    }
    let gone = ROWS - 49..ROWS;
    assert!(ids(&keys).into_iter().eq((1..=ROWS).filter(|id| !gone.contains(id))));
}

/// It is killed twice half way, once while it is retried, and once for a new process to go on.
#[test]
fn a_server_that_was_killed_is_gone_on_with() {
    let Some(mut server) = Postgresql::start() else { return };
    let kept = || Checkpoint::new(server.folder.path().join("kept")).label("events");
    let feed = || pages::keyset(|key: &Key| *key, server.query(1000)).retry(retry()).items();
    let (mut first, mut kept_first) = (feed(), kept());
    let mut keys: Vec<Key> = first.by_ref().take(40_400).map(Result::unwrap).collect();
    kept_first.save(&first.position()).unwrap();
    let (mut second, kept_second) = (feed(), kept());

    server.kill();
    server.start_again();
    keys.extend(first.by_ref().take(9_900).map(Result::unwrap));
    kept_first.save(&first.position()).unwrap();
    drop(first);

    server.kill();
    server.start_again();
    second.resume_at(kept_second.load().unwrap().unwrap());
    keys.extend(second.map(Result::unwrap));
    assert!(ids(&keys).into_iter().eq(1..=ROWS));
}
