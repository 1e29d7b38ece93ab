//! The smallest numbers have the same edges as the largest: every case, against a plain loop.

use std::fmt::Debug;
use std::ops::Bound;

use headwater::{Count, Countable, count};

use super::counts;
use crate::support::caught::panic_of;
use crate::support::random::Random;

/// A number that a wider one holds, and all that stand beside it.
pub(super) trait Small: Countable + Debug + Into<i32> + TryFrom<i32> {}
impl Small for u8 {}
impl Small for i8 {}

/// The same with a loop in numbers that do not overflow.
pub(super) fn looped<T: Small>(start: T, step: T, end: Bound<T>) -> Vec<T> {
    let (mut next, step): (i32, i32) = (start.into(), step.into());
    let is_before_end = |n: i32| match end {
        Bound::Unbounded => true,
        Bound::Included(last) => (last.into() - n) * step.signum() >= 0,
        Bound::Excluded(end) => (end.into() - n) * step.signum() > 0,
    };
    let mut numbers = Vec::new();
    while let Some(number) = T::try_from(next).ok().filter(|_| is_before_end(next)) {
        numbers.push(number);
        next += step;
    }
    numbers
}

/// Holds a count against the numbers that it should give: from either end, from both and in leaps.
fn gives<T: Small>(numbers: Count<T>, expected: &[T], seed: u64) {
    let context = format!("{numbers:?}");
    assert_eq!(numbers.size_hint(), (expected.len(), Some(expected.len())), "{context}");
    assert_eq!(numbers.clone().count(), expected.len(), "{context}");
    assert_eq!(numbers.clone().last(), expected.last().copied(), "{context}");
    assert!(numbers.clone().eq(expected.iter().copied()), "{context}");
    assert!(numbers.clone().rev().eq(expected.iter().rev().copied()), "{context}");

    let (mut numbers, mut rest, mut random) = (numbers, expected, Random::new(seed));
    for _ in 0..4 {
        let n = random.below(2 + expected.len() / 2);
        let is_front = random.coin();
        let given = if is_front { numbers.nth(n) } else { numbers.nth_back(n) };
        let index = if is_front { Some(n) } else { rest.len().checked_sub(n + 1) };
        assert_eq!(given, index.and_then(|index| rest.get(index)).copied(), "{context}");
        let cut = rest.len().min(n + 1);
        rest = if is_front { &rest[cut..] } else { &rest[..rest.len() - cut] };
        assert!(numbers.clone().eq(rest.iter().copied()), "{context}");
    }
}

/// Holds counts in these steps against loops, from every number and to every number.
fn gives_what_loops_give<T: Small>(steps: &[T]) {
    let all: Vec<T> = (-128..256).filter_map(|n| T::try_from(n).ok()).collect();
    assert_eq!(all.len(), 256);
    let mut seed = 0;
    for (&step, &start) in steps.iter().flat_map(|step| all.iter().map(move |n| (step, n))) {
        let unbounded = counts(start, step, Bound::Unbounded);
        gives(unbounded, &looped(start, step, Bound::Unbounded), seed);
        for &end in &all {
            seed += 1;
            // Both kinds of bounds are met with every number, beside every other.
            let end = if seed % 2 == 0 { Bound::Excluded(end) } else { Bound::Included(end) };
            gives(counts(start, step, end), &looped(start, step, end), seed);
        }
    }
}

#[test]
fn a_count_up_gives_what_a_loop_gives() {
    gives_what_loops_give::<u8>(&[2, 3, 7, 100, 127, 128, 255]);
    gives_what_loops_give::<i8>(&[2, 3, 7, 100, 127]);
}

#[test]
fn a_count_down_gives_what_a_loop_gives() {
    gives_what_loops_give::<i8>(&[-2, -3, -7, -100, -127, -128]);
}

#[test]
fn a_count_by_ones_gives_what_a_range_gives() {
    for start in i8::MIN..=i8::MAX {
        assert!(count(start).eq(start..=i8::MAX));
        for end in i8::MIN..=i8::MAX {
            assert!(count(start).until(end).eq(start..end));
            assert!(count(start).through(end).eq(start..=end));
            assert!(count(end).step(-1).through(start).rev().eq(start..=end));
        }
    }
    for start in 0..=u8::MAX {
        assert!(count(start).eq(start..=u8::MAX));
        assert!(count(0).until(start).eq(0..start));
        assert!(count(0).through(start).rev().eq((0..=start).rev()));
    }
}

#[test]
fn options_are_in_any_order_and_the_last_of_a_kind_holds() {
    assert!(count(10).until(0).step(-4).eq([10, 6, 2]));
    assert!(count(10).step(-4).until(0).eq([10, 6, 2]));
    assert!(count(0).step(9).until(1).through(10).step(5).eq([0, 5, 10]));
    let mut begun = count(1).through(9);
    begun.nth(3);
    assert!(begun.step(4).eq([1, 5, 9]), "an option has it begin again");
}

#[test]
fn steps_of_zero_panic() {
    let says = "a count in steps of 0 never gets anywhere";
    assert_eq!(panic_of(|| count(1).step(0)), says);
    assert_eq!(panic_of(|| count(1_u8).until(0).step(0)), says);
    assert_eq!(panic_of(|| count(i128::MAX).step(0)), says);
}
