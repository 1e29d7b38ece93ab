//! Counting lines on many threads.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use headwater::lines::{Block, Blocks, LongLine, Origin};
use headwater::{Error, Lines, lines};
use headwater_examples::Tally;
use rayon::prelude::*;
use rayon::{ThreadPoolBuildError, ThreadPoolBuilder};

use crate::count::{count, message, of_files, standard_input};
use crate::progress::Progress;

/// What is read ahead where there are cores to spare.
const AHEAD: NonZeroUsize = NonZeroUsize::new(4).unwrap();
/// Files that are smaller are not divided.
const LARGE: u64 = 1 << 20;

/// Counts the lines of all files, several at once; returns whether all could be read.
///
/// A large plain file is divided among the threads, a compressed one is decompressed on a thread of
/// its own where there are fewer files than threads.
///
/// # Errors
///
/// That of the system if it starts no threads.
pub(crate) fn at_once(
    files: &[OsString],
    jobs: usize,
    tally: &mut Tally,
    progress: &Progress,
) -> Result<bool, ThreadPoolBuildError> {
    let pool = ThreadPoolBuilder::new().num_threads(jobs).build()?;
    let inputs = inputs(files);
    let counting = Counting {
        progress,
        ahead: inputs.len() < jobs,
        tallies: Tallies::default(),
        errors: Mutex::default(),
    };
    pool.install(|| inputs.par_iter().with_max_len(1).for_each(|input| counting.count(input)));
    counting.tallies.merge_into(tally);
    let mut errors = counting.errors.into_inner().unwrap_or_else(PoisonError::into_inner);
    // As they would come one after the other.
    errors.sort_by_key(|(part, _)| *part);
    for (_, error) in &errors {
        progress.say(error);
    }
    Ok(errors.is_empty())
}

/// One input, and from which number on its parts are counted: parts of later ones have larger numbers.
enum Input<'a> {
    File {
        path: &'a OsString,
        first: u64,
        len: u64,
    },
    /// The standard input, which can be named several times, but read by one only.
    Standard {
        first: Vec<u64>,
    },
}

fn inputs(files: &[OsString]) -> Vec<Input<'_>> {
    let (mut inputs, mut standard, mut first) = (Vec::new(), Vec::new(), 0);
    for path in files {
        if path == "-" {
            standard.push(first);
            first += 1;
            continue;
        }
        let len =
            fs::metadata(path).ok().filter(fs::Metadata::is_file).map_or(0, |file| file.len());
        inputs.push(Input::File { path, first, len });
        first += len + 1;
    }
    if !standard.is_empty() {
        inputs.push(Input::Standard { first: standard });
    }
    inputs
}

struct Counting<'a> {
    progress: &'a Progress,
    /// Whether threads of their own read files ahead.
    ahead: bool,
    tallies: Tallies,
    /// What could not be read, and in which part.
    errors: Mutex<Vec<(u64, String)>>,
}

impl Counting<'_> {
    fn count(&self, input: &Input) {
        match input {
            Input::Standard { first } => {
                for &part in first {
                    self.count_in_turn(standard_input(io::stdin()), part);
                }
            }
            Input::File { path, first, len } => {
                let divided = *len >= LARGE && is_plain(path.as_ref());
                // What is written meanwhile would have the numbers of the next file.
                let open = || Ok(lines(path)?.on_long(LongLine::Truncate).range(..*len));
                let is_counted = |lines: Result<Lines, Error>| {
                    lines.is_ok_and(|lines| self.count_divided(lines, *first))
                };
                if !(divided && is_counted(open())) {
                    self.count_in_turn(of_files(std::slice::from_ref(path)), *first);
                }
            }
        }
    }

    /// Counts the lines, one after the other, as a single part.
    fn count_in_turn<S: Origin + Send + 'static>(&self, lines: Lines<S>, part: u64) {
        self.tallies.with_one(|tally| {
            tally.begin(part);
            let say = |error| lock(&self.errors).push((part, message(error)));
            if self.ahead {
                count(lines.read_ahead(AHEAD), tally, self.progress, say);
            } else {
                count(lines, tally, self.progress, say);
            }
        });
    }

    /// Counts the lines of a plain file, each block as a part. Returns whether it could be read;
    /// else nothing of it is counted, since threads may have gone on behind the error.
    ///
    /// There is a tally for each thread, and not one for each fold, of which rayon makes hundreds:
    /// to merge two takes as long as to count a few MiB.
    fn count_divided<S: Origin>(&self, lines: Lines<S>, first: u64) -> bool
    where
        Blocks<S>: IntoParallelIterator<Item = Result<Block, Error>>,
    {
        let (tallies, told) = (Tallies::default(), AtomicU64::new(0));
        let counted = lines.blocks().into_par_iter().try_for_each(|block| {
            let block = block?;
            let read = block.as_bytes().len() as u64;
            tallies.with_one(|tally| {
                tally.begin(first + block.offset());
                block.for_each(|line| tally.add(&line));
            });
            told.fetch_add(read, Ordering::Relaxed);
            self.progress.advance(read);
            Ok::<(), Error>(())
        });
        if counted.is_err() {
            self.progress.go_back(told.into_inner());
            return false;
        }
        self.tallies.with_one(|tally| tallies.merge_into(tally));
        true
    }
}

/// As many tallies as are in use at once.
#[derive(Default)]
struct Tallies(Mutex<Vec<Tally>>);

impl Tallies {
    fn with_one(&self, work: impl FnOnce(&mut Tally)) {
        let tally = lock(&self.0).pop();
        let mut tally = tally.unwrap_or_default();
        work(&mut tally);
        lock(&self.0).push(tally);
    }

    fn merge_into(self, sum: &mut Tally) {
        let tallies = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        for tally in tallies {
            sum.merge(tally);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Tells by its first bytes whether a file is neither gzip nor zstd.
fn is_plain(path: &Path) -> bool {
    let mut head = [0; 4];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut head));
    read.is_ok() && !lines::is_compressed(&head)
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::Mutex;

    use headwater::lines::{self, ReadAt};
    use headwater_examples::Tally;

    use super::{Counting, Tallies};
    use crate::progress::Progress;

    /// Breaks off in its middle.
    struct Broken(usize);

    impl ReadAt for Broken {
        fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
            if offset > self.0 as u64 / 2 {
                return Err(io::ErrorKind::Other.into());
            }
            b"a line\n\n".repeat(self.0 / 8).read_at(buf, offset)
        }

        fn size(&self) -> io::Result<u64> {
            Ok(self.0 as u64)
        }
    }

    #[test]
    fn nothing_is_counted_of_a_file_that_breaks_off() {
        let progress = Progress::new(&[]);
        let counting = Counting {
            progress: &progress,
            ahead: false,
            tallies: Tallies::default(),
            errors: Mutex::default(),
        };
        let lines = lines::random_access(|| Ok(Broken(1 << 16)));
        let lines = lines.block_size(1024.try_into().unwrap());
        assert!(!counting.count_divided(lines, 7), "it could be read");
        let mut sum = Tally::default();
        counting.tallies.merge_into(&mut sum);
        assert_eq!(sum.lines(), 0);
        let told = format!("{progress:?}");
        assert!(told.contains("bytes: 0"), "{told}");
        assert!(counting.errors.into_inner().unwrap().is_empty());
    }
}
