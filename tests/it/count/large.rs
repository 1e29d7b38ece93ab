//! The edges of the largest numbers, and lengths that no `usize` holds.

use std::fmt::Debug;
use std::ops::Bound;

use headwater::{Countable, count};
use proptest::prelude::{Just, Strategy, any, prop_oneof};

use super::counts;
use crate::support::property::check;

#[test]
fn the_largest_numbers_have_edges_too() {
    assert!(count(u128::MAX - 1).eq([u128::MAX - 1, u128::MAX]));
    assert!(count(0).step(u128::MAX).eq([0, u128::MAX]));
    assert!(count(1).step(u128::MAX).eq([1]));
    assert!(count(i128::MAX).step(i128::MIN).eq([i128::MAX, -1]));
    assert!(count(i128::MIN).step(i128::MAX).eq([i128::MIN, -1, i128::MAX - 1]));
    assert!(count(i128::MIN + 1).step(-1).rev().eq([i128::MIN, i128::MIN + 1]));
    assert!(count(i64::MIN).step(i64::MAX).until(i64::MAX).eq([i64::MIN, -1, i64::MAX - 1]));
    assert_eq!(count(isize::MIN).until(isize::MIN).next(), None);
    assert_eq!(count(isize::MAX).step(-1).until(isize::MAX).next(), None);
    assert_eq!(count(i128::MIN).nth_back(0), Some(i128::MAX));
    assert_eq!(count(0_u128).step(2).last(), Some(u128::MAX - 1));
}

#[test]
fn a_length_that_no_usize_holds_is_at_least_the_largest() {
    const MOST: usize = usize::MAX;
    assert_eq!(count(1_usize).size_hint(), (MOST, Some(MOST)));
    assert_eq!(count(0_usize).size_hint(), (MOST, None));
    assert_eq!(count(0_usize).step(2).size_hint(), (MOST / 2 + 1, Some(MOST / 2 + 1)));
    assert_eq!(count(isize::MIN).size_hint(), (MOST, None));
    assert_eq!(count(0_u128).size_hint(), (MOST, None));
    assert_eq!(count(i128::MIN).size_hint(), (MOST, None));
    assert_eq!(count(u128::MAX - MOST as u128).size_hint(), (MOST, None));
    assert_eq!(count(u128::MAX - MOST as u128 + 1).size_hint(), (MOST, Some(MOST)));
    assert_eq!(count(1_usize).count(), MOST);
}

#[test]
fn leaps_of_any_size_end_where_they_should() {
    let mut numbers = count(0_u128);
    assert_eq!(numbers.nth(usize::MAX), Some(usize::MAX as u128));
    assert_eq!(numbers.next(), Some(1 << usize::BITS));
    let mut numbers = count(0_usize);
    assert_eq!((numbers.nth(usize::MAX), numbers.next()), (Some(usize::MAX), None));
    let mut numbers = count(1_usize);
    assert_eq!((numbers.nth(usize::MAX), numbers.next_back()), (None, None));
    let mut numbers = count(1_usize);
    assert_eq!((numbers.nth_back(usize::MAX), numbers.next()), (None, None));
    let mut numbers = count(0_u8).step(2);
    assert_eq!((numbers.nth(128), numbers.size_hint()), (None, (0, Some(0))));
}

/// Holds a count against arithmetic in 128 bits, from both ends.
fn gives_what_arithmetic_gives<T>(start: T, step: T, end: Bound<T>, leap: usize)
where
    T: Countable + Debug + TryFrom<i128> + Into<i128>,
{
    let (from, by): (i128, i128) = (start.into(), step.into());
    let is_in = |n: i128| match end {
        Bound::Unbounded => true,
        Bound::Included(last) => (last.into() - n) * by.signum() >= 0,
        Bound::Excluded(end) => (end.into() - n) * by.signum() > 0,
    };
    let at = |k: i128| {
        let number = k.checked_mul(by)?.checked_add(from)?;
        T::try_from(number).ok().filter(|&n| is_in(n.into()))
    };
    let numbers = counts(start, step, end);
    let head: Vec<T> = (0..20).map_while(at).collect();
    assert!(numbers.clone().take(20).eq(head.iter().copied()), "{numbers:?}");
    assert_eq!(numbers.clone().nth(leap), at(leap as i128), "{numbers:?}");
    let Some(last) = numbers.clone().last() else {
        return assert!(head.is_empty(), "{numbers:?}");
    };
    let steps = (last.into() - from) / by;
    assert_eq!((at(steps), at(steps + 1)), (Some(last), None), "{numbers:?}");
    assert_eq!(numbers.size_hint().1, usize::try_from(steps + 1).ok(), "{numbers:?}");
    let tail = (0..20.min(steps + 1)).filter_map(|k| at(steps - k));
    assert!(numbers.clone().rev().take(20).eq(tail), "{numbers:?}");
    let leap = leap as i128;
    let from_back = if leap > steps { None } else { at(steps - leap) };
    assert_eq!(numbers.clone().nth_back(leap.try_into().unwrap()), from_back, "{numbers:?}");
}

/// Numbers near the edges of their type, in its middle and anywhere.
fn edgy<T>(min: T, max: T) -> impl Strategy<Value = T>
where
    T: Countable + Debug + TryFrom<i128> + Into<i128> + 'static,
{
    let near = |edge: T| {
        (-20..=20_i128).prop_filter_map("over the edge", move |n| T::try_from(edge.into() + n).ok())
    };
    let anywhere = (min.into()..=max.into()).prop_filter_map("none", |n| T::try_from(n).ok());
    prop_oneof![near(min), near(max), near(T::default()), anywhere]
}

fn ends<T: Countable + Debug + 'static>(
    numbers: impl Strategy<Value = T>,
) -> impl Strategy<Value = Bound<T>> {
    (numbers, 0..3).prop_map(|(end, kind)| match kind {
        0 => Bound::Unbounded,
        1 => Bound::Included(end),
        _ => Bound::Excluded(end),
    })
}

#[test]
fn large_numbers_are_counted_as_small_ones_are() {
    let leaps = || prop_oneof![0..30_usize, any::<usize>(), Just(usize::MAX)];
    let signed = || edgy(i64::MIN, i64::MAX);
    let values = (signed(), signed(), ends(signed()), leaps());
    check(3000, &values, |(start, step, end, leap)| {
        if step != 0 {
            gives_what_arithmetic_gives(start, step, end, leap);
        }
    });
    let unsigned = || edgy(u64::MIN, u64::MAX);
    let values = (unsigned(), unsigned(), ends(unsigned()), leaps());
    check(3000, &values, |(start, step, end, leap)| {
        if step != 0 {
            gives_what_arithmetic_gives(start, step, end, leap);
        }
    });
}
