use crate::scope::outcome::Outcome;
use crate::scope::panics::contained;
use crate::scope::stream::unreleased::{Releasing, Unreleased};

/// A resource, its release, which is run once, and who gets that if it can't be awaited.
pub(super) struct Held<R, C, H, Fut>
where
    C: FnOnce(R, Outcome) -> Fut,
    Fut: Future,
    H: FnOnce(Unreleased<Fut>),
{
    /// From when it is acquired until it is released.
    parts: Option<(R, C, H)>,
}

impl<R, C, H, Fut> Held<R, C, H, Fut>
where
    C: FnOnce(R, Outcome) -> Fut,
    Fut: Future,
    H: FnOnce(Unreleased<Fut>),
{
    pub(super) fn nothing() -> Self {
        Self { parts: None }
    }

    pub(super) fn hold(&mut self, resource: R, release: C, abandoned: H) -> &mut R {
        &mut self.parts.insert((resource, release, abandoned)).0
    }

    /// Releases the resource, if it is held, and waits for that.
    pub(super) async fn release(&mut self, outcome: Outcome) -> Option<Fut::Output> {
        let (resource, release, abandoned) = self.parts.take()?;
        Some(Releasing::new(release(resource, outcome), abandoned).await)
    }
}

impl<R, C, H, Fut> Drop for Held<R, C, H, Fut>
where
    C: FnOnce(R, Outcome) -> Fut,
    Fut: Future,
    H: FnOnce(Unreleased<Fut>),
{
    fn drop(&mut self) {
        if let Some((resource, release, abandoned)) = self.parts.take() {
            contained(|| abandoned(Unreleased::new(release(resource, Outcome::Abandoned))));
        }
    }
}
