use std::marker::PhantomData;
use std::mem;

use crate::scope::outcome::Outcome;
use crate::scope::panics::contained;

/// A resource and its release, which is run once: when it is asked for, or else on drop.
pub(super) struct Held<R, C, O>
where
    C: FnOnce(R, Outcome) -> O,
{
    /// From when it is acquired until it is released.
    parts: Option<(R, C)>,
    output: PhantomData<fn() -> O>,
}

impl<R, C, O> Held<R, C, O>
where
    C: FnOnce(R, Outcome) -> O,
{
    pub(super) fn nothing() -> Self {
        Self { parts: None, output: PhantomData }
    }

    #[inline]
    pub(super) fn hold(&mut self, resource: R, release: C) -> &mut R {
        &mut self.parts.insert((resource, release)).0
    }

    /// Uses the resource, if it is held. If that panics, it is released in the same call.
    #[inline]
    pub(super) fn with<T>(&mut self, work: impl FnOnce(&mut R) -> T) -> Option<T> {
        let abandon = Abandon(self);
        let (resource, _) = abandon.0.parts.as_mut()?;
        let result = work(resource);
        mem::forget(abandon);
        Some(result)
    }

    /// Releases the resource, if it is held.
    #[inline]
    pub(super) fn release(&mut self, outcome: Outcome) -> Option<O> {
        let (resource, release) = self.parts.take()?;
        Some(release(resource, outcome))
    }

    pub(super) fn is_held(&self) -> bool {
        self.parts.is_some()
    }

    /// Releases what is still held, for a drop.
    #[cold]
    fn abandon(&mut self) {
        contained(|| _ = self.release(Outcome::Abandoned));
    }
}

impl<R, C, O> Drop for Held<R, C, O>
where
    C: FnOnce(R, Outcome) -> O,
{
    #[inline]
    fn drop(&mut self) {
        if self.is_held() {
            self.abandon();
        }
    }
}

/// Abandons what is held when it is dropped.
struct Abandon<'a, R, C: FnOnce(R, Outcome) -> O, O>(&'a mut Held<R, C, O>);

impl<R, C: FnOnce(R, Outcome) -> O, O> Drop for Abandon<'_, R, C, O> {
    fn drop(&mut self) {
        self.0.abandon();
    }
}
