//! Positions behind a parallel map: those of what was given, whatever is under way.

use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Instant;

use headwater::prelude::*;
use headwater::{Retry, lines, try_unfold};

use super::{PATIENCE, busy, n, pool};
use crate::support::handles::Handles;
use crate::support::resume::{resumes, resumes_in_place};

/// Numbers up to 12, that fail where they are told to, as often as there are such numbers.
fn faulty(faults: &[u32]) -> impl Source<Position = u32> + Iterator<Item = Result<u32, u32>> {
    let mut faults = faults.to_vec();
    try_unfold(0, move |&number| match faults.iter().position(|fault| *fault == number) {
        Some(index) => Err(faults.swap_remove(index)),
        None => Ok((number < 12).then_some((number, number + 1))),
    })
}

fn tenfold(item: Result<u32, u32>) -> Result<u32, u32> {
    busy(item.unwrap_or(3) as usize * 7 % 10);
    item.map(|number| number * 10)
}

#[test]
fn the_resume_law_holds() {
    for bound in [1, 2, 5, 30] {
        let whole = || faulty(&[]).parallel_map_source(tenfold).bound(n(bound));
        resumes(whole, |item| item);
        resumes_in_place(whole, |item| item);
        resumes(|| faulty(&[7]).parallel_map_source(tenfold).bound(n(bound)), |item| item);
    }
}

#[test]
fn the_position_is_that_behind_the_last_result() {
    for bound in [1, 2, 5, 30] {
        let mut mapped = faulty(&[]).parallel_map_source(tenfold).bound(n(bound));
        for number in 0..12 {
            assert_eq!(mapped.position(), number);
            assert_eq!(mapped.next(), Some(Ok(number * 10)));
        }
        assert_eq!((mapped.position(), mapped.next(), mapped.position()), (12, None, 12));
    }
}

#[test]
fn a_source_that_ends_further_on_says_so_at_its_end() {
    let log = || lines::read(&b"a\nb\na\nb\nb\n"[..]).containing("a");
    let mut mapped = log().parallel_map_source(|line| line.map(|line| line.offset()));
    let positions = [2, 6].map(|position| {
        assert!(mapped.next().unwrap().is_ok());
        assert_eq!(mapped.position().offset(), position);
        position
    });
    assert_eq!((positions.len(), mapped.next().is_none()), (2, true));
    assert_eq!(mapped.position().offset(), 10);
}

#[test]
fn a_retry_behind_the_map_loses_nothing_and_repeats_nothing() {
    let expected: Vec<_> = (0..12).map(|number| number * 10).collect();
    for bound in [1, 2, 5, 30] {
        for fault in 0..=12 {
            for faults in [&[fault][..], &[fault, fault, 9, 9], &[0, fault, 11]] {
                let mapped = faulty(faults).parallel_map_source(tenfold).bound(n(bound));
                let healed = mapped.retry(Retry::immediately().max_attempts(10));
                assert_eq!(healed.map(Result::unwrap).collect::<Vec<_>>(), expected);
            }
        }
    }
}

#[test]
fn whether_it_can_recover_is_said_of_the_error_that_was_given() {
    /// Gives numbers, and errors that alternate between such as pass and such as stay.
    struct Alternating(u32);

    impl Iterator for Alternating {
        type Item = Result<u32, u32>;

        fn next(&mut self) -> Option<Result<u32, u32>> {
            self.0 += 1;
            Some(Err(self.0))
        }
    }

    impl Source for Alternating {
        type Position = u32;

        fn position(&self) -> u32 {
            self.0
        }

        fn resume_at(&mut self, at: u32) {
            self.0 = at;
        }

        fn can_recover(&self) -> bool {
            self.0.is_multiple_of(2)
        }
    }

    let mut mapped = Alternating(0).parallel_map_source(|item| item).bound(n(5));
    for number in 1..20 {
        assert_eq!(mapped.next(), Some(Err(number)));
        assert_eq!((mapped.can_recover(), mapped.position()), (number % 2 == 0, number));
    }
}

#[test]
fn resuming_lets_go_of_what_is_under_way() {
    let handles = Handles::default();
    pool(2).install(|| {
        let results = handles.clone();
        let mapped = faulty(&[]).parallel_map_source(move |item| (item, results.handle(())));
        let mut mapped = mapped.bound(n(6));
        for number in [0, 7, 2, 11, 12, 5] {
            mapped.resume_at(number);
            assert_eq!((handles.live(), mapped.position()), (0, number));
            let item = mapped.next();
            assert_eq!(item.as_ref().map(|item| item.0), (number < 12).then_some(Ok(number)));
            let begun = Instant::now();
            while number < 11 && handles.live() < 2 {
                assert!(begun.elapsed() < PATIENCE, "nothing is done ahead");
                thread::yield_now();
            }
        }
    });
    assert_eq!(handles.live(), 0);
}

#[test]
fn after_a_panic_the_same_map_goes_on_before_the_item() {
    let mut panics = 3;
    let source = faulty(&[]);
    let panics_at_8 = AtomicBool::new(true);
    let mapped = source.parallel_map_source(move |item| {
        if item == Ok(8) && panics_at_8.swap(false, Ordering::SeqCst) {
            panic::resume_unwind(Box::new("stop"));
        }
        item
    });
    let mut mapped = mapped.bound(n(4));
    let mut given = Vec::new();
    while panics > 0 {
        match panic::catch_unwind(AssertUnwindSafe(|| mapped.next())) {
            Ok(Some(item)) => given.push(item.unwrap()),
            Ok(None) => break,
            Err(_) => {
                panics -= 1;
                assert_eq!((mapped.position(), mapped.next()), (8, None));
                mapped.resume_at(mapped.position());
            }
        }
    }
    assert_eq!((panics, given), (2, (0..12).collect()));
}

#[cfg(feature = "checkpoint")]
#[test]
fn a_checkpoint_behind_the_map_loses_nothing_whenever_it_stops() {
    use std::num::NonZeroU64;

    use headwater::Checkpoint;

    let folder = tempfile::tempdir().unwrap();
    for stop in 0..12 {
        let path = folder.path().join(stop.to_string());
        let open = || {
            let mapped = faulty(&[]).parallel_map_source(tenfold).bound(n(5));
            mapped.checkpointed(Checkpoint::new(&path).every_items(NonZeroU64::MIN)).unwrap()
        };
        let mut first = open();
        let mut given: Vec<_> = first.by_ref().take(stop).map(Result::unwrap).collect();
        first.finish().unwrap();
        given.extend(open().map(Result::unwrap));
        assert_eq!(given, (0..12).map(|number| number * 10).collect::<Vec<_>>());
    }
}
