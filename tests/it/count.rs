//! Counting: every edge of the small numbers against a plain loop, some of the large ones, positions.

use std::fmt::Debug;
use std::ops::Bound;

use headwater::{Count, Countable, Source as _, count};
use proptest::prelude::{Just, Strategy, any, prop_oneof};

use crate::support::caught::panic_of;
use crate::support::contract::{contract, contract_of_both_ends};
use crate::support::property::check;
use crate::support::random::Random;
use crate::support::resume::{resumes, resumes_at_both_ends, resumes_in_place};

fn counts<T: Countable>(start: T, step: T, end: Bound<T>) -> Count<T> {
    match end {
        Bound::Unbounded => count(start).step(step),
        Bound::Included(last) => count(start).step(step).through(last),
        Bound::Excluded(end) => count(start).step(step).until(end),
    }
}

/// A number that a wider one holds, and all that stand beside it.
trait Small: Countable + Debug + Into<i32> + TryFrom<i32> {}
impl Small for u8 {}
impl Small for i8 {}

/// The same with a loop in numbers that do not overflow.
fn looped<T: Small>(start: T, step: T, end: Bound<T>) -> Vec<T> {
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
        assert_eq!(numbers.len_and_ends(), (rest.len(), rest.first(), rest.last()), "{context}");
    }
}

/// What is left, as it can be compared.
trait Left<T> {
    fn len_and_ends(&self) -> (usize, Option<&T>, Option<&T>);
}
