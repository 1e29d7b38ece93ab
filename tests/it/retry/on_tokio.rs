//! Async calls on tokio: its timers, its paused time, and runtimes that have no timers.

use std::future::ready;
use std::time::Duration;

use headwater::Retry;
use headwater::retry::{Cancel, Reason};
use tokio::runtime::{Builder, Runtime};
use tokio::time::{Instant, timeout};

use super::common::{BUSY, fails_first, ms, ns, s};

fn paused() -> Runtime {
    Builder::new_current_thread().enable_time().start_paused(true).build().unwrap()
}

#[test]
fn delays_are_those_of_the_runtime() {
    paused().block_on(async {
        let begun = Instant::now();
        let retry = Retry::exponential(s(60)).unlimited_time().max_attempts(4);
        let error = retry.call_async(|| ready(Err::<(), _>(BUSY))).await.unwrap_err();
        assert_eq!((error.attempts(), begun.elapsed()), (4, s(60 + 120 + 240)));
        let mut attempt = fails_first(1);
        assert_eq!(retry.call_async(|| ready(attempt())).await.ok(), Some("here"));
        assert_eq!(begun.elapsed(), s(480));
        // No delay takes no time, and one below its resolution takes a millisecond.
        let retry = Retry::new([s(0), ns(1)]);
        retry.call_async(|| ready(Err::<(), _>(BUSY))).await.unwrap_err();
        assert_eq!(begun.elapsed(), s(480) + ms(1));
    });
}

#[test]
fn a_timeout_around_a_call_ends_its_wait() {
    paused().block_on(async {
        let begun = Instant::now();
        let retry = Retry::fixed(Duration::MAX).unlimited_time();
        let call = retry.call_async(|| ready(Err::<(), _>(BUSY)));
        assert!(timeout(s(5), call).await.is_err());
        assert_eq!(begun.elapsed(), s(5));
    });
}

#[test]
fn a_cancel_ends_a_wait() {
    paused().block_on(async {
        let (begun, cancel) = (Instant::now(), Cancel::new());
        let retry = Retry::fixed(s(3600)).unlimited_time().cancel(&cancel);
        let call = tokio::spawn(async move {
            retry.call_async(|| ready(Err::<(), _>(BUSY))).await.unwrap_err()
        });
        tokio::time::sleep(s(7)).await;
        cancel.cancel();
        assert_eq!(call.await.unwrap().reason(), Reason::Cancelled);
        assert_eq!(begun.elapsed(), s(7));
    });
}

#[test]
fn calls_and_loops_run_on_many_threads() {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_time().build().unwrap();
    runtime.block_on(async {
        let retry = Retry::fixed(ms(1)).max_attempts(3);
        let mut tasks = vec![];
        for _ in 0..20 {
            let retry = retry.clone();
            tasks.push(tokio::spawn(async move {
                let mut attempt = fails_first(2);
                let got = retry.call_async(|| ready(attempt())).await.ok();
                let attempts = retry.attempts();
                while let Some(attempt) = attempts.next_async().await {
                    tokio::task::yield_now().await;
                    attempt.failed(BUSY);
                }
                (got, attempts.finish().unwrap_err().attempts())
            }));
        }
        for task in tasks {
            assert_eq!(task.await.unwrap(), (Some("here"), 3));
        }
    });
}

#[test]
fn a_runtime_without_timers_is_no_panic() {
    let runtime = Builder::new_current_thread().build().unwrap();
    let retry = Retry::fixed(ms(1)).max_attempts(3);
    let error = runtime.block_on(retry.call_async(|| ready(Err::<(), _>(BUSY)))).unwrap_err();
    assert_eq!(error.attempts(), 3);
}

#[test]
fn outside_of_a_runtime_a_thread_waits() {
    let retry = Retry::fixed(ms(1)).max_attempts(3);
    let call = retry.call_async(|| ready(Err::<(), _>(BUSY)));
    assert_eq!(futures::executor::block_on(call).unwrap_err().attempts(), 3);
}
