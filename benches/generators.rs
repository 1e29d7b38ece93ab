//! Generators: pulled one item at a time, folded, sent to other threads and awaited, and what is
//! released at the end of a scope; each beside its peers.
//!
//! All ids of a group do one job 100,000 times over, and a wrong answer ends the run. What is
//! compared:
//!
//! | group | each id does |
//! |---|---|
//! | `generate` | sums the numbers that a generator makes; `floor` polls an async block that leaves each number in a `Cell` on the stack |
//! | `generate_send` | the same, by a function that wants an iterator which is `Send` |
//! | `generate_async` | the same, of a stream, in an executor |
//! | `scope` | takes a buffer from a pool, uses it, and gives it back, cleared if the use failed |

use std::cell::{Cell, RefCell};
use std::hint::black_box;
use std::iter;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput};
use futures::executor::block_on;
use futures::{Stream, StreamExt, stream};
use headwater::Outcome;
use scopeguard::ScopeGuard;

/// How often each job is done in an iteration.
const ITEMS: u64 = 100_000;

/// The sum of the numbers that each generator makes.
const SUM: u64 = ITEMS * (ITEMS - 1) / 2;

fn main() {
    let mut criterion = Criterion::default()
        .sample_size(50)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    for bench in [generate, generate_send, generate_async, scope] {
        bench(&mut criterion);
    }
    criterion.final_summary();
}

fn generate(criterion: &mut Criterion) {
    let mut group = group(criterion, "generate");
    measure(&mut group, "headwater", SUM, |n| sum(headwater_numbers::<0>(n)));
    measure(&mut group, "headwater_fold", SUM, |n| {
        headwater_numbers::<1>(n).fold(0, |sum, number| sum + black_box(number))
    });
    measure(&mut group, "genawaiter_rc", SUM, genawaiter_rc);
    measure(&mut group, "genawaiter_stack", SUM, genawaiter_stack);
    measure(&mut group, "async_stream", SUM, |n| sum_of_polls(async_stream_numbers::<0>(n)));
    let boxed = |n| sum_of_polls(Box::pin(async_stream_numbers::<1>(n)));
    measure(&mut group, "async_stream_boxed", SUM, boxed);
    measure(&mut group, "async_fn_stream", SUM, |n| sum_of_polls(async_fn_stream_numbers::<0>(n)));
    measure(&mut group, "from_fn", SUM, from_fn);
    measure(&mut group, "hand_written", SUM, |n| sum(Numbers { next: 0, end: n }));
    measure(&mut group, "floor", SUM, floor);
    group.finish();
}

fn generate_send(criterion: &mut Criterion) {
    let mut group = group(criterion, "generate_send");
    measure(&mut group, "headwater", SUM, |n| sum_of_sent(headwater_numbers::<2>(n)));
    measure(&mut group, "genawaiter_sync", SUM, genawaiter_sync);
    group.finish();
}

fn generate_async(criterion: &mut Criterion) {
    let mut group = group(criterion, "generate_async");
    measure(&mut group, "headwater", SUM, |n| sum_of_awaited(headwater_stream(n)));
    measure(&mut group, "async_stream", SUM, |n| sum_of_awaited(async_stream_numbers::<2>(n)));
    let boxed = |n| sum_of_awaited(Box::pin(async_stream_numbers::<3>(n)));
    measure(&mut group, "async_stream_boxed", SUM, boxed);
    measure(&mut group, "async_fn_stream", SUM, |n| {
        sum_of_awaited(async_fn_stream_numbers::<1>(n))
    });
    measure(&mut group, "futures_unfold", SUM, |n| sum_of_awaited(futures_unfold(n)));
    group.finish();
}

fn scope(criterion: &mut Criterion) {
    // Between two failures it counts from 1 to 15.
    let right = ITEMS / FAILURE * (1..FAILURE).sum::<u64>();
    let mut group = group(criterion, "scope");
    measure(&mut group, "headwater", right, |n| sum_of_uses(n, headwater_scope));
    measure(&mut group, "scopeguard", right, |n| sum_of_uses(n, scopeguard_scope));
    measure(&mut group, "bare", right, |n| sum_of_uses(n, bare_scope));
    group.finish();
}

// The generators that more than one id uses have an `ID`, so that each of them has its own, as where
// one is used once, which is nearly always: what several share is called instead of inlined.

fn headwater_numbers<const ID: u8>(n: u64) -> impl Iterator<Item = u64> + Send {
    headwater::generate(move |out| async move {
        for number in 0..n {
            out.emit(number).await;
        }
    })
}

fn headwater_stream(n: u64) -> impl Stream<Item = u64> {
    headwater::stream::generate(move |out| async move {
        for number in 0..n {
            out.emit(number).await;
        }
    })
}

/// genawaiter's own generator on the heap, which stays on its thread.
fn genawaiter_rc(n: u64) -> u64 {
    sum(genawaiter::rc::Gen::new(|co| async move {
        for number in 0..n {
            co.yield_(number).await;
        }
    }))
}

/// genawaiter's generator on the stack, which can't be returned.
fn genawaiter_stack(n: u64) -> u64 {
    genawaiter::stack::let_gen_using!(numbers, |co| async move {
        for number in 0..n {
            co.yield_(number).await;
        }
    });
    sum(numbers)
}

/// The only generator of genawaiter that may go to another thread: a mutex in an `Arc`.
fn genawaiter_sync(n: u64) -> u64 {
    let numbers = genawaiter::sync::Gen::new(|co| async move {
        for number in 0..n {
            co.yield_(number).await;
        }
    });
    sum_of_sent(numbers.into_iter())
}

fn async_stream_numbers<const ID: u8>(n: u64) -> impl Stream<Item = u64> {
    async_stream::stream! {
        for number in 0..n {
            yield number;
        }
    }
}

fn async_fn_stream_numbers<const ID: u8>(n: u64) -> impl Stream<Item = u64> {
    async_fn_stream::fn_stream(move |emitter| async move {
        for number in 0..n {
            emitter.emit(number).await;
        }
    })
}

fn futures_unfold(n: u64) -> impl Stream<Item = u64> {
    stream::unfold(0, move |number| async move { (number < n).then_some((number, number + 1)) })
}

fn from_fn(n: u64) -> u64 {
    let mut next = 0;
    sum(iter::from_fn(|| {
        let number = next;
        next += 1;
        (number < n).then_some(number)
    }))
}

/// What one writes by hand where a generator would do.
struct Numbers {
    next: u64,
    end: u64,
}

impl Iterator for Numbers {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        let number = self.next;
        self.next += 1;
        (number < self.end).then_some(number)
    }
}

/// What any body costs that can be resumed: no slot, no handle, nothing that keeps it safe.
fn floor(n: u64) -> u64 {
    let item = Cell::new(0);
    let body = pin!(async {
        for number in 0..n {
            item.set(number);
            futures::pending!();
        }
    });
    // Who keeps a body keeps it in memory: in registers it would be a mere loop.
    let mut body = black_box(body);
    let mut cx = Context::from_waker(Waker::noop());
    let mut sum = 0;
    while body.as_mut().poll(&mut cx).is_pending() {
        sum += black_box(item.get());
    }
    sum
}

fn sum(numbers: impl IntoIterator<Item = u64>) -> u64 {
    let mut sum = 0;
    for number in numbers {
        sum += black_box(number);
    }
    sum
}

fn sum_of_sent(numbers: impl Iterator<Item = u64> + Send) -> u64 {
    sum(numbers)
}

/// Polls by hand, with a waker that does nothing: no executor is cheaper.
fn sum_of_polls(numbers: impl Stream<Item = u64>) -> u64 {
    let mut numbers = pin!(numbers);
    let mut cx = Context::from_waker(Waker::noop());
    let mut sum = 0;
    while let Poll::Ready(Some(number)) = numbers.as_mut().poll_next(&mut cx) {
        sum += black_box(number);
    }
    sum
}

fn sum_of_awaited(numbers: impl Stream<Item = u64>) -> u64 {
    block_on(async {
        let mut numbers = pin!(numbers);
        let mut sum = 0;
        while let Some(number) = numbers.next().await {
            sum += black_box(number);
        }
        sum
    })
}

/// Each use whose number is a multiple of this fails.
const FAILURE: u64 = 16;

/// Buffers that are lent and come back.
struct Pool(RefCell<Vec<Box<[u8]>>>);

/// What a use says that failed, and a pool that is empty or full.
struct Failed;

impl Pool {
    fn acquire(&self) -> Result<Box<[u8]>, Failed> {
        self.0.borrow_mut().pop().ok_or(Failed)
    }

    fn release(&self, mut buffer: Box<[u8]>, outcome: Outcome) -> Result<(), Failed> {
        if outcome != Outcome::Finished {
            buffer.fill(0);
        }
        let mut free = self.0.borrow_mut();
        if free.len() == free.capacity() {
            return Err(Failed);
        }
        free.push(buffer);
        Ok(())
    }
}

/// Counts in the buffer, and fails now and then. It could panic, where a buffer is empty: nobody's
/// protection against that can be left out.
fn use_once(buffer: &mut [u8], number: u64) -> Result<u64, Failed> {
    if black_box(number).is_multiple_of(FAILURE) {
        return Err(Failed);
    }
    buffer[0] += 1;
    Ok(u64::from(buffer[0]))
}

fn headwater_scope(pool: &Pool, number: u64) -> Result<u64, Failed> {
    headwater::scope(
        || pool.acquire(),
        |buffer| use_once(buffer, number),
        |buffer, outcome| pool.release(buffer, outcome),
    )
}

/// A guard for panics alone: what it does when it is dropped can't fail.
fn scopeguard_scope(pool: &Pool, number: u64) -> Result<u64, Failed> {
    let mut buffer = scopeguard::guard(pool.acquire()?, |buffer| {
        let _ = pool.release(buffer, Outcome::Abandoned);
    });
    let result = use_once(&mut buffer, number);
    let released = pool.release(ScopeGuard::into_inner(buffer), outcome_of(&result));
    let used = result?;
    released?;
    Ok(used)
}

/// Without protection: where the use panics, the buffer is lost to the pool.
fn bare_scope(pool: &Pool, number: u64) -> Result<u64, Failed> {
    let mut buffer = pool.acquire()?;
    let result = use_once(&mut buffer, number);
    let released = pool.release(buffer, outcome_of(&result));
    let used = result?;
    released?;
    Ok(used)
}

fn outcome_of(result: &Result<u64, Failed>) -> Outcome {
    if result.is_ok() { Outcome::Finished } else { Outcome::Failed }
}

fn sum_of_uses(n: u64, scope: impl Fn(&Pool, u64) -> Result<u64, Failed>) -> u64 {
    let pool = Pool(RefCell::new(vec![Box::new([0; 16])]));
    (0..n).filter_map(|number| scope(&pool, number).ok()).sum()
}

type Group<'a> = BenchmarkGroup<'a, WallTime>;

fn group<'a>(criterion: &'a mut Criterion, name: &str) -> Group<'a> {
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(ITEMS));
    group
}

/// Measures `job`, which has to answer `right` each time.
fn measure(group: &mut Group<'_>, id: &str, right: u64, job: impl Fn(u64) -> u64) {
    group.bench_function(id, |bencher| {
        bencher.iter(|| assert_eq!(job(black_box(ITEMS)), right, "{id} is wrong"));
    });
}
