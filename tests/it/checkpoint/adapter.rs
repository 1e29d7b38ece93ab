//! Sources that keep their position themselves.

use std::num::NonZeroU64;
use std::time::Duration;

use headwater::checkpoint::Checkpointed;
use headwater::retry::FakeClock;
use headwater::{Checkpoint, lines, prelude::*, try_unfold};

use super::Folder;
use crate::support::caught::panic_of;
use crate::support::contract::{contract, contract_of_both_ends};
use crate::support::resume::{resumes, resumes_at_both_ends, resumes_in_place};

type Numbers = headwater::TryUnfold<u32, fn(&u32) -> Result<Option<(u32, u32)>, &'static str>>;

/// The numbers from 0 to 19. The position behind each is the next.
fn numbers(kept: Checkpoint<u32>) -> Checkpointed<Numbers> {
    let next: fn(&u32) -> _ = |&n| Ok((n < 20).then_some((n, n + 1)));
    try_unfold(0, next).checkpointed(kept).unwrap()
}

fn every(folder: &Folder, items: u64) -> Checkpoint<u32> {
    folder.checkpoint().every_items(NonZeroU64::new(items).unwrap()).every(Duration::MAX)
}

fn loaded(folder: &Folder) -> Option<u32> {
    folder.checkpoint().load().unwrap()
}

#[test]
fn an_item_is_done_when_the_next_is_asked_for() {
    let folder = Folder::new();
    let mut numbers = numbers(every(&folder, 1));
    assert_eq!(loaded(&folder), None);
    for n in 0..20 {
        assert_eq!(numbers.next().unwrap().unwrap(), n);
        assert_eq!(loaded(&folder), n.checked_sub(1).map(|_| n), "{n} is still in work");
    }
    assert!(numbers.next().is_none());
    assert_eq!(loaded(&folder), Some(20));
}

#[test]
fn what_is_killed_at_any_item_is_gone_on_with_and_nothing_is_lost() {
    for items in [1, 3] {
        for killed in (0..20).step_by(3) {
            let folder = Folder::new();
            let mut done: Vec<u32> = Vec::new();
            // A kill is a source that is dropped: it saves nothing.
            done.extend(numbers(every(&folder, items)).take(killed).map(Result::unwrap));
            let repeated = killed - loaded(&folder).unwrap_or(0) as usize;
            assert!(repeated as u64 <= items, "{repeated} of {items} after {killed}");
            let rest: Vec<u32> = numbers(every(&folder, items)).map(Result::unwrap).collect();
            done.truncate(killed - repeated);
            assert!(done.into_iter().chain(rest).eq(0..20), "killed at {killed}");
        }
    }
}

#[test]
fn what_is_finished_at_any_item_is_gone_on_with_and_nothing_is_repeated() {
    let folder = Folder::new();
    let mut seen = Vec::new();
    for taken in [0, 1, 3, 0, 7, 2] {
        let mut numbers = numbers(every(&folder, 1000));
        seen.extend(numbers.by_ref().take(taken).map(Result::unwrap));
        numbers.finish().unwrap();
    }
    seen.extend(numbers(every(&folder, 1000)).map(Result::unwrap));
    assert!(seen.into_iter().eq(0..20));
}

#[test]
fn a_panic_does_not_count_the_item_as_done() {
    let folder = Folder::new();
    let work = |n: u32| if n == 5 { panic!("spilt at {n}") } else { n };
    let all = || numbers(every(&folder, 1)).map(Result::unwrap).map(work).count();
    for _ in 0..3 {
        assert_eq!(panic_of(all), "spilt at 5");
        assert_eq!(loaded(&folder), Some(5));
    }
}

#[test]
fn a_stretch_that_is_filtered_out_counts() {
    let folder = Folder::new();
    let nothing = |n: &u32| {
        assert_eq!(loaded(&folder), (*n >= 4).then_some(n / 4 * 4), "at {n}");
        false
    };
    assert_eq!(numbers(every(&folder, 4)).map(Result::unwrap).filter(nothing).count(), 0);
    assert_eq!(loaded(&folder), Some(20));
}

#[test]
fn it_is_saved_when_time_has_passed() {
    let folder = Folder::new();
    let clock = FakeClock::new();
    let kept = folder.checkpoint().every(Duration::from_secs(5)).clock(clock.clone());
    let mut saved = Vec::new();
    for n in numbers(kept).map(Result::unwrap) {
        clock.advance(Duration::from_secs(2));
        saved.push(loaded(&folder));
        assert_eq!(n as usize + 1, saved.len());
    }
    let (before, first, second) = (None, Some(4), Some(7));
    let expected = [before, before, before, before, first, first, first, second];
    assert_eq!(saved[..8], expected);
}

#[test]
fn a_source_without_items_is_kept_too() {
    let folder = Folder::new();
    let path = folder.0.path().join("empty.log");
    std::fs::write(&path, "").unwrap();
    let open = |path| headwater::lines(path).unwrap().checkpointed(folder.checkpoint()).unwrap();
    assert_eq!(open(&path).count(), 0);
    let kept: Option<lines::Position> = folder.checkpoint().load().unwrap();
    assert_eq!(kept.unwrap().path(), Some(path.as_path()));
}

#[test]
fn a_file_that_grew_is_gone_on_with_and_another_is_an_error() {
    use headwater::checkpoint::Failed;
    let folder = Folder::new();
    let path = folder.0.path().join("app.log");
    let read = || {
        let log = headwater::lines(&path).unwrap().checkpointed(folder.checkpoint()).unwrap();
        log.map(|line| line.map(|line| line.to_string())).collect::<Result<Vec<_>, _>>()
    };
    std::fs::write(&path, "1\n2\n").unwrap();
    assert_eq!(read().unwrap(), ["1", "2"]);
    std::fs::write(&path, "1\n2\n3\n").unwrap();
    assert_eq!(read().unwrap(), ["3"]);
    std::fs::write(&path, "4\n5\n6\n7\n").unwrap();
    for _ in 0..2 {
        let Err(Failed::Source(error)) = read() else { panic!("it was read") };
        assert_eq!(error.kind(), headwater::ErrorKind::SourceChanged);
    }
}

#[test]
fn it_keeps_the_laws_of_sources() {
    let folder = Folder::new();
    let log = || {
        // The law is of the source alone: each begins at its start.
        folder.checkpoint::<lines::Position>().remove().unwrap();
        let kept = folder.checkpoint().every(Duration::MAX);
        let log = lines::random_access(|| Ok(&b"one\n22\n\nfour\n"[..]));
        log.checkpointed(kept).unwrap()
    };
    let text = |line: Result<lines::Line, _>| match line {
        Ok(line) => Ok(line.to_string()),
        Err(error) => Err(format!("{error:?}")),
    };
    contract(log, text);
    contract_of_both_ends(log, text);
    resumes(log, text);
    resumes_in_place(log, text);
    resumes_at_both_ends(log, text);
    assert!(format!("{:?}", log()).starts_with("Checkpointed { source: Lines"));
    assert_eq!(log().get_ref().bytes_read(), 0);
}

#[test]
fn both_ends_are_kept() {
    let folder = Folder::new();
    let open = || {
        let log = headwater::lines("fixtures/rotated/access.log").unwrap();
        log.checkpointed(folder.checkpoint()).unwrap()
    };
    let mut log = open();
    log.by_ref().take(30).for_each(drop);
    log.by_ref().rev().take(20).for_each(drop);
    log.finish().unwrap();
    assert_eq!(open().rev().count(), 50);
    assert_eq!(open().count(), 0);
}
