//! Steps that note what is done.

use headwater::Outcome;

use super::ends::End;
use crate::support::log::Log;

/// The release of a resource that is a name: notes what it is told, and ends in its own way.
pub(super) fn release<N: Into<String>>(
    log: &Log,
    end: End,
) -> impl FnOnce(N, Outcome) -> Result<(), String> + Send + 'static + use<N> {
    let log = log.clone();
    move |name, outcome| {
        let name = name.into();
        log.note(format_args!("{name}:{outcome:?}"));
        end.of(name)
    }
}

/// The same, for a stack's `defer`.
pub(super) fn deferred(
    log: &Log,
    name: &'static str,
    end: End,
) -> impl FnOnce(Outcome) -> Result<(), String> + Send + 'static + use<> {
    let release = release(log, end);
    move |outcome| release(name, outcome)
}
