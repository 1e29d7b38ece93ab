//! What drops a future in a program: a timeout, a `select!`, a task that is aborted.

use std::future::{pending, ready};
use std::sync::mpsc;
use std::time::Duration;

use futures::executor::block_on;
use futures::future::BoxFuture;
use futures::{FutureExt, select_biased};
use headwater::stream::Unreleased;
use headwater::{Outcome, stream};
use tokio::runtime::Builder;
use tokio::sync::oneshot;

use super::runs::spawned;

type Release = BoxFuture<'static, Result<(), Outcome>>;

/// A scope that never ends. It says when it is acquired and what its release was told.
async fn endless(
    acquired: oneshot::Sender<()>,
    told: oneshot::Sender<Outcome>,
    hook: impl FnOnce(Unreleased<Release>),
) {
    let scoped = stream::scope(
        async || Ok(told),
        async |_| {
            acquired.send(()).expect("the test listens");
            pending::<Result<(), Outcome>>().await
        },
        |told, outcome| -> Release {
            Box::pin(async move {
                tokio::task::yield_now().await;
                told.send(outcome)
            })
        },
        hook,
    );
    scoped.await.expect("it does not end");
}

fn spawns(release: Unreleased<Release>) {
    drop(tokio::spawn(release));
}

#[test]
fn a_timeout_has_the_release_run_by_the_runtime() {
    spawned(async {
        let ((acquired, _is_acquired), (told, outcome)) = (oneshot::channel(), oneshot::channel());
        let timed = tokio::time::timeout(Duration::ZERO, endless(acquired, told, spawns)).await;
        assert!(timed.is_err());
        assert_eq!(outcome.await, Ok(Outcome::Abandoned));
    });
}

#[test]
fn a_select_has_the_release_run_by_the_runtime() {
    spawned(async {
        let ((acquired, _is_acquired), (told, outcome)) = (oneshot::channel(), oneshot::channel());
        {
            let mut scoped = Box::pin(endless(acquired, told, spawns)).fuse();
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
        let task = tokio::spawn(endless(acquired, told, spawns));
        is_acquired.await.unwrap();
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
        assert_eq!(outcome.await, Ok(Outcome::Abandoned));
    });
}

/// Shuts a runtime down while a scope waits in one of its tasks.
fn shut_down(
    hook: impl FnOnce(Unreleased<Release>) + Send + 'static,
) -> Result<Outcome, oneshot::error::RecvError> {
    let ((acquired, is_acquired), (told, outcome)) = (oneshot::channel(), oneshot::channel());
    let runtime = Builder::new_multi_thread().worker_threads(1).build().unwrap();
    runtime.spawn(endless(acquired, told, hook));
    block_on(is_acquired).unwrap();
    drop(runtime);
    block_on(outcome)
}

#[test]
fn a_runtime_that_is_shut_down_gives_up_what_is_spawned() {
    assert!(shut_down(spawns).is_err());
}

#[test]
fn a_release_that_is_sent_away_outlives_the_runtime() {
    let (late, releases) = mpsc::channel::<Unreleased<Release>>();
    let awaits = std::thread::spawn(move || block_on(releases.recv().unwrap()));
    assert_eq!(shut_down(move |release| late.send(release).unwrap()), Ok(Outcome::Abandoned));
    assert_eq!(awaits.join().unwrap(), Ok(()));
}
