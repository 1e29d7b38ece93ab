use crate::source::Source;

/// Where a source is behind an item, and what it says of its last error: what has to be kept beside
/// an item that is under way.
///
/// It is noted at once with the item, since the source is further by the time the item is given.
#[derive(Clone, Debug)]
pub struct Mark<P> {
    pub(crate) position: P,
    pub(crate) can_recover: bool,
}

impl<P> Mark<P> {
    pub(crate) fn of<S: Source<Position = P>>(source: &S) -> Self {
        Self { position: source.position(), can_recover: source.can_recover() }
    }
}
