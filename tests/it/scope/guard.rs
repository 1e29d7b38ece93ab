//! `guard`: an iterator and a value that live as long.

use std::cell::Cell;
use std::iter;
use std::rc::Rc;

use headwater::guard;

use crate::support::caught::panic_of;
use crate::support::contract::{contract, contract_of_both_ends};
use crate::support::log::{Log, NotesDrop};
use crate::support::panics::Panics;

/// Numbers that note when they are dropped.
struct Noting<I>(I, #[expect(dead_code, reason = "for its drop")] NotesDrop);

impl<I: Iterator> Iterator for Noting<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        self.0.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<I: DoubleEndedIterator> DoubleEndedIterator for Noting<I> {
    fn next_back(&mut self) -> Option<I::Item> {
        self.0.next_back()
    }
}

fn guarded<I>(log: &Log, items: I) -> headwater::scope::Guard<Noting<I::IntoIter>, NotesDrop>
where
    I: IntoIterator,
{
    guard(Noting(items.into_iter(), log.drops("iterator")), log.drops("value"))
}

fn spilt(item: u32) -> u32 {
    assert!(item < 2, "spilt");
    item
}

#[test]
fn both_go_in_the_pull_that_gives_none() {
    let log = Log::default();
    let mut numbers = guarded(&log, 0..2);
    assert!(numbers.by_ref().take(2).eq(0..2));
    assert_eq!((log.take().as_str(), numbers.value().is_some()), ("", true));
    assert_eq!(numbers.next(), None);
    assert_eq!((log.take().as_str(), numbers.value().is_some()), ("iterator value", false));
    drop(numbers);
    assert_eq!(log.take(), "");
}

#[test]
fn every_method_that_finds_the_end_lets_them_go() {
    let log = Log::default();
    let mut numbers = guarded(&log, 0..2);
    assert_eq!(numbers.nth(1), Some(1));
    assert_eq!(log.take(), "");
    assert_eq!(numbers.nth(1), None);
    assert_eq!(log.take(), "iterator value");

    let mut numbers = guarded(&log, 0..2);
    assert_eq!((numbers.next_back(), numbers.next_back()), (Some(1), Some(0)));
    assert_eq!(log.take(), "");
    assert_eq!(numbers.next_back(), None);
    assert_eq!(log.take(), "iterator value");
    assert_eq!((numbers.next(), numbers.next_back(), numbers.nth(2)), (None, None, None));

    assert_eq!(guarded(&log, 0..2).nth_back(2), None);
    assert_eq!(log.take(), "iterator value");
    assert_eq!(guarded(&log, 0..2).count(), 2);
    assert_eq!(log.take(), "iterator value");
    assert_eq!(guarded(&log, 0..3).sum::<u32>(), 3);
    assert_eq!(log.take(), "iterator value");
    assert_eq!(guarded(&log, 0..3).rfold(0, |sum, n| sum + n), 3);
    assert_eq!(log.take(), "iterator value");
    assert_eq!(guarded(&log, 0..3).last(), Some(2));
    assert_eq!(log.take(), "iterator value");
}

#[test]
fn both_go_with_the_guard() {
    let log = Log::default();
    for pulls in 0..=2 {
        let mut numbers = guarded(&log, 0..2);
        assert_eq!(numbers.by_ref().take(pulls).count(), pulls);
        assert_eq!(log.take(), "");
        drop(numbers);
        assert_eq!(log.take(), "iterator value", "after {pulls}");
    }
}

#[test]
fn both_go_when_the_iterator_panics() {
    let log = Log::default();
    let mut numbers = guarded(&log, (0..4).map(spilt));
    assert!(numbers.by_ref().take(2).eq(0..2));
    assert_eq!(panic_of(|| numbers.next()), "spilt");
    assert_eq!(log.take(), "iterator value", "in that pull");
    assert_eq!((numbers.next(), numbers.size_hint()), (None, (0, Some(0))));
    assert!(numbers.value().is_none());

    let mut numbers = guarded(&log, (0..4).map(spilt));
    assert_eq!(panic_of(|| numbers.next_back()), "spilt");
    assert_eq!(log.take(), "iterator value");
    assert_eq!(numbers.next_back(), None);
    let mut numbers = guarded(&log, (0..4).map(spilt));
    assert_eq!(panic_of(|| numbers.nth(2)), "spilt");
    assert_eq!(log.take(), "iterator value");
}

#[test]
fn both_go_when_a_whole_pass_panics() {
    let log = Log::default();
    assert_eq!(panic_of(|| guarded(&log, (0..4).map(spilt)).count()), "spilt");
    assert_eq!(log.take(), "iterator value");
    assert_eq!(panic_of(|| guarded(&log, (0..4).map(spilt)).sum::<u32>()), "spilt");
    assert_eq!(log.take(), "iterator value");
    assert_eq!(panic_of(|| guarded(&log, 0..4).for_each(|n| _ = spilt(n))), "spilt");
    assert_eq!(log.take(), "iterator value");
}

#[test]
fn an_iterator_that_is_not_fused_is_not_pulled_after_its_end() {
    let pulls = Cell::new(0);
    let on_and_off = iter::from_fn(|| {
        pulls.set(pulls.get() + 1);
        (pulls.get() % 2 == 1).then(|| pulls.get())
    });
    let mut numbers = guard(on_and_off, ());
    assert_eq!(numbers.next(), Some(1));
    for _ in 0..3 {
        assert_eq!((numbers.next(), numbers.nth(1)), (None, None));
    }
    assert_eq!(pulls.get(), 2);
    assert_eq!(numbers.size_hint(), (0, Some(0)));
    assert_eq!(numbers.fold(7, |sum, n: u32| sum + n), 7);
}

#[test]
fn it_keeps_the_contract_of_an_iterator_from_both_ends() {
    contract(|| guard(0..5, ()), |item| item);
    contract_of_both_ends(|| guard(vec![3, 1, 2], Rc::new(())), |item| item);
    contract(|| guard(iter::empty::<u32>(), ()), |item| item);
    let (mut numbers, mut lens) = (guard(0..3, ()), Vec::new());
    while numbers.next_back().is_some() {
        lens.push(numbers.len());
    }
    assert_eq!((lens, numbers.len()), (vec![2, 1, 0], 0));
}

#[test]
fn building_one_pulls_nothing() {
    let untouched = guard(Panics, "value");
    assert_eq!(untouched.value(), Some(&"value"));
    assert_eq!(untouched.size_hint(), (0, None));
}

#[test]
fn a_file_is_there_until_its_last_line() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path().to_owned();
    std::fs::write(&path, "one\ntwo\n").unwrap();
    let mut lines = guard(headwater::lines(&path).unwrap(), file);
    assert_eq!(lines.by_ref().take(2).count(), 2);
    assert!(path.exists());
    assert!(lines.next().is_none());
    assert!(!path.exists());
}
