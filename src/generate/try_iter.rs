use std::fmt;
use std::iter::FusedIterator;
use std::task::Context;

use crate::generate::body::{Body, Pulled};
use crate::generate::iter::asleep;
use crate::generate::slot::ASLEEP;
use crate::generate::try_emitter::TryEmitter;

/// Makes an iterator of an async block that emits its items and may fail.
///
/// It is [`generate`](crate::generate()), and its items are `Result`s: an error that the block
/// returns, as `?` does, is the last; one that it [emits](TryEmitter::emit_err) is not.
///
/// The type of the error has to stand somewhere: in the type that a function returns, or in the
/// last line, `Ok::<_, Error>(())`.
///
/// # Errors
///
/// Those of the body.
///
/// # Panics
///
/// A pull panics where the body does, and where it awaits anything but its emitter.
///
/// # Resources
///
/// Two allocations, at the first pull: the body with what it holds, and a slot for one item.
///
/// # Examples
///
/// ```
/// use headwater::{Error, lines};
///
/// let path = "fixtures/rotated/access.log";
/// let pairs = headwater::try_generate(|out| async move {
///     let mut log = lines(path)?;
///     while let (Some(one), Some(other)) = (log.next(), log.next()) {
///         out.emit((one?, other?)).await;
///     }
///     Ok::<_, Error>(())
/// });
/// assert_eq!(pairs.count(), 50);
/// ```
pub fn try_generate<T, E, F, Fut>(body: F) -> TryGenerate<T, E, F, Fut>
where
    F: FnOnce(TryEmitter<T, E>) -> Fut,
    Fut: Future<Output = Result<(), E>>,
{
    TryGenerate { body: Body::Unstarted(body) }
}

/// An iterator of what an async block emits, which may fail.
///
/// This struct is created by [`try_generate`]. See its documentation for more.
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct TryGenerate<T, E, F, Fut: Future> {
    body: Body<Result<T, E>, (), F, Fut>,
}

impl<T, E, F, Fut: Future> fmt::Debug for TryGenerate<T, E, F, Fut> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TryGenerate").field("is_over", &self.body.is_over()).finish_non_exhaustive()
    }
}

impl<T, E, F, Fut> Iterator for TryGenerate<T, E, F, Fut>
where
    F: FnOnce(TryEmitter<T, E>) -> Fut,
    Fut: Future<Output = Result<(), E>>,
{
    type Item = Result<T, E>;

    #[inline]
    fn next(&mut self) -> Option<Result<T, E>> {
        let mut cx = Context::from_waker(ASLEEP);
        match self.body.pull(&mut cx, |body, giver| body(TryEmitter::new(giver))) {
            Ok(result) => Some(result),
            Err(rest) => match self.body.settle(rest) {
                Pulled::Item(result) => Some(result),
                Pulled::Ended(output) => output.err().map(Err),
                Pulled::Over => None,
                Pulled::Waits => asleep(&mut self.body),
            },
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, self.body.is_over().then_some(0))
    }
}

impl<T, E, F, Fut> FusedIterator for TryGenerate<T, E, F, Fut>
where
    F: FnOnce(TryEmitter<T, E>) -> Fut,
    Fut: Future<Output = Result<(), E>>,
{
}
