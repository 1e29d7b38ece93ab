//! Cancels: before, in and after a sleep, from hooks and from other threads.

use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use headwater::Retry;
use headwater::retry::{Cancel, Failure, FakeClock, GaveUp, Reason, Statistics};

use super::common::{BUSY, fails_first, ms, s};

const HOUR: Duration = Duration::from_secs(3600);

fn cancelled<E>(error: &GaveUp<E>, attempts: u32) {
    assert_eq!((error.reason(), error.attempts()), (Reason::Cancelled, attempts));
}

#[test]
fn the_first_attempt_is_made_and_no_other() {
    let (cancel, clock) = (Cancel::new(), FakeClock::new());
    cancel.cancel();
    let retry = Retry::fixed(HOUR).unlimited_time().cancel(&cancel).clock(clock.clone());
    cancelled(&retry.call(|| Err::<(), _>(BUSY)).unwrap_err(), 1);
    assert_eq!(retry.call(fails_first(0)).ok(), Some("here"));
    assert!(clock.slept().is_empty());
}

#[test]
fn an_attempt_that_cancels_ends_first() {
    let (cancel, clock) = (Cancel::new(), FakeClock::new());
    let retry = Retry::fixed(HOUR).unlimited_time().cancel(&cancel).clock(clock.clone());
    let done = retry.call(|| {
        cancel.cancel();
        Ok::<_, &str>("here")
    });
    assert_eq!(done.ok(), Some("here"));
    let error = retry.call(|| {
        cancel.cancel();
        Err::<(), _>(BUSY)
    });
    cancelled(&error.unwrap_err(), 1);
    assert!(clock.slept().is_empty());
}

#[test]
fn a_hook_that_cancels_saves_the_sleep() {
    let (cancel, clock, switch) = (Cancel::new(), FakeClock::new(), Cancel::new());
    let statistics = Statistics::new();
    let set = switch.clone();
    let retry =
        Retry::fixed(HOUR).unlimited_time().cancel(&switch).statistics(&statistics).before_sleep(
            move |failure: &Failure<'_, &str>| {
                if failure.attempt() == 3 {
                    set.cancel();
                }
            },
        );
    let error = retry.clone().clock(clock.clone()).call(|| Err::<(), _>(BUSY)).unwrap_err();
    cancelled(&error, 3);
    assert_eq!((clock.slept(), error.idle(), error.elapsed()), (vec![HOUR; 2], 2 * HOUR, 2 * HOUR));
    assert_eq!((statistics.retries(), statistics.gave_up()), (2, 1));
    assert_eq!((statistics.failures(), statistics.idle()), (3, 2 * HOUR));
    assert!(!cancel.is_cancelled(), "another one");
}

#[test]
fn what_sleeps_without_it_is_asked_after() {
    let cancel = Cancel::new();
    let set = cancel.clone();
    let retry = Retry::fixed(HOUR).unlimited_time().cancel(&cancel).sleep(move |_| set.cancel());
    let error = retry.call(|| Err::<(), _>(BUSY)).unwrap_err();
    cancelled(&error, 1);
    assert_eq!(error.idle(), s(0));
}

/// The other thread waits until the call is about to sleep, for an hour, or for ever.
#[test]
fn a_sleep_is_interrupted_by_another_thread() {
    for delay in [HOUR, Duration::MAX] {
        let cancel = Cancel::new();
        let (about_to, sleeps) = channel();
        let retry = Retry::fixed(delay)
            .unlimited_time()
            .cancel(&cancel)
            .before_sleep(move |_: &Failure<'_, &str>| about_to.send(()).unwrap());
        let call = thread::spawn(move || retry.call(|| Err::<(), _>(BUSY)).unwrap_err());
        sleeps.recv().unwrap();
        cancel.cancel();
        let error = call.join().unwrap();
        cancelled(&error, 1);
        assert_eq!(error.idle(), s(0));
    }
}

#[test]
fn one_switch_ends_all_that_sleep() {
    let cancel = Cancel::new();
    let (about_to, sleeps) = channel();
    let retry = Retry::fixed(HOUR)
        .unlimited_time()
        .cancel(&cancel)
        .before_sleep(move |_: &Failure<'_, &str>| about_to.send(()).unwrap());
    let call = || {
        let retry = retry.clone();
        thread::spawn(move || retry.call(|| Err::<(), _>(BUSY)).unwrap_err())
    };
    let calls = [call(), call(), call()];
    for _ in &calls {
        sleeps.recv().unwrap();
    }
    cancel.cancel();
    cancel.cancel();
    for call in calls {
        cancelled(&call.join().unwrap(), 1);
    }
}

#[test]
fn a_switch_that_is_not_set_lets_the_sleep_end() {
    let cancel = Cancel::new();
    let before = Instant::now();
    assert!(!cancel.sleep(ms(2)));
    assert!(before.elapsed() >= ms(2));
    assert!(!cancel.sleep(s(0)));
    let retry = Retry::fixed(ms(1)).max_attempts(3).cancel(&cancel);
    assert_eq!(retry.call(fails_first(2)).ok(), Some("here"));
    cancel.clone().cancel();
    assert!(cancel.is_cancelled() && cancel.sleep(HOUR));
}

#[test]
fn loops_are_cancelled_as_calls_are() {
    let (cancel, clock) = (Cancel::new(), FakeClock::new());
    let retry = Retry::fixed(HOUR).unlimited_time().cancel(&cancel).clock(clock.clone());
    let attempts = retry.attempts();
    for attempt in &attempts {
        if attempt.number() == 2 {
            cancel.cancel();
        }
        attempt.failed(BUSY);
    }
    cancelled(&attempts.finish().unwrap_err(), 2);
    assert_eq!(clock.slept(), [HOUR]);
}

#[cfg(feature = "async")]
mod futures_that_wait {
    use std::pin::pin;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
    use std::task::{Context, Wake, Waker};

    use futures::executor::block_on;
    use futures::future::{FutureExt, join, pending, ready};

    use super::{BUSY, Cancel, Duration, HOUR, Reason, Retry, cancelled, s, thread};
    use crate::support::polls::Wakes;

    #[test]
    fn a_wait_is_interrupted() {
        let cancel = Cancel::new();
        // A timer that never ends.
        let retry = Retry::fixed(s(1)).cancel(&cancel).timer(|_| pending::<()>());
        let mut call = pin!(retry.call_async(|| ready(Err::<(), _>(BUSY))));
        let wakes = Arc::new(Wakes::default());
        let told = Waker::from(Arc::clone(&wakes));
        let mut cx = Context::from_waker(&told);
        assert!(call.as_mut().poll(&mut cx).is_pending());
        assert!(call.as_mut().poll(&mut cx).is_pending());
        assert_eq!(wakes.count(), 0);
        cancel.cancel();
        assert_eq!(wakes.count(), 1);
        let error = call.now_or_never().unwrap().unwrap_err();
        cancelled(&error, 1);
        assert_eq!(error.idle(), s(0));
    }

    /// The thread that would have slept for an hour ends as well.
    #[test]
    fn a_wait_of_a_thread_is_interrupted_from_another() {
        let cancel = Cancel::new();
        let retry = Retry::fixed(HOUR).unlimited_time().cancel(&cancel);
        let set = cancel.clone();
        let call = retry.call_async(move || {
            let set = set.clone();
            thread::spawn(move || set.cancel());
            ready(Err::<(), _>(BUSY))
        });
        cancelled(&block_on(call).unwrap_err(), 1);
    }

    #[test]
    fn what_is_cancelled_while_the_timer_ends_is_cancelled() {
        let cancel = Cancel::new();
        let set = cancel.clone();
        let retry = Retry::fixed(s(1)).cancel(&cancel).timer(move |_| {
            let set = set.clone();
            async move { set.cancel() }
        });
        let error = block_on(retry.call_async(|| ready(Err::<(), _>(BUSY)))).unwrap_err();
        cancelled(&error, 1);
    }

    #[test]
    fn who_waits_for_the_switch_is_woken_by_it() {
        let cancel = Cancel::new();
        block_on(join(join(cancel.cancelled(), cancel.cancelled()), async { cancel.cancel() }));
        assert_eq!(cancel.cancelled().now_or_never(), Some(()));
    }

    #[test]
    fn who_waits_no_more_is_not_woken_and_leaves_its_place_to_others() {
        let cancel = Cancel::new();
        let wakes = [(); 3].map(|()| Arc::new(Wakes::default()));
        let poll = |future: &mut std::pin::Pin<Box<dyn Future<Output = ()> + '_>>, n: usize| {
            let told = Waker::from(Arc::clone(&wakes[n]));
            future.as_mut().poll(&mut Context::from_waker(&told))
        };
        let mut first: std::pin::Pin<Box<dyn Future<Output = ()>>> = Box::pin(cancel.cancelled());
        let mut second: std::pin::Pin<Box<dyn Future<Output = ()>>> = Box::pin(cancel.cancelled());
        assert!(poll(&mut first, 0).is_pending() && poll(&mut second, 1).is_pending());
        drop(first);
        let mut third: std::pin::Pin<Box<dyn Future<Output = ()>>> = Box::pin(cancel.cancelled());
        assert!(poll(&mut third, 0).is_pending());
        // The last waker counts.
        assert!(poll(&mut third, 2).is_pending());
        cancel.cancel();
        assert_eq!(wakes.each_ref().map(|wakes| wakes.count()), [0, 1, 1]);
    }

    /// Its drop, and its wake, look at the switch: so they do where a waker holds the last handle of
    /// a task that waits for it.
    struct Nosy(Cancel, AtomicUsize);

    impl Wake for Nosy {
        fn wake(self: Arc<Self>) {
            assert!(self.0.is_cancelled());
            self.1.fetch_add(1, SeqCst);
        }
    }

    impl Drop for Nosy {
        fn drop(&mut self) {
            let _ = self.0.is_cancelled();
        }
    }

    #[test]
    fn wakers_may_look_at_the_switch_in_their_drop() {
        let cancel = Cancel::new();
        let mut waiting = Box::pin(cancel.cancelled());
        for _ in 0..3 {
            let nosy = Arc::new(Nosy(cancel.clone(), AtomicUsize::new(0)));
            let waker = Waker::from(nosy);
            assert!(waiting.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        }
        drop(waiting);
        let nosy = Arc::new(Nosy(cancel.clone(), AtomicUsize::new(0)));
        let waker = Waker::from(Arc::clone(&nosy));
        let mut waiting = Box::pin(cancel.cancelled());
        assert!(waiting.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        drop(waker);
        cancel.cancel();
        assert_eq!(nosy.1.load(SeqCst), 1);
    }

    #[test]
    fn an_async_loop_is_cancelled() {
        let cancel = Cancel::new();
        let retry = Retry::fixed(s(1)).cancel(&cancel).timer(|_| pending::<()>());
        let attempts = retry.attempts();
        let looped = async {
            while let Some(attempt) = attempts.next_async().await {
                attempt.failed(BUSY);
            }
        };
        block_on(join(looped, async { cancel.cancel() }));
        let error = attempts.finish().unwrap_err();
        assert_eq!((error.reason(), error.idle()), (Reason::Cancelled, Duration::ZERO));
    }
}
