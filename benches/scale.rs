//! More than one core: what is mapped in order on all of them, beside its peers.
//!
//! All ids of a group do one job, and a wrong answer ends the run. What is compared:
//!
//! | group | each id does |
//! |---|---|
//! | `ordered_map` | hashes a text, 10,000 times, each time from another start, which takes 10 µs, and folds the hashes in order |
//! | `ordered_map_free` | the same with a function that costs nothing: what an item costs |

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, SamplingMode, Throughput};
use rayon::iter::{ParallelBridge, ParallelIterator};

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
    criterion.final_summary();
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
