//! Calls: what they give, in which order hooks are told, and what a panic leaves.

use std::io;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use headwater::Retry;
use headwater::retry::{AnyError, Clock, Failure, FakeClock, GaveUp, Reason, Rejected, Statistics};

use super::common::{BUSY, fails_first, ms, s};
use crate::support::caught::panic_of;

#[test]
fn a_call_gives_what_the_last_attempt_does() {
    let retry = Retry::immediately().max_attempts(3);
    for times in 0..3 {
        assert_eq!(retry.call(fails_first(times)).ok(), Some("here"));
    }
    let mut number = 0;
    let error = retry.call(|| {
        number += 1;
        Err::<(), _>(number)
    });
    assert_eq!(error.unwrap_err().into_cause(), 3);
}

#[test]
fn an_error_that_is_not_worth_it_is_given_at_once() {
    let retry =
        Retry::immediately().when(|error: &io::Error| error.kind() == io::ErrorKind::TimedOut);
    let mut kinds = [io::ErrorKind::TimedOut, io::ErrorKind::NotFound].into_iter();
    let error = retry.call(|| Err::<(), _>(io::Error::from(kinds.next().unwrap()))).unwrap_err();
    assert_eq!((error.attempts(), error.reason()), (2, Reason::NotRetryable));
    // The last rule counts.
    let all = retry.when(|_: &io::Error| true).max_attempts(4);
    let error = all.call(|| Err::<(), _>(io::Error::from(io::ErrorKind::NotFound))).unwrap_err();
    assert_eq!(error.attempts(), 4);
}

#[test]
fn a_value_that_is_not_accepted_is_tried_again() {
    let retry = Retry::immediately().max_attempts(4);
    let states = |states: [Result<u32, &'static str>; 4]| {
        let mut states = states.into_iter();
        retry.call_until(|state| *state == 9, move || states.next().unwrap())
    };
    assert_eq!(states([Ok(1), Err(BUSY), Ok(9), Ok(1)]).ok(), Some(9));
    let last = |states: Result<u32, GaveUp<Rejected<u32, &'static str>>>| {
        let error = states.unwrap_err();
        (error.attempts(), error.into_cause())
    };
    assert_eq!(last(states([Ok(1), Ok(2), Err(BUSY), Ok(4)])), (4, Rejected::Value(4)));
    assert_eq!(last(states([Ok(1), Ok(2), Ok(3), Err(BUSY)])), (4, Rejected::Error(BUSY)));
    // Rules are asked of errors alone.
    let choosy = Retry::immediately().when(|_: &&str| false);
    let mut answers = [Ok(1), Ok(2), Err(BUSY), Ok(9)].into_iter();
    let error = choosy.call_until(|state| *state == 9, || answers.next().unwrap()).unwrap_err();
    assert_eq!((error.attempts(), error.reason()), (3, Reason::NotRetryable));
}

#[test]
fn a_request_is_changed_between_attempts() {
    let clock = FakeClock::new();
    let retry = Retry::fixed(s(2)).clock(clock.clone());
    let mut mirror = 0;
    let mut log = vec![];
    let got = retry.call_adapting(
        &mut mirror,
        |mirror| if *mirror < 3 { Err(BUSY) } else { Ok(*mirror) },
        |mirror, failure: &Failure<'_, &str>| {
            *mirror += 1;
            log.push((
                failure.attempt(),
                *failure.error().unwrap(),
                failure.delay(),
                clock.elapsed(),
            ));
        },
    );
    assert_eq!(got.ok(), Some(3));
    // After the wait, before the attempt.
    let told = [(1, s(2)), (2, s(4)), (3, s(6))];
    assert_eq!(log, told.map(|(n, elapsed)| (n, BUSY, Some(s(2)), elapsed)));
    assert_eq!(mirror, 3);
}

/// The order of tenacity: attempt, predicate, `after`, wait, stop, `before_sleep`, sleep, `before`.
#[test]
fn hooks_are_told_in_order() {
    let (tell, told) = channel();
    let say = |what: &str| {
        let (tell, what) = (tell.clone(), what.to_owned());
        move |more: String| tell.send(format!("{what} {more}")).unwrap()
    };
    let (before, when, after, before_sleep, sleep, attempt) = (
        say("before"),
        say("when"),
        say("after"),
        say("before sleep"),
        say("sleep"),
        say("attempt"),
    );
    let hint = say("hint");
    let retry = Retry::new([1, 2].map(s))
        .clock(FakeClock::new())
        .before(move |number| before(number.to_string()))
        .sleep(move |delay| sleep(format!("{delay:?}")))
        .when(move |error: &u32| {
            when(error.to_string());
            true
        })
        .hint(move |error| {
            hint(error.to_string());
            None
        })
        .after(move |failure| after(format!("{} {:?}", failure.attempt(), failure.delay())))
        .before_sleep(move |failure| before_sleep(format!("{:?}", failure.delay().unwrap())));
    let mut number = 0;
    let error = retry.call(|| {
        number += 1;
        attempt(number.to_string());
        Err::<(), _>(number)
    });
    assert_eq!(error.unwrap_err().reason(), Reason::Backoff);
    let expected = [
        "before 1",
        "attempt 1",
        "when 1",
        "after 1 None",
        "hint 1",
        "before sleep 1s",
        "sleep 1s",
        "before 2",
        "attempt 2",
        "when 2",
        "after 2 None",
        "hint 2",
        "before sleep 2s",
        "sleep 2s",
        "before 3",
        "attempt 3",
        "when 3",
        "after 3 None",
        "hint 3",
    ];
    assert!(told.try_iter().eq(expected));
}

#[test]
fn a_failure_says_what_is_known() {
    let (clock, seen) = (FakeClock::new(), Arc::new(Mutex::new(vec![])));
    let sink = Arc::clone(&seen);
    let retry = Retry::fixed(s(2)).max_attempts(3).clock(clock.clone()).after(
        move |failure: &Failure<'_, String>| {
            let error = failure.error().cloned();
            sink.lock().unwrap().push((
                failure.attempt(),
                error,
                failure.elapsed(),
                failure.idle(),
            ));
        },
    );
    let mut answers = [Ok(1), Err(BUSY.to_owned()), Ok(1)].into_iter();
    let error = retry.call_until(
        |_| false,
        || {
            clock.advance(s(5));
            answers.next().unwrap()
        },
    );
    let told =
        [(1, None, s(5), s(0)), (2, Some(BUSY.to_owned()), s(12), s(2)), (3, None, s(19), s(4))];
    assert_eq!(*seen.lock().unwrap(), told);
    let error = error.unwrap_err();
    assert_eq!((error.elapsed(), error.idle()), (s(19), s(4)));
}

#[test]
fn without_a_limit_of_time_it_is_counted_from_the_first_failure() {
    let clock = FakeClock::new();
    let retry = Retry::fixed(s(2)).max_attempts(2).unlimited_time().clock(clock.clone());
    let error = retry.call(|| {
        clock.advance(s(5));
        Err::<(), _>(BUSY)
    });
    assert_eq!(error.unwrap_err().elapsed(), s(7));
}

/// A clock that counts how often it is read.
#[derive(Clone, Default)]
struct Read(Arc<Mutex<u32>>);

impl Clock for Read {
    fn now(&self) -> std::time::Instant {
        *self.0.lock().unwrap() += 1;
        std::time::Instant::now()
    }

    fn sleep(&self, _: Duration, _: Option<&headwater::retry::Cancel>) {}
}

/// A backoff that must not be built.
#[derive(Clone)]
struct Unbuilt;

impl IntoIterator for Unbuilt {
    type Item = Duration;
    type IntoIter = std::iter::Empty<Duration>;

    fn into_iter(self) -> Self::IntoIter {
        panic!("a backoff is built");
    }
}

#[test]
fn a_call_that_succeeds_reads_the_clock_once_at_the_most_and_builds_nothing() {
    let read = Read::default();
    let reads = |retry: &Retry| {
        retry.call(fails_first(0)).unwrap();
        std::mem::take(&mut *read.0.lock().unwrap())
    };
    let retry = Retry::fixed(s(1)).clock(read.clone());
    assert_eq!(reads(&retry), 1);
    assert_eq!(reads(&retry.clone().unlimited_time()), 0);
    assert_eq!(reads(&retry.clone().unlimited_time().statistics(&Statistics::new())), 0);
    assert_eq!(reads(&retry.stop_after(s(1))), 1);

    let retry = Retry::new(Unbuilt);
    assert_eq!(retry.call(fails_first(0)).ok(), Some("here"));
    assert_eq!(panic_of(|| retry.call(fails_first(1))), "a backoff is built");
}

#[test]
fn panics_pass_and_leave_a_policy_as_it_was() {
    let statistics = Statistics::new();
    let retry = Retry::immediately().max_attempts(3).statistics(&statistics);
    assert_eq!(
        panic_of(|| retry.call(|| -> Result<(), &str> { panic!("the attempt") })),
        "the attempt"
    );
    let hooks = [
        ("when", retry.clone().when(|_: &&str| panic!("when"))),
        ("hint", retry.clone().hint(|_: &&str| panic!("hint"))),
        ("stop", retry.clone().stop_when(|_: &Failure<'_, &str>| panic!("stop"))),
        ("after", retry.clone().after(|_: &Failure<'_, &str>| panic!("after"))),
        ("sleep", retry.clone().before_sleep(|_: &Failure<'_, &str>| panic!("sleep"))),
    ];
    for (message, retry) in &hooks {
        assert_eq!(panic_of(|| retry.call(fails_first(1))), *message);
        assert_eq!(retry.call(fails_first(0)).ok(), Some("here"));
    }
    let before = retry.clone().before(|number| assert!(number < 2, "before"));
    assert_eq!(panic_of(|| before.call(fails_first(1))), "before");
    let sleeps = retry.clone().sleep(|_| panic!("sleeps"));
    assert_eq!(panic_of(|| sleeps.call(fails_first(1))), "sleeps");
    // The failures were there, whatever became of who was told.
    assert_eq!((statistics.failures(), statistics.successes(), statistics.gave_up()), (7, 5, 0));
}

#[test]
fn statistics_add_up_what_all_calls_do() {
    let (clock, statistics) = (FakeClock::new(), Statistics::new());
    let retry = Retry::fixed(ms(1500)).max_attempts(3).clock(clock).statistics(&statistics);
    let other: Retry<AnyError> = retry.clone();
    std::thread::scope(|scope| {
        scope.spawn(|| other.call(fails_first(2)).unwrap());
        scope.spawn(|| other.call(fails_first(3)).unwrap_err());
    });
    retry.call(fails_first(0)).unwrap();
    assert_eq!(
        format!("{statistics:?}"),
        "Statistics { successes: 2, failures: 5, retries: 4, gave_up: 1, idle: 6s }"
    );
    let saturated = Statistics::new();
    let retry = Retry::fixed(Duration::MAX).unlimited_time().clock(FakeClock::new());
    retry.statistics(&saturated).call(|| Err::<(), _>(BUSY)).unwrap_err();
    assert_eq!(saturated.idle(), Duration::from_nanos(u64::MAX));
}

#[test]
fn the_order_in_which_a_world_is_set_does_not_matter() {
    for clock_last in [false, true] {
        let (clock, slept) = (FakeClock::new(), Arc::new(Mutex::new(vec![])));
        let sink = Arc::clone(&slept);
        let sleep = move |delay| sink.lock().unwrap().push(delay);
        let retry = Retry::fixed(s(1)).max_attempts(2);
        let retry = if clock_last {
            retry.sleep(sleep).clock(clock.clone())
        } else {
            retry.clock(clock.clone()).sleep(sleep)
        };
        retry.call(|| Err::<(), _>(BUSY)).unwrap_err();
        assert_eq!((clock.slept(), &*slept.lock().unwrap()), (vec![], &vec![s(1)]));
    }
}
