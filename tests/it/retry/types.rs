//! What the types are: where they may go, what they show of themselves, and what they cost.

use std::cell::Cell;
use std::error::Error;
use std::fmt::Debug;
use std::io;
use std::rc::Rc;
use std::time::Duration;

use headwater::Retry;
use headwater::retry::{
    Attempt, Attempts, Budget, Cancel, Clock, Delays, Failure, FakeClock, GaveUp, Jitter, On,
    Reason, Rejected, Statistics, SystemClock,
};

fn is_shared<T: Clone + Send + Sync + 'static>() {}

#[test]
fn a_policy_goes_everywhere_whatever_its_errors_are() {
    is_shared::<Retry>();
    is_shared::<Retry<On<io::Error>>>();
    // Neither `Send` nor `Sync` nor `Clone`.
    is_shared::<Retry<On<Rc<Cell<u8>>>>>();
    is_shared::<Budget>();
    is_shared::<Cancel>();
    is_shared::<Statistics>();
    is_shared::<FakeClock>();
    is_shared::<SystemClock>();
}

#[test]
fn what_a_call_gives_and_a_loop_holds_goes_where_its_error_does() {
    fn is_send<T: Send>() {}
    fn is_send_and_sync<T: Send + Sync>() {}
    is_send_and_sync::<GaveUp<io::Error>>();
    is_send::<GaveUp<Cell<u8>>>();
    is_send::<Delays>();
    is_send_and_sync::<Failure<'_, io::Error>>();
    // A loop in a future is kept by reference while the future is at work.
    is_send_and_sync::<Attempts<'_, Cell<u8>>>();
    is_send::<Attempt<'_, Cell<u8>>>();
}

#[test]
fn an_error_costs_a_word() {
    assert_eq!(size_of::<GaveUp<[u64; 100]>>(), size_of::<usize>());
    assert_eq!(size_of::<Result<(), GaveUp<String>>>(), size_of::<usize>());
}

#[test]
fn every_type_shows_itself_and_nothing_that_it_holds() {
    fn shown(value: &impl Debug) -> String {
        format!("{value:?}")
    }
    // `Rc<dyn Fn()>` is not `Debug`: the types must not ask for it.
    type Unshown = Rc<dyn Fn()>;
    let retry = Retry::fixed(Duration::from_secs(1)).when(|_: &Unshown| true);
    assert_eq!(
        shown(&retry),
        "Retry { jitter: None, min_delay: 0ns, \
         max_delay: 18446744073709551615.999999999s, max_attempts: Some(10), \
         stop_before: Some(45s), stop_after: None, is_enabled: true, .. }"
    );
    assert_eq!(shown(&retry.delays()), "Delays { jitter: None, .. }");
    let attempts = retry.attempts();
    assert_eq!(shown(&attempts), "Attempts { .. }");
    for attempt in &attempts {
        assert_eq!(shown(&attempt), "Attempt { number: 1, .. }");
    }
    assert_eq!(shown(&Budget::new(7)), "Budget { tokens: 7, .. }");
    assert_eq!(shown(&Cancel::new()), "Cancel { is_cancelled: false, .. }");
    assert_eq!(
        shown(&Statistics::new()),
        "Statistics { successes: 0, failures: 0, retries: 0, gave_up: 0, idle: 0ns }"
    );
    assert!(shown(&FakeClock::new()).starts_with("FakeClock { start: "));
    assert_eq!(shown(&Jitter::Additive(Duration::ZERO)), "Additive(0ns)");
    let clock = FakeClock::new();
    let error = Retry::fixed(Duration::from_secs(1)).max_attempts(2).clock(clock);
    let error = error.call(|| Err::<(), _>("busy")).unwrap_err();
    assert_eq!(
        shown(&error),
        "GaveUp { reason: Attempts, attempts: 2, elapsed: 1s, idle: 1s, cause: \"busy\" }"
    );
}

#[test]
fn texts_say_what_became_of_it() {
    let s = Duration::from_secs;
    let fails = |retry: Retry| retry.clock(FakeClock::new()).call(|| Err::<(), _>("busy"));
    let text = |retry| fails(retry).unwrap_err().to_string();
    assert_eq!(
        text(Retry::fixed(s(2)).max_attempts(3)),
        "gave up after 3 attempts in 4.000s: no attempt is left"
    );
    assert_eq!(
        text(Retry::fixed(Duration::from_micros(1500)).max_attempts(2)),
        "gave up after 2 attempts in 1.500ms: no attempt is left"
    );
    assert_eq!(text(Retry::fixed(s(60))), "gave up after 1 attempt: no time is left");
    assert_eq!(text(Retry::new([s(1)])), "gave up after 2 attempts in 1.000s: no delay is left");
    let reasons = [
        (Reason::NotRetryable, "another attempt would not help"),
        (Reason::Attempts, "no attempt is left"),
        (Reason::Failures, "it failed too often in its life"),
        (Reason::Time, "no time is left"),
        (Reason::Backoff, "no delay is left"),
        (Reason::Budget, "the budget for retries is used up"),
        (Reason::Cancelled, "it was cancelled"),
        (Reason::Left, "the loop over its attempts was left"),
    ];
    for (reason, text) in reasons {
        assert_eq!(reason.to_string(), text);
    }
    assert_eq!(Rejected::<_, String>::Value(7).to_string(), "the value was not accepted");
    assert_eq!(Rejected::<(), _>::Error("busy").to_string(), "busy");
}

/// What `?` asks of an error, in a function that returns a `Box<dyn Error>`, and of `anyhow` too.
fn to_any<E: Error + Send + Sync + 'static>(error: E) -> Box<dyn Error + Send + Sync> {
    error.into()
}

#[test]
fn errors_go_into_a_box_and_their_cause_is_found_there() {
    fn read() -> Result<String, Box<dyn Error + Send + Sync>> {
        Ok(Retry::immediately().max_attempts(2).call(|| std::fs::read_to_string("no such file"))?)
    }
    let error = read().unwrap_err();
    let cause = error.source().unwrap().downcast_ref::<io::Error>().unwrap();
    assert_eq!(cause.kind(), io::ErrorKind::NotFound);
    let gave_up = error.downcast_ref::<GaveUp<io::Error>>().unwrap();
    assert_eq!(gave_up.attempts(), 2);

    // The value or error that ended a `call_until` has the text of the error, and its source.
    let call = || Err::<(), _>(headwater::lines("no such file").unwrap_err());
    let rejected = Retry::immediately().max_attempts(1).call_until(|()| true, call).unwrap_err();
    let rejected = to_any(rejected);
    let cause = rejected.source().unwrap();
    assert_eq!(cause.to_string(), "no such file: cannot be opened");
    assert!(cause.source().unwrap().is::<io::Error>());
    let value =
        Retry::immediately().max_attempts(1).call_until(|_| false, || Ok::<_, io::Error>(7));
    assert!(to_any(value.unwrap_err()).source().unwrap().source().is_none());
}

#[test]
fn a_cause_that_is_no_error_is_taken_out_or_made_one() {
    fn read() -> Result<(), Box<dyn Error + Send + Sync>> {
        let call = || Err(Box::<dyn Error + Send + Sync>::from("busy"));
        Retry::immediately().max_attempts(2).call(call).map_err(GaveUp::into_cause)
    }
    assert_eq!(read().unwrap_err().to_string(), "busy");
    let error = Retry::immediately().max_attempts(2).call(|| Err::<(), _>("busy")).unwrap_err();
    let error = error.map_cause(io::Error::other);
    assert_eq!((error.attempts(), error.reason()), (2, Reason::Attempts));
    assert_eq!(to_any(error).source().unwrap().to_string(), "busy");
}

#[test]
fn a_clock_of_ones_own_may_be_shared() {
    let clock = std::sync::Arc::new(FakeClock::new());
    let shared: std::sync::Arc<dyn Clock> = clock.clone();
    let retry = Retry::fixed(Duration::from_secs(1)).max_attempts(2).clock(shared);
    retry.call(|| Err::<(), _>("busy")).unwrap_err();
    assert_eq!(clock.elapsed(), Duration::from_secs(1));
}

#[cfg(feature = "async")]
mod futures_of_calls {
    use super::{Cell, Failure, Rc, Retry};

    fn spawn<F: Future<Output: Send> + Send + 'static>(future: F) {
        drop(future);
    }

    /// Errors and values here are `Send`, but not `Sync`.
    #[test]
    fn they_are_sent_if_what_is_in_them_can_be() {
        let retry = Retry::default().when(|_: &Cell<u8>| true);
        let (policy, mut called) = (retry.clone(), 0);
        spawn(async move {
            let called_async = policy.call_async(|| {
                called += 1;
                async move {
                    std::future::ready(()).await;
                    Err::<Cell<u8>, _>(Cell::new(called))
                }
            });
            drop(called_async.await);
        });
        let policy = retry.clone();
        spawn(async move {
            let attempt = || std::future::ready(Err::<Cell<u8>, _>(Cell::new(1)));
            drop(policy.call_until_async(|_| false, attempt).await);
        });
        let (policy, value) = (retry.clone(), Box::new(7));
        spawn(async move {
            // An async closure that borrows of what is around it.
            let attempt = async || {
                std::future::ready(()).await;
                Err::<Cell<u8>, _>(Cell::new(*value))
            };
            drop(policy.call_async(attempt).await);
        });
        let (policy, mut request) = (retry.clone(), Cell::new(1));
        spawn(async move {
            let attempt = |request: &mut Cell<u8>| {
                let request = request.get();
                async move {
                    std::future::ready(()).await;
                    Err::<Cell<u8>, _>(Cell::new(request))
                }
            };
            let adapt = |request: &mut Cell<u8>, _: &Failure<'_, Cell<u8>>| request.set(2);
            drop(policy.call_adapting_async(&mut request, attempt, adapt).await);
        });
        spawn(async move {
            let attempts = retry.attempts();
            while let Some(attempt) = attempts.next_async().await {
                std::future::ready(()).await;
                attempt.failed(Cell::new(1));
            }
        });
    }

    #[test]
    fn they_take_what_can_not_be_sent() {
        let (retry, value) = (Retry::default(), Rc::new(7));
        let call = retry.call_async(async || Ok::<_, Rc<()>>(Rc::clone(&value)));
        assert_eq!(*futures::executor::block_on(call).unwrap(), 7);
    }
}
