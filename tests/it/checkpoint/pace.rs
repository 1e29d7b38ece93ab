//! When it is time to save.

use std::num::NonZeroU64;
use std::time::Duration;

use headwater::Checkpoint;
use headwater::retry::{Clock, FakeClock};

use super::Folder;

const SECOND: Duration = Duration::from_secs(1);

fn items(n: u64) -> NonZeroU64 {
    NonZeroU64::new(n).unwrap()
}

/// Which of some items it is time to save at, if it is then saved.
fn saved_at(kept: &mut Checkpoint<u64>, all: u64, between: impl Fn(u64)) -> Vec<u64> {
    let mut saved = Vec::new();
    for n in 1..=all {
        between(n);
        if kept.item_done() {
            kept.save(&n).unwrap();
            saved.push(n);
        }
    }
    saved
}

#[test]
fn every_so_many_items() {
    let folder = Folder::new();
    let kept = || folder.checkpoint().every(Duration::MAX);
    assert_eq!(saved_at(&mut kept().every_items(items(3)), 10, |_| ()), [3, 6, 9]);
    assert_eq!(saved_at(&mut kept().every_items(items(1)), 3, |_| ()), [1, 2, 3]);
    assert_eq!(saved_at(&mut kept().every_items(NonZeroU64::MAX), 10, |_| ()), [0; 0]);
    assert_eq!(saved_at(&mut kept(), 10, |_| ()), [0; 0]);
}

#[test]
fn every_so_much_time_since_the_first_item_or_the_last_save() {
    let folder = Folder::new();
    let clock = FakeClock::new();
    let mut kept = folder.checkpoint().clock(clock.clone()).every(4 * SECOND);
    clock.advance(100 * SECOND);
    assert_eq!(saved_at(&mut kept, 12, |_| clock.advance(SECOND)), [5, 9]);
    assert_eq!(saved_at(&mut kept, 2, |_| clock.advance(100 * SECOND)), [1, 2]);
    assert_eq!(saved_at(&mut kept, 9, |_| ()), [0; 0]);
    let mut always = folder.checkpoint().clock(clock).every(Duration::ZERO);
    assert_eq!(saved_at(&mut always, 3, |_| ()), [1, 2, 3]);
}

#[test]
fn every_second_unless_told_otherwise() {
    let folder = Folder::new();
    let clock = FakeClock::new();
    let mut kept = folder.checkpoint().clock(clock.clone());
    assert_eq!(saved_at(&mut kept, 9, |_| clock.advance(SECOND / 4)), [5, 9]);
}

#[test]
fn whichever_is_first() {
    let folder = Folder::new();
    let clock = FakeClock::new();
    let kept = folder.checkpoint().clock(clock.clone());
    let mut kept = kept.every(10 * SECOND).every_items(items(4));
    let slow = |n| clock.advance(if n % 7 == 0 { 11 * SECOND } else { Duration::ZERO });
    assert_eq!(saved_at(&mut kept, 15, slow), [4, 7, 11, 14]);
}

#[test]
fn it_stays_time_until_it_was_saved() {
    let folder = Folder::new();
    let mut kept = folder.checkpoint().every_items(items(2));
    assert_eq!([(); 5].map(|()| kept.item_done()), [false, true, true, true, true]);
    kept.save(&5).unwrap();
    assert!(!kept.item_done());
}

/// A clock that nobody may look at.
struct Hidden;

impl Clock for Hidden {
    fn now(&self) -> std::time::Instant {
        panic!("somebody looked at the clock");
    }

    fn sleep(&self, _: Duration, _: Option<&headwater::retry::Cancel>) {}
}

#[test]
fn without_a_limit_of_time_nobody_looks_at_the_clock() {
    let folder = Folder::new();
    let kept = folder.checkpoint().clock(Hidden).every(Duration::MAX);
    assert_eq!(saved_at(&mut kept.every_items(items(2)), 4, |_| ()), [2, 4]);
}
