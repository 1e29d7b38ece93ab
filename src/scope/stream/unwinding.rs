use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::scope::entries::{Entries, Entry};
use crate::scope::outcome::Outcome;
use crate::scope::panics::Payload;

/// The release of one entry.
pub(super) type Release<E> = Pin<Box<dyn Future<Output = Result<(), E>> + Send>>;

pub(super) type AsyncEntry<E> = dyn Entry<Release<E>> + Send;

/// The releases of a stack, one after the other: a future of all their errors.
///
/// [`Stack`](crate::stream::Stack) runs one, and hands it over in an
/// [`Unreleased`](crate::stream::Unreleased) if it can't be awaited.
#[must_use = "nothing is released unless this is awaited"]
pub struct Unwinding<E> {
    /// The release that is under way.
    release: Option<Release<E>>,
    /// What is left, dropped after that.
    entries: Entries<AsyncEntry<E>>,
    /// What the next release is told.
    outcome: Outcome,
    errors: Vec<E>,
    /// The first panic, which goes on when all is released.
    panic: Option<Payload>,
}

impl<E> Unwinding<E> {
    pub(super) fn new(entries: Entries<AsyncEntry<E>>, outcome: Outcome) -> Self {
        Self { release: None, entries, outcome, errors: Vec::new(), panic: None }
    }

    /// Begins the next release, and runs it as far as it goes.
    fn poll_release(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<(), E>>> {
        if self.release.is_none() {
            self.release = self.entries.pop().map(|entry| entry.release(self.outcome));
        }
        let Some(release) = &mut self.release else {
            return Poll::Ready(None);
        };
        let released = ready!(release.as_mut().poll(cx));
        self.release = None;
        Poll::Ready(Some(released))
    }
}

/// Nothing is pinned in it but what is in boxes.
impl<E> Unpin for Unwinding<E> {}

impl<E> Future for Unwinding<E> {
    type Output = Vec<E>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Vec<E>> {
        loop {
            match Payload::catch(|| self.poll_release(cx)) {
                Ok(Poll::Pending) => return Poll::Pending,
                Ok(Poll::Ready(Some(Ok(())))) => {}
                Ok(Poll::Ready(Some(Err(error)))) => {
                    self.errors.push(error);
                    self.outcome = self.outcome.and_failed();
                }
                Err(payload) => {
                    let release = self.release.take();
                    drop(Payload::catch(|| drop(release)));
                    self.panic.get_or_insert(payload);
                    self.outcome = Outcome::Abandoned;
                }
                Ok(Poll::Ready(None)) => break,
            }
        }
        if let Some(payload) = self.panic.take() {
            payload.resume();
        }
        Poll::Ready(std::mem::take(&mut self.errors))
    }
}

impl<E> fmt::Debug for Unwinding<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let len = self.entries.len() + usize::from(self.release.is_some());
        f.debug_struct("Unwinding").field("len", &len).finish_non_exhaustive()
    }
}
