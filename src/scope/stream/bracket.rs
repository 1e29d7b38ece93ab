use crate::scope::outcome::Outcome;
use crate::scope::stream::held::Held;
use crate::scope::stream::panics::{caught, contained};
use crate::scope::stream::unreleased::Unreleased;

/// Acquires a resource, lends it to `body`, and awaits its release, whichever way the body ends.
///
/// It is [`scope`](crate::scope()) with async closures, and Python's `async with`: the release is
/// awaited after a body that gave a value, failed or panicked. Which error is returned is said
/// there.
///
/// # Errors
///
/// The first error, of `acquire`, after which nothing is released, of `body`, or of `release`.
///
/// # Panics
///
/// If a closure does. After a panic of the body the release is awaited, then the panic goes on.
///
/// # Resources
///
/// What `acquire` gives, until `release` has it. One allocation, for the release.
///
/// # Cancel safety
///
/// A future that is dropped can't await anything. If it is dropped while it acquires, nothing was
/// acquired. Later, `abandoned` is called with the release, which is told
/// [`Outcome::Abandoned`], or goes on where it was: [`Unreleased`] says what it can do with it.
/// Nothing is skipped unless `abandoned` does.
///
/// # In tasks
///
/// The future is `Send` if what is in it is. If the type of the resource has a lifetime, as that of
/// a transaction or of a lock's guard, rustc may say of a task that it "is not general enough"
/// (rust-lang/rust#110338). Then bind the closure first, `let body = async |rows: &mut Rows<'_>| …`,
/// return the future in a `Pin<Box<dyn Future + Send + '_>>`, or have the resource own what it
/// borrows (`lock_owned`).
///
/// # Examples
///
/// ```
/// use futures::{FutureExt, executor::block_on};
/// use headwater::{Outcome, stream};
///
/// async fn commit(rows: Vec<u32>) -> Result<(), String> {
///     (rows.len() == 1).then_some(()).ok_or_else(|| "conflict".to_owned())
/// }
///
/// let inserted = block_on(stream::scope(
///     async || Ok(Vec::new()),
///     async |rows| {
///         rows.push(7);
///         Ok(rows.len())
///     },
///     async |rows, outcome| match outcome {
///         Outcome::Finished => commit(rows).await,
///         Outcome::Failed | Outcome::Abandoned => Ok(()),
///     },
///     |release| drop(release.now_or_never()), // as far as it goes without waiting
/// ));
/// assert_eq!(inserted, Ok(1));
/// ```
pub async fn scope<R, T, E, Fut>(
    acquire: impl AsyncFnOnce() -> Result<R, E>,
    body: impl AsyncFnOnce(&mut R) -> Result<T, E>,
    release: impl FnOnce(R, Outcome) -> Fut,
    abandoned: impl FnOnce(Unreleased<Fut>),
) -> Result<T, E>
where
    Fut: Future<Output = Result<(), E>>,
{
    let mut held = Held::nothing();
    let resource = held.hold(acquire().await?, release, abandoned);
    match caught(async { body(resource).await }).await {
        Ok(result) => {
            let released = held.release(Outcome::of(&result)).await;
            let value = result?;
            released.transpose()?;
            Ok(value)
        }
        Err(payload) => {
            contained(held.release(Outcome::Abandoned)).await;
            payload.resume()
        }
    }
}
