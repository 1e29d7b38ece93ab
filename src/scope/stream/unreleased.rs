use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::scope::panics::contained;

/// A release that nobody awaits any more: a future that is still to be run.
///
/// A drop can't await. So when the future of a [`stream::scope`](crate::stream::scope) is dropped
/// before its release is done, as `select!` and timeouts do, the release goes to the hook that the
/// scope was given. If it had not begun, it is told [`Outcome::Abandoned`](crate::Outcome::Abandoned);
/// else it goes on where it was. What becomes of it is said in the hook:
///
/// - `|release| drop(tokio::spawn(release))` runs it on a runtime. It panics where there is none, and
///   a runtime that is shut down gives it up, with all its tasks;
/// - `|release| drop(release.now_or_never())`, of `futures`, runs it as far as it goes at once;
/// - `|release| drop(sender.send(release))` leaves it to somebody who awaits it, after a runtime
///   that was shut down, too;
/// - `drop` gives it up.
///
/// What goes to a task or a channel is owned: the resource, and what its release has captured, have
/// no lifetime in them then (`'static`, and `Send`). Of a transaction that borrows its connection,
/// the release is run at once, as far as it goes.
///
/// To wait in the hook blocks the thread, and panics or hangs inside an executor.
///
/// Scopes within one another hand over a release each, the inner one first. What is spawned runs
/// side by side. Where the order matters, send them to somebody who awaits one after the other, or
/// hold all in one [`Stack`](crate::stream::Stack), whose releases are a single future.
///
/// # Examples
///
/// ```
/// use futures::{FutureExt, executor::block_on, future::pending};
/// use headwater::{Outcome, stream::{self, Unreleased}};
/// use std::sync::mpsc::channel;
///
/// let (late, releases) = channel();
/// let (sender, outcomes) = channel();
/// let work = stream::scope(
///     async || Ok(sender),
///     async |_| pending::<Result<(), ()>>().await,
///     async |sender, outcome| sender.send(outcome).map_err(drop),
///     |release: Unreleased<_>| drop(late.send(release)),
/// );
/// assert_eq!(work.now_or_never(), None); // dropped while it waits
///
/// block_on(releases.recv().unwrap()).unwrap();
/// assert_eq!(outcomes.recv(), Ok(Outcome::Abandoned));
/// ```
#[must_use = "the resource is not released unless this is awaited"]
pub struct Unreleased<Fut>(Pin<Box<Fut>>);

impl<Fut: Future> Unreleased<Fut> {
    pub(super) fn new(release: Fut) -> Self {
        Self(Box::pin(release))
    }
}

impl<Fut: Future> Future for Unreleased<Fut> {
    type Output = Fut::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Fut::Output> {
        self.0.as_mut().poll(cx)
    }
}

impl<Fut> fmt::Debug for Unreleased<Fut> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unreleased").finish_non_exhaustive()
    }
}

/// Runs a release to its end, or hands it over to the hook when it is dropped before that.
pub(super) struct Releasing<Fut: Future, H: FnOnce(Unreleased<Fut>)>(Option<(Unreleased<Fut>, H)>);

impl<Fut: Future, H: FnOnce(Unreleased<Fut>)> Releasing<Fut, H> {
    pub(super) fn new(release: Fut, abandoned: H) -> Self {
        Self(Some((Unreleased::new(release), abandoned)))
    }
}

/// Nothing is pinned in it but what is in the release's box.
impl<Fut: Future, H: FnOnce(Unreleased<Fut>)> Unpin for Releasing<Fut, H> {}

impl<Fut: Future, H: FnOnce(Unreleased<Fut>)> Future for Releasing<Fut, H> {
    type Output = Fut::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Fut::Output> {
        // A release that panics is not to be polled again, by nobody.
        let Some((mut release, abandoned)) = self.0.take() else {
            return Poll::Pending;
        };
        let polled = Pin::new(&mut release).poll(cx);
        if polled.is_pending() {
            self.0 = Some((release, abandoned));
        }
        polled
    }
}

impl<Fut: Future, H: FnOnce(Unreleased<Fut>)> Drop for Releasing<Fut, H> {
    fn drop(&mut self) {
        if let Some((release, abandoned)) = self.0.take() {
            contained(|| abandoned(release));
        }
    }
}
