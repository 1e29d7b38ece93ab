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
use headwater::retry::{FakeClock, GaveUp, Reason};
use headwater::{Error, ErrorKind, Retry};

use super::persistent;
use crate::expect::lines_in;
use crate::support::data::Data;
use crate::support::handles::open_below;
use crate::support::hostile::Failing;

const LOG: &[u8] = b"1\n22\n333\n4444\n55555\n666666\n";
const TWO: NonZeroUsize = NonZeroUsize::new(2).unwrap();

fn cut(path: &Path) {
    fs::File::options().write(true).open(path).unwrap().set_len(3).unwrap();
}

/// Retries what became shorter, without a wait, after this repair.
fn after(repair: impl Fn() + Send + Sync + 'static) -> Retry<headwater::retry::On<Error>> {
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

#[cfg(feature = "compression")]
mod many {
    use std::collections::VecDeque;
    use std::path::PathBuf;
    use std::sync::Mutex;

    use headwater::lines::OnFailure;
    use proptest::prelude::*;

    use super::*;
    use crate::support::property::check;

    /// Files of which one may be damaged.
    struct Files {
        folder: tempfile::TempDir,
        whole: Vec<(PathBuf, Vec<u8>)>,
        faults: Mutex<VecDeque<Fault>>,
    }

    /// What is wrong with the file of this number, until it is repaired.
    #[derive(Clone, Debug)]
    enum Fault {
        Missing(usize),
        /// Only so many bytes are there: of compressed data, which tells. What is shorter than two
        /// has no format yet.
        Cut(usize, prop::sample::Index),
    }

    impl Files {
        fn new(faults: Vec<Fault>) -> Arc<Self> {
            let folder = tempfile::tempdir().unwrap();
            let parts = [gzip(&LOG[..5]), LOG[5..14].to_vec(), gzip(&LOG[14..])];
            let file = |(n, bytes): (usize, _)| (folder.path().join(n.to_string()), bytes);
            let whole = parts.into_iter().enumerate().map(file).collect();
            let files = Self { folder, whole, faults: Mutex::new(faults.into()) };
            files.next_fault();
            Arc::new(files)
        }

        /// Repairs what is damaged, and damages what comes next.
        fn next_fault(&self) {
            assert_eq!(open_below(self.folder.path()), 0, "it is still open");
            for (path, bytes) in &self.whole {
                // The file stays the same: what is missing is there under another name.
                let _ = fs::rename(path.with_extension("away"), path);
                fs::write(path, bytes).unwrap();
            }
            match self.faults.lock().unwrap().pop_front() {
                Some(Fault::Missing(n)) => {
                    let path = &self.whole[n].0;
                    fs::rename(path, path.with_extension("away")).unwrap();
                }
                Some(Fault::Cut(n, at)) => {
                    let (path, bytes) = &self.whole[n];
                    fs::write(path, &bytes[..2 + at.index(bytes.len() - 2)]).unwrap();
                }
                None => {}
            }
        }

        fn paths(&self) -> impl Iterator<Item = &PathBuf> {
            self.whole.iter().map(|(path, _)| path)
        }
    }

    /// Compresses into one member, which has no end but its own.
    fn gzip(text: &[u8]) -> Vec<u8> {
        use std::io::Write as _;

        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn faults() -> impl Strategy<Value = Vec<Fault>> {
        let missing = (0..3_usize).prop_map(Fault::Missing);
        let cut = (prop::sample::select(&[0, 2][..]), any::<prop::sample::Index>());
        let cut = cut.prop_map(|(n, at)| Fault::Cut(n, at));
        prop::collection::vec(prop_oneof![missing, cut], 1..8)
    }

    #[test]
    fn many_files_heal_whichever_of_them_is_damaged() {
        check(400, &faults(), |faults| {
            let files = Files::new(faults);
            let damaged = Arc::clone(&files);
            let retry = persistent().sleep(move |_| damaged.next_fault()).when(|_: &Error| true);
            let log = lines::each(files.paths()).block_size(TWO).retry(retry);
            let given: Vec<_> = log.map(|line| line.unwrap().into_owned()).collect();
            assert_eq!(given, lines_in(LOG));
        });
    }

    #[test]
    fn one_file_heals_wherever_it_is_cut() {
        let whole = gzip(LOG);
        for at in 2..whole.len() {
            let data = Data::new(LOG);
            fs::write(data.gzip(), &whole[..at]).unwrap();
            let (path, bytes) = (data.gzip(), whole.clone());
            let retry = Retry::fixed(Duration::from_secs(1)).max_attempts(2);
            let retry = retry.sleep(move |_| fs::write(&path, &bytes).unwrap());
            let retry = retry.when(|error: &Error| error.kind() == ErrorKind::Truncated);
            let log = lines::decompressed(data.gzip()).unwrap().block_size(TWO).retry(retry);
            let given: Vec<_> = log.map(|line| line.unwrap().into_owned()).collect();
            assert_eq!(given, lines_in(LOG), "cut at {at}");
        }
    }

    #[test]
    fn a_corrupt_file_is_given_at_once_though_another_follows() {
        for policy in [OnFailure::Stop, OnFailure::NextFile] {
            let files = Files::new(vec![]);
            let (path, bytes) = &files.whole[0];
            let mut corrupt = bytes.clone();
            corrupt[12] ^= 0xFF;
            fs::write(path, corrupt).unwrap();
            let log = lines::each(files.paths()).on_failure(policy);
            let mut log = log.retry(persistent());
            let error: GaveUp<Error> = log.find_map(Result::err).unwrap();
            assert_eq!(error.cause().kind(), ErrorKind::Corrupt);
            assert_eq!((error.reason(), error.attempts()), (Reason::NotRetryable, 1));
            assert!(log.next().is_none());
            assert_eq!(open_below(files.folder.path()), 0);
        }
    }
}
