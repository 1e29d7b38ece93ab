//! Steps that await, and releases that note how far they are.

use std::sync::{Arc, Mutex};

use futures::executor::block_on;
use futures::future::BoxFuture;
use headwater::Outcome;
use headwater::stream::Unreleased;

use crate::scope::ends::End;
use crate::support::log::Log;
use crate::support::polls::yield_now;

/// A future that is pending so many times.
pub(super) async fn waits(times: usize) {
    for _ in 0..times {
        yield_now().await;
    }
}

pub(super) type Release = BoxFuture<'static, Result<(), String>>;

/// A release that notes what it is told, waits, and notes its end.
pub(super) fn release(
    log: &Log,
    times: usize,
    end: End,
) -> impl FnOnce(&'static str, Outcome) -> Release + Send + 'static + use<> {
    let log = log.clone();
    move |name, outcome| {
        Box::pin(async move {
            log.note(format_args!("{name}:{outcome:?}"));
            waits(times).await;
            log.note(format_args!("/{name}"));
            end.of(name)
        })
    }
}

/// Keeps the releases that a hook gets.
pub(super) struct Late<Fut>(Arc<Mutex<Vec<Unreleased<Fut>>>>);

impl<Fut: Future> Late<Fut> {
    pub(super) fn new() -> Self {
        Self(Arc::default())
    }

    pub(super) fn hook(&self) -> impl Fn(Unreleased<Fut>) + use<Fut> {
        let kept = Arc::clone(&self.0);
        move |release| kept.lock().unwrap().push(release)
    }

    /// Runs what there is to its end, which is one release at most.
    pub(super) fn run(&self) -> Option<Fut::Output> {
        let release = self.0.lock().unwrap().pop()?;
        assert!(self.0.lock().unwrap().is_empty(), "the hook was called twice");
        Some(block_on(release))
    }

    /// Drops what there is.
    pub(super) fn give_up(&self) -> usize {
        self.0.lock().unwrap().drain(..).count()
    }
}

/// A hook that is not to be called.
pub(super) fn never<Fut>(_release: Unreleased<Fut>) {
    // A second panic would end the process: then the journal shows it, for it lacks the release.
    assert!(std::thread::panicking(), "the release is awaited");
}
