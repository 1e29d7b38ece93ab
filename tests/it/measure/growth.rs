//! Growth: constant memory passes, anything else is shown, and is told what it is likely to be.

use std::hint::black_box;
use std::io::{self, Read};
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, mpsc};

use headwater::lines;
use headwater::measure::{Growth, assert_constant_memory};

use crate::support::own_process::in_its_own_process;
use crate::support::vast::Vast;

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

/// So many lines of 63 bytes.
fn log(n: usize) -> Vast {
    Vast::lines(64 * n as u64, 64)
}

#[test]
fn constant_memory_passes() {
    assert_constant_memory(SIZES, |n| numbers(n).max());
    assert_constant_memory(SIZES, |n| numbers(n).map(|n| n.to_string().len()).sum::<usize>());
    assert_constant_memory(SIZES, |_| black_box(vec![0_u8; 1 << 20]));
    let growth =
        Growth::measure(SIZES, |n| drop(black_box(vec![0_u8; 1000 + 200 * n.ilog10() as usize])));
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
    let bytes =
        |n: usize, per_thousand: usize| drop(black_box(vec![0_u8; 1 + n * per_thousand / 1000]));
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
    assert_eq!(
        growth.to_string().lines().next(),
        Some("memory is constant: it grows by -1.000000 bytes an item")
    );
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
(it is constant up to 0.001 bytes an item, or 1024 bytes in all)
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
fn kept_items_are_told() {
    fails(
        |n| numbers(n).map(|n| n.to_le_bytes().to_vec()).collect::<Vec<_>>().len(),
        "
memory grows with the input, by 32.000 bytes an item
(it is constant up to 0.001 bytes an item, or 1024 bytes in all)
       items   peak in bytes
        1000           32000
       10000          320000
      100000         3200000
likely cause: it grows with each item, and each item has an allocation that is kept: `collect`, sorting, a map of all keys, or an unbounded channel whose receiver is behind",
    );
}

#[test]
fn kept_lines_are_told() {
    let keep = |step: usize| {
        Growth::measure([100_000, 200_000, 400_000], move |n| {
            let lines = lines::read(log(n)).map(Result::unwrap).enumerate();
            lines.filter(|(index, _)| index % step == 0).collect::<Vec<_>>().len()
        })
    };
    let text = keep(2).to_string();
    assert!(text.contains("lines that are kept keep their blocks"), "{text}");
    let few = keep(1000).to_string();
    assert!(few.contains("most of what is allocated is freed"), "{few}");
}

#[test]
fn copies_of_some_lines_are_told() {
    let growth = Growth::measure(SIZES, |n| {
        let lines = lines::read(log(n)).map(Result::unwrap).step_by(10);
        lines.map(|line| line.clone().into_owned()).collect::<Vec<_>>().len()
    });
    let reason = ", and there are fewer allocations than items: lines that are kept keep their \
                  blocks (copy them by `into_owned`), or copies that are kept, or an unbounded \
                  channel, which keeps what its receiver has not taken";
    assert!(growth.to_string().ends_with(reason), "{growth}");
}

#[test]
fn lines_that_come_one_a_read_are_told() {
    fails_of(
        [100, 400, 1600],
        |n| {
            let log = OneLineARead(log(n));
            lines::read(log).collect::<Vec<_>>().len()
        },
        "it grows with each item, and most of what is allocated is freed: something small is kept \
         of each item, as a set of what was seen or an index, or each item itself, or a line now \
         and then, with its block",
    );
}

/// Gives a line of 64 bytes at each read.
struct OneLineARead(Vast);

impl Read for OneLineARead {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let len = buf.len().min(64);
        self.0.read(&mut buf[..len])
    }
}

#[test]
fn an_unbounded_channel_is_told() {
    let growth = Growth::measure(SIZES, |n| {
        let (send, receive) = mpsc::channel();
        numbers(n).for_each(|n| send.send(n).unwrap());
        drop(send);
        receive.iter().count()
    });
    assert!(
        growth
            .to_string()
            .contains("an unbounded channel, which keeps what its receiver has not taken"),
        "{growth}"
    );
}

#[test]
fn a_leak_is_told() {
    let mut kept = Vec::new();
    let growth = Growth::measure(SIZES, |n| kept.push(numbers(n).collect::<Vec<_>>()));
    assert!(growth.to_string().contains("it is not freed at the end"), "{growth}");
}

#[test]
fn something_small_of_each_item_is_told() {
    let growth = Growth::measure(SIZES, |n| {
        numbers(n).map(|n| n.to_string().as_bytes()[0]).collect::<Vec<_>>().len()
    });
    let text = growth.to_string();
    assert!(text.contains("something small is kept of each item"), "{text}");
}

#[test]
fn other_shapes_than_a_line_are_told() {
    let shape = |len: fn(usize) -> usize| {
        let growth =
            Growth::measure([1000, 4000, 16_000, 64_000], |n| drop(black_box(vec![0_u8; len(n)])));
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
    let count = |n: usize| lines::read(log(n)).map(|line| line.unwrap().len()).sum::<usize>();
    fails_of([100, 10_000, 20_000], count, TOO_SMALL);
    // Of an input of 10,000 numbers.
    let ended = |n: usize| numbers(n.min(10_000)).collect::<Vec<_>>().len();
    fails_of([1000, 100_000, 200_000], ended, TOO_SMALL);
}

const TOO_SMALL: &str = "it does not grow any more at the largest sizes, and begins with a size that \
                         does not fill what is bounded, or the input ended before its size";

/// Panics with this cause.
fn fails_of(sizes: [usize; 3], pipeline: impl FnMut(usize) -> usize, cause: &str) {
    let text = text_of(|| assert_constant_memory(sizes, pipeline));
    assert_eq!(text.lines().last(), Some(&*format!("likely cause: {cause}")), "{text}");
}

#[test]
fn the_panic_is_where_the_assertion_is() {
    static PLACE: Mutex<Option<(String, u32)>> = Mutex::new(None);
    in_its_own_process("measure::growth::the_panic_is_where_the_assertion_is", || {
        panic::set_hook(Box::new(|info| {
            let place = info.location().map(|place| (place.file().to_owned(), place.line()));
            *PLACE.lock().unwrap() = place;
        }));
        let here = line!() + 1;
        let fails = || assert_constant_memory(SIZES, |n| numbers(n).collect::<Vec<_>>());
        assert!(catch_unwind(fails).is_err());
        drop(panic::take_hook());
        assert_eq!(*PLACE.lock().unwrap(), Some((file!().to_owned(), here)));
    });
}

#[test]
fn a_process_can_grow() {
    in_its_own_process("measure::growth::a_process_can_grow", || {
        let in_a_thread = |n: usize| {
            let items = move || numbers(n).collect::<Vec<_>>().len();
            std::thread::spawn(items).join().unwrap()
        };
        let growth = Growth::process(SIZES, in_a_thread);
        assert!((growth.slope() - 8.0).abs() < 0.1 && !growth.is_constant(), "{growth}");
        assert!(Growth::measure(SIZES, in_a_thread).is_constant());
    });
}

#[test]
fn of_a_process_the_least_peak_of_several_runs_counts() {
    let name = "measure::growth::of_a_process_the_least_peak_of_several_runs_counts";
    in_its_own_process(name, || {
        let mut ran = Vec::with_capacity(16);
        let growth = Growth::process([10, 20], |n| {
            ran.push(n);
            // The first runs hold more.
            drop(black_box(vec![0_u8; if ran.len() % 5 == 0 { 1 << 20 } else { 1 << 21 }]));
        });
        assert_eq!(ran, [10, 10, 10, 10, 10, 10, 20, 20, 20, 20, 20]);
        let peaks = growth.points().iter().map(|(_, usage)| usage.peak() >> 20);
        assert!(peaks.eq([1, 1]), "{growth}");
    });
}

#[cfg(feature = "parallel")]
#[test]
fn threads_that_run_by_chance_are_constant_and_what_they_keep_is_not() {
    use headwater::prelude::*;

    let name = "measure::growth::threads_that_run_by_chance_are_constant_and_what_they_keep_is_not";
    in_its_own_process(name, || {
        let squares = |n: usize| (0..n as u64).parallel_map(|n| n * n);
        for _ in 0..10 {
            let growth = Growth::process(SIZES, |n| squares(n).max());
            assert!(growth.is_constant(), "{growth}");
        }
        let growth = Growth::process(SIZES, |n| squares(n).filter(|n| n % 8 == 0).count());
        assert!(growth.is_constant(), "{growth}");
        let growth = Growth::process(SIZES, |n| squares(n).step_by(8).collect::<Vec<_>>());
        assert!(!growth.is_constant(), "{growth}");
    });
}
