//! What a process holds at most while its consumer is a hundred times slower than the disk. The only
//! test of its process: it measures all of it.

use std::cell::Cell;
use std::fs;
use std::hint;
use std::io::{BufWriter, Write as _};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use headwater::distributed::{fold, source};
use tempfile::tempdir;
use timely::dataflow::channels::pact::Exchange;

const MIB: u64 = 1 << 20;
const FILE: u64 = 64 * MIB;

/// So many blocks of each worker may be under way.
const IN_FLIGHT: usize = 32;

/// What the documentation of `source` promises for two workers, 10 MiB, is below it.
const LIMIT: u64 = 16 * MIB;

/// Starts to measure anew.
fn forget_peak() {
    fs::write("/proc/self/clear_refs", "5").unwrap();
}

/// Returns a line of what the kernel says about this process, in bytes.
fn status(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim().strip_suffix(" kB").unwrap().parse::<u64>().unwrap() * 1024
}

/// How a consumer takes its time.
#[derive(Clone, Copy)]
enum Slow {
    /// So many times as long as the fastest block took to be read.
    Times(u32),
    /// Before the first block, until so many bytes were read.
    UntilRead(u64),
}

/// Reads a file with two workers, and has one of them consume all. Returns by how much the memory grew
/// at most, and how many bytes were consumed.
fn consume(path: &Path, in_flight: usize, slow: Slow) -> (u64, u64) {
    let path = PathBuf::from(path);
    forget_peak();
    let before = status("VmRSS:");
    let guards = timely::execute(timely::Config::process(2), move |worker| {
        let (index, count) = (worker.index(), worker.peers());
        let consumed = Rc::new(Cell::new(0));
        let told = Rc::clone(&consumed);
        let failures = worker.dataflow(|scope| {
            static FASTEST: AtomicU64 = AtomicU64::new(u64::MAX);
            static READ: AtomicU64 = AtomicU64::new(0);
            let mut blocks = headwater::lines(&path).unwrap().share(index, count).unwrap().blocks();
            let copies = std::iter::from_fn(move || {
                let started = Instant::now();
                let block = blocks.next()?;
                let took = u64::try_from(started.elapsed().as_nanos()).unwrap();
                FASTEST.fetch_min(took, Ordering::Relaxed);
                let copied = block.map(|block| block.as_bytes().to_vec());
                READ.fetch_add(
                    copied.as_ref().map_or(0, |block| block.len() as u64),
                    Ordering::Relaxed,
                );
                Some(copied)
            });
            let slowly = move |sum: &mut u64, block: Vec<u8>| {
                match slow {
                    Slow::Times(times) => {
                        let nanos = FASTEST.load(Ordering::Relaxed).saturating_mul(times.into());
                        let (started, pause) = (Instant::now(), Duration::from_nanos(nanos));
                        while started.elapsed() < pause {
                            hint::spin_loop();
                        }
                    }
                    Slow::UntilRead(bytes) => {
                        while READ.load(Ordering::Relaxed) < bytes {
                            thread::yield_now();
                        }
                    }
                }
                *sum += block.len() as u64;
            };
            let in_flight = NonZeroUsize::new(in_flight).unwrap();
            let (_, failures) = source(scope, copies, in_flight, |blocks| {
                let to_first = Exchange::new(|_: &Vec<u8>| 0);
                fold(blocks, to_first, 0, slowly, move |sum| {
                    told.set(sum);
                    None::<()>
                })
            });
            failures
        });
        while worker.has_dataflows() {
            worker.step_or_park(None);
        }
        assert_eq!(failures.first(), None);
        consumed.get()
    });
    let consumed = guards.unwrap().join().into_iter().map(Result::unwrap).sum();
    (status("VmHWM:") - before, consumed)
}

fn main() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("large.log");
    let mut file = BufWriter::new(fs::File::create(&path).unwrap());
    let line = [b"a line of a log, as long as such lines are: ".repeat(3), b"\n".to_vec()].concat();
    let block = line.repeat(1024);
    let mut len = 0;
    while len < FILE {
        file.write_all(&block).unwrap();
        len += block.len() as u64;
    }
    file.into_inner().unwrap();

    let started = Instant::now();
    let (peak, consumed) = consume(&path, IN_FLIGHT, Slow::Times(100));
    println!("{} MiB at most, after {:?}", peak / MIB, started.elapsed());
    assert_eq!(consumed, len);
    assert!(peak < LIMIT, "{} MiB", peak / MIB);

    // So much it would be if nothing held the source back: else this measured nothing.
    let (peak, consumed) = consume(&path, usize::MAX, Slow::UntilRead(FILE + FILE * 3 / 8));
    println!("{} MiB at most, not held back", peak / MIB);
    assert_eq!(consumed, len);
    assert!(peak > LIMIT, "{} MiB", peak / MIB);
}
