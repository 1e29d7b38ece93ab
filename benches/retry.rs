//! Retries: what a call costs that succeeds at once, and what a healthy source pays for being able
//! to heal; each beside its peers.
//!
//! All ids of a group do one job, and a wrong answer ends the run. What is compared:
//!
//! | group | each id does |
//! |---|---|
//! | `retry_ok` | calls, 100,000 times, what gives a number, and sums the numbers; nothing fails |
//! | `retry_ok_async` | the same, of what gives a future that is ready, awaited in an executor |
//! | `resume_ok` | sums the lengths of all lines of the log that `lines` reads; nothing fails |

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use backon::{BlockingRetryable, ExponentialBuilder, Retryable};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, SamplingMode, Throughput};
use futures::executor::block_on;
use headwater::prelude::*;
use headwater::{Line, Retry};
use headwater_benches::corpus::{Answers, Corpus};
use tokio_retry2::strategy::ExponentialBackoff;

/// How often something is called in an iteration.
const CALLS: u64 = 100_000;

/// The sum of the numbers that the calls give.
const SUM: u64 = CALLS * (CALLS - 1) / 2;

/// The size of the log, in MiB, and that of a trial run.
const SIZES: (u32, u32) = (256, 2);

fn main() {
    let mut criterion = Criterion::default()
        .sample_size(50)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    retry_ok(&mut criterion);
    retry_ok_async(&mut criterion);
    resume_ok(&mut criterion);
    criterion.final_summary();
}

fn retry_ok(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("retry_ok");
    group.throughput(Throughput::Elements(CALLS));
    let policies = policies();
    // What is in them is unknown to the optimizer, call by call.
    let (untimed, timed, peer) = black_box((&policies.0, &policies.1, &policies.2));
    measure(&mut group, "headwater", || {
        sum(|number| untimed.call(|| fetch(number)).map_err(|gave_up| *gave_up.cause()))
    });
    measure(&mut group, "headwater_timed", || {
        sum(|number| timed.call(|| fetch(number)).map_err(|gave_up| *gave_up.cause()))
    });
    measure(&mut group, "backon", || sum(|number| (|| fetch(number)).retry(*peer).call()));
    measure(&mut group, "bare", || sum(fetch));
}

fn retry_ok_async(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("retry_ok_async");
    group.throughput(Throughput::Elements(CALLS));
    let policies = policies();
    // What is in them is unknown to the optimizer, call by call.
    let (untimed, timed, peer) = black_box((&policies.0, &policies.1, &policies.2));
    measure(&mut group, "headwater", || {
        let call = async |number| {
            let called = untimed.call_async(|| fetch_async(number)).await;
            called.map_err(|gave_up| *gave_up.cause())
        };
        block_on(sum_async(call))
    });
    measure(&mut group, "headwater_timed", || {
        let call = async |number| {
            let called = timed.call_async(|| fetch_async(number)).await;
            called.map_err(|gave_up| *gave_up.cause())
        };
        block_on(sum_async(call))
    });
    measure(&mut group, "backon", || {
        let call = async |number| (|| fetch_async(number)).retry(*peer).await;
        block_on(sum_async(call))
    });
    measure(&mut group, "tokio_retry2", || {
        let call = async |number| {
            let backoff = ExponentialBackoff::from_millis(black_box(10)).take(3);
            let attempt = || async move {
                fetch_async(number).await.map_err(tokio_retry2::RetryError::transient)
            };
            tokio_retry2::Retry::spawn(backoff, attempt).await
        };
        block_on(sum_async(call))
    });
    measure(&mut group, "bare", || block_on(sum_async(fetch_async)));
}

/// The same three retries at the most, after delays that double: without a limit of time, which
/// reads the clock once, and with one; and the peer's, which has none.
fn policies() -> (Retry, Retry, ExponentialBuilder) {
    let timed = Retry::exponential(Duration::from_secs(1)).max_attempts(4);
    let peer = ExponentialBuilder::default().with_min_delay(Duration::from_secs(1));
    (timed.clone().unlimited_time(), timed, peer.with_max_times(3))
}

/// What a call says that failed; none does.
#[derive(Clone, Copy, Debug)]
struct Failed;

fn fetch(number: u64) -> Result<u64, Failed> {
    if black_box(false) { Err(Failed) } else { Ok(black_box(number)) }
}

async fn fetch_async(number: u64) -> Result<u64, Failed> {
    fetch(number)
}

fn sum(call: impl Fn(u64) -> Result<u64, Failed>) -> u64 {
    (0..black_box(CALLS)).filter_map(|number| call(number).ok()).sum()
}

async fn sum_async(call: impl AsyncFn(u64) -> Result<u64, Failed>) -> u64 {
    let mut sum = 0;
    for number in 0..black_box(CALLS) {
        sum += call(number).await.unwrap_or(0);
    }
    sum
}

/// Measures `job`, which has to give the sum of all numbers.
fn measure(group: &mut BenchmarkGroup<'_, WallTime>, id: &str, job: impl Fn() -> u64) {
    group.bench_function(id, |bencher| {
        bencher.iter(|| assert_eq!(job(), SUM, "{id} is wrong"));
    });
}

fn resume_ok(criterion: &mut Criterion) {
    let size = if headwater_benches::is_trial() { SIZES.1 } else { SIZES.0 };
    let log = Corpus::at(Path::new(env!("CARGO_TARGET_TMPDIR")), size)
        .expect("the target folder has room for the log");
    let Answers { lines, bytes, .. } = log.answers().expect("the log can be read");
    let mut group = criterion.benchmark_group("resume_ok");
    group.throughput(Throughput::Elements(lines)).sampling_mode(SamplingMode::Flat);
    group.sample_size(20).measurement_time(Duration::from_secs(5));
    group.bench_function("headwater", |bencher| {
        bencher.iter(|| {
            let opened = headwater::lines(&log.plain).expect("the log can be opened");
            assert_eq!(sum_of_lines(opened.retry(Retry::default())), Some(bytes), "it is wrong");
        });
    });
    group.bench_function("bare", |bencher| {
        bencher.iter(|| {
            let opened = headwater::lines(&log.plain).expect("the log can be opened");
            assert_eq!(sum_of_lines(opened), Some(bytes), "it is wrong");
        });
    });
}

fn sum_of_lines<E>(lines: impl Iterator<Item = Result<Line, E>>) -> Option<u64> {
    let mut sum = 0;
    for line in lines {
        sum += line.ok()?.len() as u64;
    }
    Some(sum)
}
