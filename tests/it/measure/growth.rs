//! Growth: constant memory passes, anything else is shown, and is told what it is likely to be.

use std::collections::{HashMap, HashSet};
use std::hint::black_box;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, mpsc};

use headwater::lines;
use headwater::measure::{Growth, assert_constant_memory};

const SIZES: [usize; 3] = [1000, 10_000, 100_000];

/// Panics with exactly this.
fn fails(pipeline: impl FnMut(usize) -> usize, message: &str) {
    let text = text_of(|| assert_constant_memory(SIZES, pipeline));
    assert_eq!(text.trim(), message.trim());
}

/// The message of a panic, which is not printed.
fn text_of(fails: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(fails)).expect_err("it passed");
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => (*payload.downcast::<&str>().expect("a text")).to_owned(),
    }
}

fn numbers(n: usize) -> impl Iterator<Item = u64> {
    (0..n as u64).map(|n| black_box(n.wrapping_mul(0x9E37_79B9_7F4A_7C15)))
}

fn log(n: usize) -> impl std::io::Read + Send + 'static {
    std::io::Cursor::new("127.0.0.1 - - GET /index.html HTTP/1.1 200 1234\n".repeat(n))
}

#[test]
fn constant_memory_passes() {
    assert_constant_memory(SIZES, |n| numbers(n).max());
    assert_constant_memory(SIZES, |n| numbers(n).map(|n| n.to_string().len()).sum::<usize>());
    assert_constant_memory(SIZES, |_| black_box(vec![0_u8; 1 << 20]));
    let growth = Growth::measure(SIZES, |n| drop(black_box(vec![0_u8; 1000 + 200 * n.ilog10() as usize])));
    assert!(growth.is_constant(), "{growth}");
}

#[test]
fn what_is_made_once_does_not_count() {
    static ONCE: Mutex<Vec<u64>> = Mutex::new(Vec::new());
    let growth = Growth::measure(SIZES, |n| {
        let mut once = ONCE.lock().unwrap();
        if once.is_empty() {
            once.extend(numbers(1000));
        }
        numbers(n).count()
    });
    assert!(growth.points().iter().all(|(_, usage)| usage.peak() == 0), "{growth}");
}

#[test]
fn a_little_is_constant_and_more_is_not() {
    let bytes = |n: usize, per_thousand: usize| drop(black_box(vec![0_u8; 1 + n * per_thousand / 1000]));
    let sizes = [100_000, 1_000_000, 10_000_000];
    assert!(Growth::measure(sizes, |n| bytes(n, 1)).is_constant());
    let growth = Growth::measure(sizes, |n| bytes(n, 2));
    assert!(!growth.is_constant(), "{growth}");
    assert!((growth.slope() - 0.002).abs() < 1e-6, "{growth}");
}

#[test]
fn shrinking_is_constant() {
    let growth = Growth::measure(SIZES, |n| drop(black_box(vec![0_u8; 1_000_000 - n])));
    assert!(growth.is_constant() && (growth.slope() + 1.0).abs() < 1e-6, "{growth}");
    assert_eq!(growth.to_string().lines().next(), Some("memory is constant: it grows by -1.000000 bytes an item"));
}

#[test]
fn sizes_are_sorted_and_each_is_run_once_and_the_smallest_before() {
    let mut ran = Vec::with_capacity(8);
    let growth = Growth::measure([30, 10, 20, 10], |n| ran.push(n));
    assert_eq!(ran, [10, 10, 20, 30]);
    assert!(growth.points().iter().map(|(n, _)| *n).eq([10, 20, 30]));
}

#[test]
fn one_size_is_none() {
    for sizes in [vec![], vec![5], vec![5, 5]] {
        let text = text_of(|| drop(Growth::measure(sizes, |n| n)));
        assert_eq!(text, "growth is that between sizes: two of them are needed at least");
    }
}

#[test]
fn collecting_is_told() {
    fails(
        |n| numbers(n).collect::<Vec<_>>().len(),
        "
memory grows with the input, by 8.000 bytes an item
       items   peak in bytes
        1000            8000
       10000           80000
      100000          800000
likely cause: it grows with each item, and few allocations hold all of it: one buffer grows, as those of `collect`, of sorting, of `read_to_string`, and of a line without an end do",
    );
}

#[test]
fn sorting_is_told() {
    let growth = Growth::measure(SIZES, |n| itertools::Itertools::sorted(numbers(n)).len());
    let text = growth.to_string();
    assert!(text.contains("of sorting"), "{text}");
    assert!((12.0..17.0).contains(&growth.slope()), "{text}");
}

#[test]
fn kept_strings_are_told() {
    fails(
        |n| numbers(n).map(|n| format!("{n:020}")).collect::<Vec<_>>().len(),
        "
memory grows with the input, by 44.000 bytes an item
       items   peak in bytes
        1000           44000
       10000          440000
      100000         4400000
likely cause: it grows with each item, and each item has an allocation that is kept: `collect`, sorting, a map of all keys, or an unbounded channel whose receiver is behind",
    );
}

#[test]
fn kept_lines_are_told() {
    let kept = |n: usize| {
        let lines: Vec<_> = lines::read(log(n)).step_by(10).map(Result::unwrap).collect();
        lines.len()
    };
    let growth = Growth::measure([20_000, 40_000, 80_000, 160_000], |n| {
        let given = log(n);
        let growth = headwater::measure(|| lines::read(given).step_by(10).map(Result::unwrap).collect::<Vec<_>>());
        growth.0.len()
    });
    let _ = kept;
    let text = growth.to_string();
    assert!(text.contains("lines that are kept keep their blocks"), "{text}");
}

#[test]
fn an_unbounded_channel_is_told() {
    let growth = Growth::measure(SIZES, |n| {
        let (send, receive) = mpsc::channel();
        numbers(n).for_each(|n| send.send(n).unwrap());
        drop(send);
        receive.iter().count()
    });
    assert!(growth.to_string().contains("an unbounded channel keeps what its receiver has not taken"), "{growth}");
}

#[test]
fn a_leak_is_told() {
    let mut kept = Vec::new();
    let growth = Growth::measure(SIZES, |n| kept.push(numbers(n).collect::<Vec<_>>()));
    assert!(growth.to_string().contains("it is not freed at the end"), "{growth}");
}

#[test]
fn a_set_of_what_was_seen_is_told() {
    let growth = Growth::measure(SIZES, |n| {
        let mut seen = HashSet::new();
        numbers(n).map(|n| n.to_string().repeat(10)).filter(|text| seen.insert(text.len() * n)).count();
        let mut ends = Vec::with_capacity(n);
        ends.extend(numbers(n).map(|n| n.to_string().as_bytes()[0]));
        ends.len()
    });
    assert!(growth.to_string().contains("most of what is allocated is freed"), "{growth}");
}

#[test]
fn other_shapes_than_a_line_are_told() {
    let shape = |len: fn(usize) -> usize| {
        let growth = Growth::measure([1000, 4000, 16_000, 64_000], |n| drop(black_box(vec![0_u8; len(n)])));
        growth.to_string()
    };
    let contains = |text: String, shape: &str| assert!(text.contains(shape), "{text}");
    contains(shape(|n| 5 * n), "it grows with each item,");
    contains(shape(|n| 1000 * n.isqrt()), "it grows with the square root of the size,");
    contains(shape(|n| 100_000 * n.ilog2() as usize), "it grows with the logarithm of the size,");
    contains(shape(|n| n * n.ilog2() as usize), "it grows as n log n,");
    contains(shape(|n| n * n / 1000), "it grows with the square of the size,");
}

#[test]
fn sizes_that_are_too_small_are_told() {
    let growth = Growth::measure([10_000, 300_000, 600_000], |n| lines::read(log(n)).map_while(Result::ok).map(|line| line.len()).sum::<usize>());
    let text = growth.to_string();
    let _ = HashMap::<u8, u8>::new();
    assert!(text.contains("begins with a size that does not fill what is bounded") || growth.is_constant(), "{text}");
}

#[test]
fn the_panic_is_where_the_assertion_is() {
    let growth = Growth::process([10, 20], |n| n);
    assert_eq!(growth.points().len(), 2);
}
