//! Many files, of which one or the other is damaged while they are read, and repaired when they are
//! opened again.

use std::collections::VecDeque;
use std::fs;
use std::io::Write;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use headwater::lines::{self, OnFailure};
use headwater::prelude::*;
use headwater::retry::{GaveUp, Reason};
use headwater::{Error, ErrorKind, Retry};
use proptest::prelude::*;
use proptest::sample::Index;

use super::persistent;
use crate::expect::lines_in;
use crate::support::handles::open_below;
use crate::support::property::check;

const LOG: &[u8] = b"1\n22\n333\n4444\n55555\n666666\n";
const TWO: NonZeroUsize = NonZeroUsize::new(2).unwrap();

/// Files of which one may be damaged.
struct Files {
    folder: tempfile::TempDir,
    whole: Vec<(PathBuf, Vec<u8>)>,
    /// What is damaged comes first.
    faults: Mutex<VecDeque<Fault>>,
}

/// What is wrong with the file of this number.
#[derive(Clone, Debug)]
enum Fault {
    Missing(usize),
    /// Only so many bytes are there: of compressed data, which tells. What is shorter than two has
    /// no format yet.
    Cut(usize, Index),
}

impl Files {
    fn new(faults: Vec<Fault>) -> Arc<Self> {
        let folder = tempfile::tempdir().unwrap();
        let parts = [gzip(&LOG[..5]), LOG[5..14].to_vec(), gzip(&LOG[14..])];
        let file = |(n, bytes): (usize, _)| (folder.path().join(n.to_string()), bytes);
        let whole: Vec<_> = parts.into_iter().enumerate().map(file).collect();
        for (path, bytes) in &whole {
            fs::write(path, bytes).unwrap();
        }
        let files = Self { folder, whole, faults: Mutex::new(faults.into()) };
        files.damage();
        Arc::new(files)
    }

    fn damage(&self) {
        match self.faults.lock().unwrap().front() {
            Some(Fault::Missing(n)) => {
                let path = &self.whole[*n].0;
                fs::rename(path, path.with_extension("away")).unwrap();
            }
            Some(Fault::Cut(n, at)) => {
                let (path, bytes) = &self.whole[*n];
                cut(path, 2 + at.index(bytes.len() - 2));
            }
            None => {}
        }
    }

    /// Repairs what is damaged. It is the same file as before.
    fn repair(&self) {
        match self.faults.lock().unwrap().pop_front() {
            Some(Fault::Missing(n)) => {
                let path = &self.whole[n].0;
                fs::rename(path.with_extension("away"), path).unwrap();
            }
            Some(Fault::Cut(n, _)) => {
                let (path, bytes) = &self.whole[n];
                fill(path, bytes);
            }
            None => {}
        }
    }

    fn paths(&self) -> impl Iterator<Item = &PathBuf> {
        self.whole.iter().map(|(path, _)| path)
    }

    fn nothing_is_open(&self) {
        assert_eq!(open_below(self.folder.path()), 0, "it is still open");
    }
}

fn cut(path: &Path, len: usize) {
    fs::File::options().write(true).open(path).unwrap().set_len(len as u64).unwrap();
}

/// Writes what a file has lost. To empty it first would have some file systems write it to disk.
fn fill(path: &Path, bytes: &[u8]) {
    fs::File::options().write(true).open(path).unwrap().write_all(bytes).unwrap();
}

/// Compresses into one member, which has no end but its own.
fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn faults() -> impl Strategy<Value = Vec<Fault>> {
    let missing = (0..3_usize).prop_map(Fault::Missing);
    let compressed = prop_oneof![Just(0), Just(2)];
    let cut = (compressed, any::<Index>()).prop_map(|(n, at)| Fault::Cut(n, at));
    prop::collection::vec(prop_oneof![missing, cut], 1..8)
}

#[test]
fn they_heal_whichever_of_them_is_damaged() {
    check(400, &faults(), |faults| {
        let files = Files::new(faults);
        let damaged = Arc::clone(&files);
        let retry = persistent().sleep(move |_| {
            damaged.nothing_is_open();
            damaged.repair();
            damaged.damage();
        });
        let log = lines::each(files.paths()).block_size(TWO).retry(retry.when(|_: &Error| true));
        let given: Vec<_> = log.map(|line| line.unwrap().into_owned()).collect();
        assert_eq!(given, lines_in(LOG));
    });
}

#[test]
fn one_heals_wherever_it_is_cut() {
    let len = gzip(&LOG[14..]).len();
    for at in 0..len - 2 {
        let files = Files::new(vec![]);
        let (path, bytes) = files.whole[2].clone();
        cut(&path, 2 + at);
        let filled = path.clone();
        let retry = Retry::fixed(Duration::from_secs(1)).max_attempts(2);
        let retry = retry.sleep(move |_| fill(&filled, &bytes));
        let retry = retry.when(|error: &Error| error.kind() == ErrorKind::Truncated);
        let log = lines::decompressed(path).unwrap().block_size(TWO).retry(retry);
        let given: Vec<_> = log.map(|line| line.unwrap().into_owned()).collect();
        assert_eq!(given, lines_in(&LOG[14..]), "cut at {at}");
    }
}

#[test]
fn one_that_is_corrupt_is_given_at_once_though_another_follows() {
    for policy in [OnFailure::Stop, OnFailure::NextFile] {
        let files = Files::new(vec![]);
        let (path, bytes) = &files.whole[0];
        let mut corrupt = bytes.clone();
        corrupt[12] ^= 0xFF;
        fs::write(path, corrupt).unwrap();
        let log = lines::each(files.paths()).on_failure(policy);
        let mut log = log.retry(Retry::immediately().max_attempts(3));
        let error: GaveUp<Error> = log.find_map(Result::err).unwrap();
        assert_eq!(error.cause().kind(), ErrorKind::Corrupt);
        assert_eq!((error.reason(), error.attempts()), (Reason::NotRetryable, 1));
        assert!(log.next().is_none());
        files.nothing_is_open();
    }
}
