//! Iterators of a state and a function.

use std::cell::Cell;
use std::iter::FusedIterator;

use headwater::{Source, try_unfold, unfold};

use crate::support::caught::panic_of;
use crate::support::contract::contract;
use crate::support::resume::{resumes, resumes_in_place};

/// The numbers from `state` down to 1.
fn countdown(state: u32) -> impl FusedIterator<Item = u32> + Source<Position = u32> {
    unfold(state, |&n| Some((n, n.checked_sub(1)?)))
}

/// The same, and fails at 0 if it `fails`.
fn failing(
    state: u32,
    fails: bool,
) -> impl FusedIterator<Item = Result<u32, &'static str>> + Source<Position = u32> {
    try_unfold(state, move |&n| match n.checked_sub(1) {
        Some(next) => Ok(Some((n, next))),
        None if fails => Err("dry"),
        None => Ok(None),
    })
}

#[test]
fn the_function_is_not_called_before_the_first_pull() {
    fn spilt<T, S>(_: &S) -> T {
        panic!("spilt");
    }
    let mut lazy = unfold(1, spilt::<Option<((), u32)>, _>);
    assert_eq!((lazy.position(), lazy.size_hint()), (1, (0, None)));
    lazy.resume_at(2);
    assert_eq!(lazy.by_ref().map(drop).peekable().take(0).count(), 0);
    assert_eq!(panic_of(|| lazy.next()), "spilt");
    let mut lazy = try_unfold(1, spilt::<Result<Option<((), u32)>, ()>, _>);
    lazy.resume_at(2);
    assert_eq!((lazy.position(), lazy.size_hint()), (2, (0, None)));
    assert_eq!(panic_of(|| lazy.next()), "spilt");
}

#[test]
fn a_position_is_the_state_of_the_next_item() {
    let mut numbers = countdown(3);
    for n in (1..=3).rev() {
        assert_eq!((numbers.position(), numbers.next()), (n, Some(n)));
    }
    assert_eq!((numbers.position(), numbers.next(), numbers.position()), (0, None, 0));
    let mut numbers = failing(1, true);
    assert_eq!((numbers.next(), numbers.position()), (Some(Ok(1)), 0));
    assert_eq!((numbers.next(), numbers.position()), (Some(Err("dry")), 0));
}

#[test]
fn both_keep_the_contract_of_iterators() {
    for len in 0..6 {
        contract(|| countdown(len), |n| n);
        contract(|| failing(len, true), |result| result);
        contract(|| failing(len, false), |result| result);
    }
}

#[test]
fn both_go_on_at_any_of_their_positions() {
    for len in 0..12 {
        resumes(|| countdown(len), Ok::<_, ()>);
        resumes_in_place(|| countdown(len), Ok::<_, ()>);
        for fails in [false, true] {
            resumes(|| failing(len, fails), |result| result);
            resumes_in_place(|| failing(len, fails), |result| result);
        }
    }
}

#[test]
fn an_end_is_final_until_it_is_resumed() {
    let calls = Cell::new(0);
    let mut once = unfold(0, |&n| {
        calls.set(calls.get() + 1);
        (calls.get() != 2).then_some((n, n + 1))
    });
    assert_eq!([once.next(), once.next(), once.next(), once.next()], [Some(0), None, None, None]);
    assert_eq!((calls.get(), once.size_hint()), (2, (0, Some(0))));
    once.resume_at(once.position());
    assert_eq!((once.size_hint(), once.next(), once.next()), ((0, None), Some(1), Some(2)));
}

#[test]
fn an_error_is_given_once_and_resuming_tries_again() {
    let failures = Cell::new(2);
    let mut pages = try_unfold(0, |&page| {
        if page == 2 && failures.get() > 0 {
            failures.set(failures.get() - 1);
            return Err("503");
        }
        Ok((page < 4).then_some((page, page + 1)))
    });
    assert!(pages.by_ref().eq([Ok(0), Ok(1), Err("503")]));
    assert_eq!((pages.next(), pages.size_hint(), pages.position()), (None, (0, Some(0)), 2));
    assert_eq!(failures.get(), 1, "it is not called after its error");
    pages.resume_at(pages.position());
    assert!(pages.by_ref().eq([Err("503")]));
    pages.resume_at(pages.position());
    assert!(pages.eq([Ok(2), Ok(3)]));
}

#[test]
fn a_function_that_panics_leaves_the_position_as_it_was() {
    let panics = Cell::new(true);
    let dry = |n: u32| assert!(n != 2 || !panics.replace(false), "spilt");
    let mut numbers = unfold(0, |&n| {
        dry(n);
        Some((n, n + 1))
    });
    assert!(numbers.by_ref().take(2).eq([0, 1]));
    assert_eq!(panic_of(|| numbers.next()), "spilt");
    assert_eq!((numbers.position(), numbers.size_hint()), (2, (0, None)));
    assert!(numbers.take(2).eq([2, 3]), "it is tried again");

    panics.set(true);
    let mut numbers = try_unfold(0, |&n| {
        dry(n);
        Ok::<_, ()>(Some((n, n + 1)))
    });
    assert!(numbers.by_ref().take(2).eq([Ok(0), Ok(1)]));
    assert_eq!(panic_of(|| numbers.next()), "spilt");
    assert_eq!((numbers.position(), numbers.next()), (2, Some(Ok(2))));
}

#[test]
fn a_state_need_not_be_a_position() {
    struct Opaque(u32);

    let numbers = unfold(Opaque(3), |Opaque(n)| Some((*n, Opaque(n.checked_sub(1)?))));
    assert!(numbers.eq([3, 2, 1]));
}

#[test]
fn a_clone_goes_its_own_way() {
    let mut numbers = unfold(0, |&n| Some((n, n + 1)));
    numbers.next();
    let mut other = numbers.clone();
    assert_eq!(other.nth(5), Some(6));
    assert_eq!((numbers.next(), other.next()), (Some(1), Some(7)));
}

#[test]
fn the_state_is_printed_and_the_function_is_not() {
    let mut numbers = unfold(7, |&n: &u32| Some((n, n.checked_sub(8)?)));
    assert_eq!(format!("{numbers:?}"), "Unfold { state: 7, is_over: false, .. }");
    numbers.next();
    assert_eq!(format!("{numbers:?}"), "Unfold { state: 7, is_over: true, .. }");
    let numbers = try_unfold(7, |&n: &u32| Ok::<_, ()>(Some((n, n))));
    assert_eq!(format!("{numbers:?}"), "TryUnfold { state: 7, is_over: false, .. }");
}

#[cfg(feature = "serde")]
#[test]
fn a_position_can_be_written_down() {
    let pages = |state: (u32, String)| {
        unfold(state, |(page, cursor)| {
            (*page < 9).then(|| (*page, (page + 1, format!("{cursor}{page}"))))
        })
    };
    let mut source = pages((0, String::new()));
    source.nth(4);
    let written = serde_json::to_string(&source.position()).unwrap();
    assert_eq!(written, r#"[5,"01234"]"#);
    assert!(pages(serde_json::from_str(&written).unwrap()).eq(source));
}
