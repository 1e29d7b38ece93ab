//! What drops a future in a program: a timeout, a `select!`, a task that is aborted.

use std::future::{pending, ready};
use std::time::Duration;

use futures::{FutureExt, select_biased};
use headwater::stream::Unreleased;
use headwater::{Outcome, stream};
use tokio::sync::oneshot;

use super::runs::spawned;

/// A scope that never ends, and has its release run by the runtime. It says when it is acquired and
/// what its release was told.
async fn endless(acquired: oneshot::Sender<()>, told: oneshot::Sender<Outcome>) {
    let scoped = stream::scope(
        async || Ok(told),
        async |_| {
            acquired.send(()).expect("the test listens");
            pending::<Result<(), Outcome>>().await
        },
        async |told, outcome| {
            tokio::task::yield_now().await;
            told.send(outcome)
        },
        |release: Unreleased<_>| drop(tokio::spawn(release)),
    );
    scoped.await.expect("it does not end");
}

#[test]
fn a_timeout_has_the_release_run_by_the_runtime() {
    spawned(async {
        let ((acquired, _is_acquired), (told, outcome)) = (oneshot::channel(), oneshot::channel());
        let timed = tokio::time::timeout(Duration::ZERO, endless(acquired, told)).await;
        assert!(timed.is_err());
        assert_eq!(outcome.await, Ok(Outcome::Abandoned));
    });
}

#[test]
fn a_select_has_the_release_run_by_the_runtime() {
    spawned(async {
        let ((acquired, _is_acquired), (told, outcome)) = (oneshot::channel(), oneshot::channel());
        {
            let mut scoped = Box::pin(endless(acquired, told)).fuse();
            select_biased! {
                () = scoped => panic!("it ended"),
                () = ready(()).fuse() => {}
            }
        }
        assert_eq!(outcome.await, Ok(Outcome::Abandoned));
    });
}

#[test]
fn a_task_that_is_aborted_has_the_release_run_by_the_runtime() {
    spawned(async {
        let ((acquired, is_acquired), (told, outcome)) = (oneshot::channel(), oneshot::channel());
        let task = tokio::spawn(endless(acquired, told));
        is_acquired.await.unwrap();
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
        assert_eq!(outcome.await, Ok(Outcome::Abandoned));
    });
}
