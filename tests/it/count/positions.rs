//! What is overridden, and going on at a position.

use std::ops::Bound;

use headwater::{Count, Source as _, count};

use super::small::looped;
use crate::support::contract::{contract, contract_of_both_ends};
use crate::support::resume::{resumes, resumes_at_both_ends, resumes_in_place};

/// Counts of a dozen numbers at most.
fn short_counts() -> Vec<Count<i8>> {
    vec![
        count(0).until(0),
        count(5).until(5).step(-1),
        count(7).through(7),
        count(1).through(9),
        count(i8::MAX - 4),
        count(i8::MIN + 4).step(-1),
        count(100).step(5),
        count(-100).step(-5),
        count(50).step(-13).until(-60),
        count(i8::MAX).step(i8::MIN),
        count(i8::MIN).step(i8::MAX),
    ]
}

#[test]
fn a_count_keeps_the_contract_of_iterators() {
    for numbers in short_counts() {
        contract(|| numbers.clone(), |n| n);
        contract_of_both_ends(|| numbers.clone(), |n| n);
    }
}

#[test]
fn a_count_goes_on_at_any_of_its_positions() {
    for numbers in short_counts() {
        resumes(|| numbers.clone(), Ok::<_, ()>);
        resumes_in_place(|| numbers.clone(), Ok::<_, ()>);
        resumes_at_both_ends(|| numbers.clone(), Ok::<_, ()>);
    }
}

#[test]
fn a_position_is_the_next_number_at_either_end() {
    let mut numbers = count(1).step(4).through(20);
    assert_eq!(numbers.position(), Some((1, 17)));
    assert_eq!((numbers.next(), numbers.position()), (Some(1), Some((5, 17))));
    assert_eq!((numbers.next_back(), numbers.position()), (Some(17), Some((5, 13))));
    assert_eq!((numbers.nth(1), numbers.position()), (Some(9), Some((13, 13))));
    assert_eq!((numbers.next(), numbers.position()), (Some(13), None));
    assert_eq!((numbers.next(), numbers.position()), (None, None));
    assert_eq!(count(3).step(-1).until(0).position(), Some((3, 1)));
    assert_eq!(count(0_u8).position(), Some((0, 255)));
    assert_eq!(count(0).until(0).position(), None);
}

/// What is resumed need not be what the position is of.
#[test]
fn a_count_that_is_resumed_anywhere_counts_from_there_in_its_steps() {
    for step in [1, 3, 100, i8::MAX, -1, -3, -100, i8::MIN] {
        let mut numbers = count(0).step(step).until(0);
        for start in i8::MIN..=i8::MAX {
            for last in i8::MIN..=i8::MAX {
                numbers.resume_at(Some((start, last)));
                let expected = looped(start, step, Bound::Included(last));
                assert_eq!(numbers.size_hint().0, expected.len(), "{start}, {last}, in {step}");
                assert_eq!(numbers.clone().last(), expected.last().copied());
                if (-20..20).contains(&start) {
                    assert!(numbers.by_ref().eq(expected), "{start}, {last}, in {step}");
                    assert_eq!(numbers.next_back(), None);
                }
            }
        }
        numbers.resume_at(None);
        assert_eq!(numbers.next(), None);
    }
}

#[cfg(feature = "serde")]
#[test]
fn a_position_can_be_written_down() {
    let mut numbers = count(10_u64).step(10).through(99);
    numbers.nth(4);
    let written = serde_json::to_string(&numbers.position()).unwrap();
    assert_eq!(written, "[60,90]");
    let mut resumed = count(0).step(10);
    resumed.resume_at(serde_json::from_str(&written).unwrap());
    assert!(resumed.eq(numbers));
}

#[test]
fn a_count_can_be_printed() {
    let printed = format!("{:?}", count(1).through(9).step(4));
    assert!(printed.contains("left: Some((1, 9))") && printed.contains("step: 4"), "{printed}");
}
