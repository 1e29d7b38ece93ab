//! Async calls and loops, on futures' executor: what they add to those that block.

use std::pin::pin;
use std::task::{Context, Waker};
use std::time::Duration;

use futures::executor::block_on;
use futures::future::{FutureExt, join_all, pending, ready};
use headwater::Retry;
use headwater::retry::{Failure, FakeClock, Reason, Rejected, Statistics};

use super::common::{BUSY, fails_first, ms, s};
use crate::support::caught::panic_of;
use crate::support::polls::yield_now;

/// Fails this often, each time after it was pending once.
fn fails_awaited(times: u32) -> impl FnMut() -> futures::future::BoxFuture<'static, Answer> {
    let mut attempt = fails_first(times);
    move || {
        let answer = attempt();
        Box::pin(async move {
            yield_now().await;
            answer
        })
    }
}

type Answer = Result<&'static str, &'static str>;

#[test]
fn they_decide_as_calls_that_block_do() {
    for times in 0..12 {
        let retry = || Retry::exponential(s(1)).max_delay(s(6)).max_attempts(8);
        let (blocking, awaited) = (FakeClock::new(), FakeClock::new());
        let one = retry().clock(blocking.clone()).call(fails_first(times));
        let other = block_on(retry().clock(awaited.clone()).call_async(fails_awaited(times)));
        assert_eq!(format!("{one:?}"), format!("{other:?}"));
        assert_eq!(blocking.slept(), awaited.slept());
    }
}

#[test]
fn values_are_rejected_and_requests_adapted() {
    let clock = FakeClock::new();
    let retry = Retry::fixed(s(1)).max_attempts(3).clock(clock.clone());
    let mut states = 1..;
    let state = || ready(Ok::<_, &str>(states.next().unwrap()));
    assert_eq!(block_on(retry.call_until_async(|state| *state == 3, state)).ok(), Some(3));
    let rejected = block_on(retry.call_until_async(|_| false, || ready(Ok::<_, &str>(7))));
    assert_eq!(rejected.unwrap_err().into_cause(), Rejected::Value(7));
    let failed = block_on(retry.call_until_async(|()| false, || ready(Err(BUSY))));
    assert_eq!(failed.unwrap_err().into_cause(), Rejected::Error(BUSY));
    assert_eq!(clock.slept(), [s(1); 6]);

    let (mut mirror, mut told) = (0, vec![]);
    let got = block_on(retry.call_adapting_async(
        &mut mirror,
        |&mut mirror| async move {
            yield_now().await;
            if mirror == 2 { Ok(mirror) } else { Err(mirror) }
        },
        |mirror, failure: &Failure<'_, i32>| {
            *mirror += 1;
            told.push((failure.attempt(), *failure.error().unwrap(), failure.delay()));
        },
    ));
    assert_eq!((got.ok(), mirror), (Some(2), 2));
    assert_eq!(told, [(1, 0, Some(s(1))), (2, 1, Some(s(1)))]);
}

#[test]
fn nothing_happens_before_the_first_poll() {
    let retry = Retry::immediately().before(|_| panic!("an attempt begins"));
    let call = retry.call_async(|| -> std::future::Ready<Answer> { panic!("it is called") });
    drop(call);
    let attempts = retry.attempts::<&str>();
    drop(attempts.next_async());
    assert!(attempts.finish().is_ok());
}

#[test]
fn a_call_that_is_dropped_drops_its_attempt_or_its_wait() {
    let statistics = Statistics::new();
    let retry = Retry::fixed(s(1)).statistics(&statistics).timer(|_| pending::<()>());
    let mut cx = Context::from_waker(Waker::noop());
    {
        let mut call = pin!(retry.call_async(pending::<Answer>));
        assert!(call.as_mut().poll(&mut cx).is_pending());
    }
    assert_eq!((statistics.failures(), statistics.successes()), (0, 0));
    {
        let mut call = pin!(retry.call_async(|| ready(Err::<(), _>(BUSY))));
        assert!(call.as_mut().poll(&mut cx).is_pending());
    }
    assert_eq!((statistics.failures(), statistics.retries(), statistics.gave_up()), (1, 0, 0));
}

#[test]
fn a_panic_of_an_attempt_passes() {
    let retry = Retry::immediately();
    let panics = retry.call_async(async || -> Answer { panic!("the attempt") });
    assert_eq!(panic_of(|| block_on(panics)), "the attempt");
}

#[test]
fn a_timer_of_ones_own_is_told_each_delay() {
    let clock = FakeClock::new();
    let times = clock.clone();
    let retry = Retry::exponential(ms(1)).max_attempts(4).timer(move |delay| {
        let times = times.clone();
        async move {
            yield_now().await;
            times.advance(delay);
            "whatever it gives"
        }
    });
    block_on(retry.call_async(|| ready(Err::<(), _>(BUSY)))).unwrap_err();
    assert_eq!(clock.elapsed(), ms(7));
}

/// The default, where no runtime is: a thread that sleeps.
#[test]
fn a_thread_times_what_nobody_else_does() {
    let retry = Retry::fixed(ms(1)).max_attempts(3);
    let before = std::time::Instant::now();
    let calls = (0..3).map(|_| retry.call_async(|| ready(Err::<(), _>(BUSY))));
    let errors = block_on(join_all(calls));
    assert!(before.elapsed() >= ms(2));
    assert!(errors.iter().all(|error| error.as_ref().unwrap_err().attempts() == 3));
    // One that is dropped takes its thread with it, or this test would never end under valgrind.
    let hour = Retry::fixed(Duration::from_secs(3600)).unlimited_time();
    let mut call = Box::pin(hour.call_async(|| ready(Err::<(), _>(BUSY))));
    assert!(call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
}

#[test]
fn no_delay_lets_others_go_first() {
    let retry = Retry::immediately().max_attempts(3);
    let mut call = pin!(retry.call_async(|| ready(Err::<(), _>(BUSY))));
    let mut cx = Context::from_waker(Waker::noop());
    assert!(call.as_mut().poll(&mut cx).is_pending());
    assert!(call.as_mut().poll(&mut cx).is_pending());
    assert!(call.as_mut().poll(&mut cx).is_ready());
}

#[test]
fn a_success_has_no_place_for_a_failure() {
    let retry = Retry::default();
    let call = retry.call_async(|| ready(Ok::<u8, u8>(1)));
    assert!(size_of_val(&call) <= 128, "{}", size_of_val(&call));
}

#[test]
fn loops_wait_without_blocking() {
    let (clock, statistics) = (FakeClock::new(), Statistics::new());
    let retry =
        Retry::exponential(s(1)).max_attempts(4).clock(clock.clone()).statistics(&statistics);
    let attempts = retry.attempts();
    let numbers = block_on(async {
        let mut numbers = vec![];
        while let Some(attempt) = attempts.next_async().await {
            yield_now().await;
            numbers.push(attempt.number());
            attempt.failed(BUSY);
        }
        numbers
    });
    assert_eq!((numbers, clock.slept()), (vec![1, 2, 3, 4], [1, 2, 4].map(s).to_vec()));
    assert_eq!(attempts.finish().unwrap_err().reason(), Reason::Attempts);

    let attempts = retry.attempts();
    let got = block_on(async {
        let attempt = attempts.next_async().await.unwrap();
        let got = attempt.record(Ok::<_, &str>(7));
        assert!(attempts.next_async().await.is_none());
        got
    });
    assert_eq!((got, attempts.finish().is_ok(), statistics.successes()), (Some(7), true, 1));
}

#[test]
fn a_loop_that_is_dropped_within_an_attempt_is_no_success() {
    let statistics = Statistics::new();
    let retry = Retry::immediately().statistics(&statistics);
    let looped = async || {
        let attempts = retry.attempts::<&str>();
        while let Some(_attempt) = attempts.next_async().await {
            pending::<()>().await;
        }
    };
    assert!(looped().now_or_never().is_none());
    assert_eq!(statistics.successes(), 0);
    // One that is finished, or goes on, is.
    let attempts = retry.attempts::<&str>();
    assert!(attempts.next_async().now_or_never().unwrap().is_some());
    attempts.finish().unwrap();
    let attempts = retry.attempts::<&str>();
    assert!(attempts.next_async().now_or_never().unwrap().is_some());
    assert!(attempts.next_async().now_or_never().unwrap().is_none());
    assert_eq!(statistics.successes(), 2);
}

#[test]
fn a_wait_of_a_loop_that_is_dropped_is_waited_anew() {
    let retry = Retry::fixed(s(1)).timer(|_| pending::<()>());
    let attempts = retry.attempts();
    attempts.next_async().now_or_never().unwrap().unwrap().failed(BUSY);
    assert!(attempts.next_async().now_or_never().is_none());
    assert!(attempts.next_async().now_or_never().is_none());
    assert_eq!(attempts.finish().unwrap_err().reason(), Reason::Left);
}
