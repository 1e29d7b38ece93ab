//! 10,000 random schedules of faults: whichever calls fail, in whichever order, openings and what
//! follows them among them, the lines are those of a run without a fault.

use std::cell::Cell;
use std::num::NonZeroUsize;
use std::sync::Arc;

use headwater::lines::BackOrigin;
use headwater::prelude::*;
use headwater::retry::{GaveUp, Statistics};
use headwater::{Error, Line, Lines, lines};
use proptest::prelude::*;

use super::persistent;
use crate::expect;
use crate::support::faults::{Call, Schedule};
use crate::support::options::Options;
use crate::support::oracle::Oracle;
use crate::support::property::check;
use crate::support::random::Random;
use crate::support::seen::Seen;

/// One random case: a log, how it is read, and what becomes of the calls that read it.
#[derive(Clone, Debug)]
struct Case {
    log: Vec<u8>,
    block_size: NonZeroUsize,
    calls: Vec<Call>,
    seed: u64,
}

fn cases() -> impl Strategy<Value = Case> {
    let call = prop_oneof![3 => (1..30_usize).prop_map(Call::Gives), 2 => Just(Call::Fails)];
    let calls = prop::collection::vec(call, 1..30);
    let block_size = prop_oneof![1..40_usize, Just(64 << 10)];
    (expect::text(), block_size, calls, any::<u64>()).prop_map(|(log, size, calls, seed)| Case {
        log,
        block_size: NonZeroUsize::new(size).unwrap(),
        calls,
        seed,
    })
}

impl Case {
    /// The lines of the log, each storage, opening and read of which goes by the schedule.
    fn lines(&self) -> Lines<impl BackOrigin + Send + use<>> {
        let (schedule, log) =
            (Schedule::new(self.calls.iter().copied()), Arc::new(self.log.clone()));
        let open = move || schedule.call().map(|_| schedule.over(Arc::clone(&log)));
        lines::random_access(open).block_size(self.block_size)
    }

    fn expected(&self) -> Vec<Seen> {
        Oracle::new(&self.log, &Options::NEW).collect()
    }
}

fn seen(item: Result<Line, GaveUp<Error>>) -> Seen {
    Seen::of(item.map_err(GaveUp::into_cause))
}

/// Runs a check over so many schedules, and sees to it that they do fail.
fn check_healing(schedules: u32, heals: impl Fn(&Case, &dyn Fn() -> headwater::Retry)) {
    let (statistics, runs) = (Statistics::new(), Cell::new(0));
    check(schedules, &cases(), |case| {
        heals(&case, &|| {
            runs.set(runs.get() + 1);
            persistent().statistics(&statistics)
        });
    });
    let failures = statistics.failures();
    assert!(failures > runs.get(), "only {failures} faults in {} runs", runs.get());
    assert_eq!((statistics.retries(), statistics.gave_up()), (failures, 0));
}

#[test]
fn forward_and_backward() {
    check_healing(10_000, |case, retry| {
        let mut expected = case.expected();
        assert!(case.lines().retry(retry()).map(seen).eq(expected.iter().cloned()));
        expected.reverse();
        assert!(case.lines().retry(retry()).rev().map(seen).eq(expected));
    });
}

#[test]
fn from_both_ends() {
    check_healing(3_000, |case, retry| {
        let mut lines = case.lines().retry(retry());
        let (mut front, mut back, mut random) = (vec![], vec![], Random::new(case.seed));
        loop {
            let forward = random.coin();
            let item = if forward { lines.next() } else { lines.next_back() };
            let Some(item) = item.map(seen) else { break };
            (if forward { &mut front } else { &mut back }).push(item);
        }
        front.extend(back.into_iter().rev());
        assert_eq!(front, case.expected());
    });
}

#[test]
fn searches() {
    check_healing(3_000, |case, retry| {
        let mut expected = case.expected();
        expected.retain(|line| line.text().is_some_and(|text| text.contains(&b'a')));
        let found = || case.lines().containing("a").retry(retry());
        assert!(found().map(seen).eq(expected.iter().cloned()));
        expected.reverse();
        assert!(found().rev().map(seen).eq(expected));
    });
}

#[test]
fn read_ahead() {
    check_healing(500, |case, retry| {
        let mut expected = case.expected();
        let ahead = || case.lines().read_ahead(NonZeroUsize::new(2).unwrap()).retry(retry());
        assert!(ahead().map(seen).eq(expected.iter().cloned()));
        expected.reverse();
        assert!(ahead().rev().map(seen).eq(expected));
    });
}

/// What is noted of a healed source is a place where a source without faults goes on, and the other
/// way round.
#[test]
fn positions() {
    check_healing(2_000, |case, retry| {
        let expected = case.expected();
        let mut random = Random::new(case.seed);
        let taken = random.below(expected.len() + 1);
        let mut healed = case.lines().retry(retry());
        assert!(healed.by_ref().take(taken).map(seen).eq(expected[..taken].iter().cloned()));
        let noted = healed.position();

        let sound = Case { calls: vec![], ..case.clone() }.lines().from(noted.clone());
        assert!(sound.map(Seen::of).eq(expected[taken..].iter().cloned()));
        let other = case.lines().from(noted.clone()).retry(retry());
        assert!(other.map(seen).eq(expected[taken..].iter().cloned()));
        healed.by_ref().take(random.below(5)).for_each(drop);
        healed.resume_at(noted);
        assert!(healed.map(seen).eq(expected[taken..].iter().cloned()));
    });
}

#[cfg(feature = "compression")]
#[test]
fn gzip() {
    use super::gzip::gzip_lines;
    use crate::support::data;

    check_healing(3_000, |case, retry| {
        let gzip = data::gzip(&case.log);
        let schedule = Schedule::new(case.calls.iter().copied());
        let open = || schedule.call().map(|_| schedule.over(&gzip[..]));
        let raw = lines::read(&case.log[..]).keep_ends().keep_bom();
        let expected: Vec<_> = raw.map(Seen::of).collect();
        let healed = gzip_lines(retry(), open).map(|item| Seen::of(Ok(item.unwrap())));
        assert!(healed.eq(expected));
    });
}
