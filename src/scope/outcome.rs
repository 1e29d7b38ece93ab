/// How the use of a resource came to its end: what a release is told.
///
/// The three are those of cats-effect's `ExitCase`: `Succeeded`, `Errored` and `Canceled`. A panic
/// is the third, since nobody gets an error.
///
/// # Examples
///
/// ```
/// use headwater::{Outcome, scope};
///
/// let journal = std::cell::RefCell::new(Vec::new());
/// let result = scope(
///     || Ok(&journal),
///     |journal| {
///         journal.borrow_mut().push("insert");
///         Err::<(), _>("no such table")
///     },
///     |journal, outcome| {
///         journal.borrow_mut().push(match outcome {
///             Outcome::Finished => "commit",
///             Outcome::Failed | Outcome::Abandoned => "roll back",
///         });
///         Ok(())
///     },
/// );
/// assert_eq!(result, Err("no such table"));
/// assert_eq!(journal.into_inner(), ["insert", "roll back"]);
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Outcome {
    /// It was used to its end, without an error.
    Finished,
    /// Its use gave an error, or the release of something that used it did.
    Failed,
    /// Its user stopped early: it panicked, was cancelled, or dropped an iterator that had more.
    Abandoned,
}

impl Outcome {
    pub(super) fn of<T, E>(result: &Result<T, E>) -> Self {
        if result.is_ok() { Self::Finished } else { Self::Failed }
    }

    /// What is told to the next release after one that failed.
    pub(super) fn and_failed(self) -> Self {
        if self == Self::Finished { Self::Failed } else { self }
    }
}
