//! The ways to run a future: on one thread, as a task of several, by hand.

use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::LazyLock;
use std::task::Poll;

use futures::{FutureExt, executor};
use tokio::runtime::{Builder, Runtime};

use crate::scope::ends::telling;
use crate::support::polls::poll_once;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    Builder::new_multi_thread().worker_threads(2).enable_time().build().expect("a runtime")
});

/// Runs a future as a task, for which it has to be `Send`.
pub(super) fn spawned<Fut>(future: Fut) -> Fut::Output
where
    Fut: Future<Output: Send> + Send + 'static,
{
    RUNTIME.block_on(async { tokio::spawn(future).await.expect("a task that does not panic") })
}

/// Runs a future on an executor of one thread and one as a task of a runtime: both give this.
#[track_caller]
pub(super) fn everywhere<Fut>(context: &str, work: impl Fn() -> Fut, expected: &str)
where
    Fut: Future<Output = String> + Send + 'static,
{
    assert_eq!(executor::block_on(work()), expected, "{context}");
    assert_eq!(spawned(work()), expected, "{context}, in a task");
}

/// Tells what comes of a future.
pub(super) async fn told<T, E: ToString>(work: impl Future<Output = Result<T, E>>) -> String {
    telling(AssertUnwindSafe(work).catch_unwind().await)
}

/// Polls a future so many times, and drops it unless it is done: then tells what came.
pub(super) fn polled<O>(times: usize, future: impl Future<Output = O>) -> Option<O> {
    let mut future = pin!(future);
    (0..times).find_map(|_| match poll_once(&mut future) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    })
}
