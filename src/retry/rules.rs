use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::retry::failure::Failure;

/// What a [`Retry`](crate::Retry) has to say of errors of this type.
///
/// It is implemented by [`AnyError`] for all of them, and by [`On<E>`] for one, and can't be
/// implemented elsewhere: it is for bounds.
#[diagnostic::on_unimplemented(
    message = "this policy is not for errors of type `{E}`",
    note = "`when`, `hint`, `after` and `before_sleep` make a policy one for their type of errors",
    note = "of pages, `.retry(policy)` before `.items()` sees the errors of the fetch"
)]
pub trait Rules<E>: private::Sealed {
    /// Tells whether another attempt may help; `None` without an opinion.
    #[doc(hidden)]
    fn verdict(&self, error: &E) -> Option<bool>;

    /// Tells how long the other side asks to wait.
    #[doc(hidden)]
    fn hint(&self, error: &E) -> Option<Duration>;

    /// Tells whether it is enough.
    #[doc(hidden)]
    fn stops(&self, failure: &Failure<'_, E>) -> bool;

    #[doc(hidden)]
    fn after(&self, failure: &Failure<'_, E>);

    #[doc(hidden)]
    fn before_sleep(&self, failure: &Failure<'_, E>);
}

mod private {
    pub trait Sealed {}
    impl Sealed for super::AnyError {}
    impl<E> Sealed for super::On<E> {}
}

/// Retries whatever the error is; of a source, if the source thinks that it helps.
///
/// A [`Retry`](crate::Retry) begins with this rule, and serves calls of all types.
#[derive(Clone, Copy, Debug, Default)]
pub struct AnyError;

impl<E> Rules<E> for AnyError {
    fn verdict(&self, _: &E) -> Option<bool> {
        None
    }

    fn hint(&self, _: &E) -> Option<Duration> {
        None
    }

    fn stops(&self, _: &Failure<'_, E>) -> bool {
        false
    }

    fn after(&self, _: &Failure<'_, E>) {}

    fn before_sleep(&self, _: &Failure<'_, E>) {}
}

type Hook<E, O> = Option<Arc<dyn Fn(&E) -> O + Send + Sync>>;
type Told<E, O = ()> = Option<Arc<dyn Fn(&Failure<'_, E>) -> O + Send + Sync>>;

/// What is to be done on errors of one type.
///
/// A [`Retry`](crate::Retry) has it from when it is told something about them, by
/// [`when`](crate::Retry::when), [`hint`](crate::Retry::hint),
/// [`stop_when`](crate::Retry::stop_when), [`after`](crate::Retry::after) or
/// [`before_sleep`](crate::Retry::before_sleep). `Retry<On<io::Error>>` is the name of its type.
pub struct On<E> {
    pub(super) when: Hook<E, bool>,
    pub(super) hint: Hook<E, Option<Duration>>,
    pub(super) stop_when: Told<E, bool>,
    pub(super) after: Told<E>,
    pub(super) before_sleep: Told<E>,
}

impl<E> Rules<E> for On<E> {
    fn verdict(&self, error: &E) -> Option<bool> {
        self.when.as_ref().map(|when| when(error))
    }

    fn hint(&self, error: &E) -> Option<Duration> {
        self.hint.as_ref()?(error)
    }

    fn stops(&self, failure: &Failure<'_, E>) -> bool {
        self.stop_when.as_ref().is_some_and(|stop| stop(failure))
    }

    fn after(&self, failure: &Failure<'_, E>) {
        if let Some(after) = &self.after {
            after(failure);
        }
    }

    fn before_sleep(&self, failure: &Failure<'_, E>) {
        if let Some(before_sleep) = &self.before_sleep {
            before_sleep(failure);
        }
    }
}

impl<E> From<AnyError> for On<E> {
    fn from(_: AnyError) -> Self {
        Self { when: None, hint: None, stop_when: None, after: None, before_sleep: None }
    }
}

impl<E> Clone for On<E> {
    fn clone(&self) -> Self {
        let Self { when, hint, stop_when, after, before_sleep } = self;
        Self {
            when: when.clone(),
            hint: hint.clone(),
            stop_when: stop_when.clone(),
            after: after.clone(),
            before_sleep: before_sleep.clone(),
        }
    }
}

impl<E> fmt::Debug for On<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("On").finish_non_exhaustive()
    }
}
