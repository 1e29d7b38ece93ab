//! More than one core, and more than one task: beside their peers.
//!
//! All ids of a group do one job, and a wrong answer ends the run. What is compared:
//!
//! | group | each id does |
//! |---|---|
//! | `lines_async` | sums the lengths of all lines of a log of 64 MiB in tokio's runtime of two threads; `floor` reads blocks of 64 KiB on one thread, and counts newlines |
//! | `lines_parallel` | takes all lines of that log apart with a regular expression, and sums two fields |
//! | `ordered_map` | hashes a text, 10,000 times, each time from another start, which takes 10 µs, and folds the hashes in order |
//! | `ordered_map_free` | the same with a function that costs nothing: what an item costs |
//! | `read_ahead_free` | folds 10,000 numbers that another thread gives, at most 64 ahead: what an item costs |

mod scaled;

use std::fmt::Debug;
use std::hint::black_box;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, SamplingMode, Throughput};
use headwater_benches::corpus::Corpus;
use rayon::iter::{ParallelBridge, ParallelIterator};

/// The size of the log, in MiB.
const SIZE: u32 = 64;

/// The size of the log of a trial run, in MiB.
const TRIAL_SIZE: u32 = 2;

/// How often the function is called in an iteration.
const CALLS: u64 = 10_000;

/// What is hashed, again and again.
const TEXT: &[u8] = include_bytes!("../fixtures/README.md");

/// How many bytes are hashed in a call: they take 10 µs on the machine of the results.
const BYTES: usize = 8_000;

fn main() {
    let mut criterion = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    ordered_map(&mut criterion, "ordered_map", hash);
    ordered_map(&mut criterion, "ordered_map_free", next_number);
    read_ahead_free(&mut criterion);
    let size = if headwater_benches::is_trial() { TRIAL_SIZE } else { SIZE };
    let log = Corpus::at(Path::new(env!("CARGO_TARGET_TMPDIR")), size)
        .expect("the target folder has room for the log");
    lines_async(&mut criterion, &log.plain);
    lines_parallel(&mut criterion, &log.plain);
    criterion.final_summary();
}

/// Sums the lengths of lines in tasks.
fn lines_async(criterion: &mut Criterion, log: &Path) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build();
    let runtime = runtime.expect("there are threads");
    let newlines = scaled::floor(log).expect("the log can be read");
    let bytes = runtime.block_on(scaled::sum_tokio_lines(log)).expect("the log can be read");
    let mut group = of_lines(criterion, "lines_async", newlines);
    // In a task of the runtime: the thread that enters it is not one of its two.
    measure(&mut group, "headwater", bytes, || runtime.block_on(scaled::sum_async(log)));
    measure(&mut group, "tokio_lines", bytes, || runtime.block_on(scaled::sum_tokio_lines(log)));
    let codec = || runtime.block_on(scaled::sum_lines_codec(log));
    measure(&mut group, "tokio_util_lines_codec", bytes, codec);
    measure(&mut group, "floor", newlines, || scaled::floor(log));
    group.finish();
}

/// Takes lines apart on all cores.
fn lines_parallel(criterion: &mut Criterion, log: &Path) {
    let lines = scaled::floor(log).expect("the log can be read");
    let sum = scaled::parsed(log).expect("the log can be read");
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().expect("there are threads");
    let mut group = of_lines(criterion, "lines_parallel", lines);
    measure(&mut group, "headwater_1", sum, || scaled::parsed(log));
    measure(&mut group, "headwater_2", sum, || pool.install(|| scaled::parsed_parallel(log)));
    measure(&mut group, "par_bridge", sum, || pool.install(|| scaled::parsed_bridge(log)));
    let bridge_of_ours = || pool.install(|| scaled::parsed_bridge_of_ours(log));
    measure(&mut group, "par_bridge_of_ours", sum, bridge_of_ours);
    measure(&mut group, "pariter", sum, || scaled::parsed_pariter(log));
    group.finish();
}

fn of_lines<'c>(
    criterion: &'c mut Criterion,
    name: &str,
    lines: u64,
) -> BenchmarkGroup<'c, WallTime> {
    let mut group = criterion.benchmark_group(name);
    group.sampling_mode(SamplingMode::Flat).sample_size(10);
    group.throughput(Throughput::Elements(lines));
    group
}

/// Measures a job, and ends the run if its answer is wrong.
fn measure<E: Debug>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    id: &str,
    answer: u64,
    job: impl Fn() -> Result<u64, E>,
) {
    let checked = || assert_eq!(job().expect("the log can be read"), answer, "{id}");
    group.bench_function(id, |bencher| bencher.iter(checked));
}

/// Maps numbers and folds what comes of them, so that another order is another answer.
fn ordered_map(criterion: &mut Criterion, name: &str, f: fn(u64) -> u64) {
    let mut group = criterion.benchmark_group(name);
    group.sampling_mode(SamplingMode::Flat);
    group.throughput(Throughput::Elements(CALLS));
    let expected = folded((0..CALLS).map(f));
    let sum = (0..CALLS).map(f).fold(0, u64::wrapping_add);
    let mut measure = |id: &str, job: &dyn Fn() -> u64, expected: u64| {
        assert_eq!(job(), expected, "{name}/{id}");
        group.bench_function(id, |bencher| bencher.iter(job));
    };
    measure("sequential", &|| folded((0..CALLS).map(f)), expected);
    measure("headwater", &|| folded(headwater_map(f)), expected);
    measure("pariter", &|| folded(pariter::IteratorExt::parallel_map(0..CALLS, f)), expected);
    // It gives no iterator and no order, so that it can only sum.
    measure("par_bridge", &|| (0..CALLS).par_bridge().map(f).reduce(|| 0, u64::wrapping_add), sum);
    group.finish();
}

fn headwater_map(f: fn(u64) -> u64) -> impl Iterator<Item = u64> {
    headwater::prelude::ParallelMapIterator::parallel_map(0..CALLS, f)
}

fn read_ahead_free(criterion: &mut Criterion) {
    const AHEAD: NonZeroUsize = NonZeroUsize::new(64).unwrap();
    let mut group = criterion.benchmark_group("read_ahead_free");
    group.sampling_mode(SamplingMode::Flat);
    group.throughput(Throughput::Elements(CALLS));
    let expected = folded(numbers());
    let mut measure = |id: &str, job: &dyn Fn() -> u64| {
        assert_eq!(job(), expected, "read_ahead_free/{id}");
        group.bench_function(id, |bencher| bencher.iter(job));
    };
    measure("headwater", &|| {
        folded(headwater::prelude::ReadAheadIterator::read_ahead(numbers(), AHEAD))
    });
    measure("pariter", &|| {
        let ahead = |options: pariter::ReadaheadBuilder<_>| options.buffer_size(AHEAD.get());
        folded(pariter::IteratorExt::readahead_custom(numbers(), ahead))
    });
    measure("std_channel", &|| {
        let (send, receive) = mpsc::sync_channel(AHEAD.get());
        let sender = thread::spawn(move || numbers().try_for_each(|number| send.send(number)));
        let folded = folded(receive.into_iter());
        sender.join().expect("it does not panic").expect("all are received");
        folded
    });
    group.finish();
}

fn numbers() -> impl Iterator<Item = u64> + Send + 'static {
    (0..CALLS).map(next_number)
}

fn folded(hashes: impl Iterator<Item = u64>) -> u64 {
    hashes.fold(0, |folded: u64, hash| folded.rotate_left(5) ^ hash)
}

/// FNV-1a of a text that is as long as a page, from a number on.
fn hash(number: u64) -> u64 {
    let bytes = black_box(TEXT).iter().cycle().take(BYTES);
    bytes.fold(number ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn next_number(number: u64) -> u64 {
    black_box(number) + 1
}
