//! Files that are cut, missing or replaced while they are read, and are there again, or are not,
//! when they are opened again.

use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use headwater::lines::{self, ReadAt};
use headwater::prelude::*;
use headwater::retry::{FakeClock, On, Reason};
use headwater::{Error, ErrorKind, Retry};

use super::persistent;
use crate::support::data::Data;
use crate::support::handles::open_below;
use crate::support::hostile::Failing;

const LOG: &[u8] = b"1\n22\n333\n4444\n55555\n666666\n";
const TWO: NonZeroUsize = NonZeroUsize::new(2).unwrap();

fn cut(path: &Path) {
    fs::File::options().write(true).open(path).unwrap().set_len(3).unwrap();
}

/// Retries what became shorter, without a wait, after this repair.
fn after(repair: impl Fn() + Send + Sync + 'static) -> Retry<On<Error>> {
    let retry = Retry::fixed(Duration::from_secs(1)).sleep(move |_| repair());
    retry.when(|error: &Error| error.kind() == ErrorKind::Shrunk)
}

#[test]
fn a_file_is_closed_while_it_is_waited_for() {
    let data = Arc::new(Data::new(LOG));
    let repaired = Arc::clone(&data);
    let retry = after(move || {
        assert_eq!(open_below(repaired.folder()), 0, "it is still open");
        repaired.write(LOG);
    });
    let mut log = headwater::lines(data.plain()).unwrap().block_size(TWO).retry(retry);
    let first = log.by_ref().take(2).map(|line| line.unwrap().to_string());
    assert!(first.eq(["1", "22"]));
    assert_eq!(open_below(data.folder()), usize::from(cfg!(target_os = "linux")));
    cut(&data.plain());
    let rest: Vec<_> = log.by_ref().map(|line| line.unwrap().to_string()).collect();
    assert_eq!(rest, ["333", "4444", "55555", "666666"]);
    assert_eq!(open_below(data.folder()), 0);
}

#[test]
fn a_file_that_became_shorter_is_not_worth_it_unless_that_is_said() {
    let data = Data::new(LOG);
    let log = headwater::lines(data.plain()).unwrap().block_size(TWO);
    let mut log = log.retry(persistent());
    log.next().unwrap().unwrap();
    cut(&data.plain());
    let error = log.find_map(Result::err).unwrap();
    assert_eq!((error.reason(), error.attempts()), (Reason::NotRetryable, 1));
    assert_eq!(error.cause().kind(), ErrorKind::Shrunk);
    assert!(log.next().is_none());
    assert_eq!(open_below(data.folder()), 0);
}

#[test]
fn a_file_that_was_replaced_meanwhile_is_an_error_and_no_splice() {
    let data = Arc::new(Data::new(LOG));
    let (path, away) = (data.plain(), data.folder().join("away"));
    let (from, to) = (path.clone(), away.clone());
    let retry = after(move || {
        fs::rename(&from, &to).unwrap();
        fs::write(&from, LOG.to_ascii_uppercase()).unwrap();
    });
    let mut log = headwater::lines(&path).unwrap().block_size(TWO).retry(retry);
    assert!(log.by_ref().take(2).all(|line| line.is_ok()));
    cut(&path);
    let error = log.next().unwrap().unwrap_err();
    assert_eq!(error.cause().kind(), ErrorKind::SourceChanged);
    assert_eq!((error.reason(), error.attempts()), (Reason::NotRetryable, 2));
    let source = std::error::Error::source(&error).unwrap();
    assert_eq!(source.downcast_ref::<Error>().unwrap().path(), Some(path.as_path()));
    assert!(log.next().is_none() && log.next_back().is_none());
    assert_eq!(open_below(data.folder()), 0);

    let noted = log.position();
    assert_eq!(noted.offset(), 5, "behind the last line delivered");
    fs::write(&away, LOG).unwrap();
    fs::rename(&away, &path).unwrap();
    log.resume_at(noted);
    assert_eq!(log.next().unwrap().unwrap(), "333");
    assert_eq!(log.next_back().unwrap().unwrap(), "666666");
}

/// A storage that has a version, and fails at byte 5.
struct Versioned(Failing<&'static [u8]>, u64);

impl ReadAt for Versioned {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> std::io::Result<usize> {
        self.0.read_at(buf, offset)
    }

    fn size(&self) -> std::io::Result<u64> {
        self.0.size()
    }

    fn ids(&self) -> std::io::Result<(u64, u64)> {
        Ok((0, self.1))
    }
}

#[test]
fn an_object_that_was_replaced_meanwhile_is_an_error_and_no_splice() {
    for backward in [false, true] {
        let version = AtomicU64::new(0);
        let log = lines::random_access(|| {
            let fails =
                Failing::new(LOG, 9, std::io::ErrorKind::TimedOut, Failing::<&[u8]>::FOR_EVER);
            Ok(Versioned(fails, version.fetch_add(1, Ordering::Relaxed)))
        });
        let mut log = log.block_size(TWO).retry(persistent());
        let items: Vec<_> = if backward { log.rev().collect() } else { log.by_ref().collect() };
        let (error, good) = items.split_last().unwrap();
        assert!(good.iter().all(Result::is_ok));
        assert_eq!(good.len(), if backward { 2 } else { 3 });
        let error = error.as_ref().unwrap_err();
        assert_eq!(error.cause().kind(), ErrorKind::SourceChanged);
        assert_eq!((error.reason(), error.attempts()), (Reason::NotRetryable, 2));
    }
}

#[test]
fn a_file_that_is_missing_for_a_while_is_waited_for() {
    let data = Data::new(LOG);
    let (path, away) = (data.plain(), data.folder().join("away"));
    let clock = FakeClock::new();
    let (now, from, to) = (clock.clone(), away.clone(), path.clone());
    let retry = Retry::fixed(Duration::from_secs(5)).clock(clock.clone()).before(move |_| {
        if now.elapsed() >= Duration::from_secs(20) {
            fs::rename(&from, &to).unwrap();
        }
    });
    let missing = |error: &Error| error.kind() == ErrorKind::Open;
    let mut log = headwater::lines(&path).unwrap().retry(retry.when(missing));
    assert_eq!(log.next().unwrap().unwrap(), "1");
    fs::rename(&path, &away).unwrap();
    log.resume_at(log.position());
    assert_eq!(log.next().unwrap().unwrap(), "22");
    assert_eq!(clock.slept().len(), 4);
}
