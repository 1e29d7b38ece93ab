use std::mem;

use crate::scope::held::Held;
use crate::scope::outcome::Outcome;

/// Acquires a resource, lends it to `body`, and releases it, whichever way the body ends.
///
/// It is Python's `with`, and `bracket` elsewhere: the release is told the [`Outcome`], so that
/// it can commit or roll back. Rust's own `Drop` is enough for what is merely closed: it needs
/// neither to know how things went nor to say that it failed.
///
/// | body | release | what happens |
/// |---|---|---|
/// | gives a value | succeeds | the value is returned |
/// | gives a value | fails | its error is returned: a commit that fails is *the* error |
/// | fails | succeeds | the body's error is returned |
/// | fails | fails | the body's error is returned, the first one; a [`Stack`](crate::Stack) keeps both |
/// | panics | returns | the panic goes on |
/// | either | panics | the panic goes on; if both do, the body's |
///
/// # Errors
///
/// The first error, of `acquire`, after which nothing is released, of `body`, or of `release`.
///
/// # Panics
///
/// If a closure does.
///
/// # Resources
///
/// What `acquire` gives, until `release` has it. No allocation.
///
/// # Examples
///
/// A file that appears under its name only if all of it could be written:
///
/// ```
/// use headwater::{Outcome, scope};
/// use std::{fs, io::{self, Write}};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = &folder.path().join("report.txt");
/// let partial = path.with_extension("partial");
/// let written = scope(
///     || fs::File::create(&partial),
///     |file| {
///         file.write_all(b"half a report")?;
///         Err::<(), _>(io::Error::other("the source ran dry"))
///     },
///     |_, outcome| match outcome {
///         Outcome::Finished => fs::rename(&partial, path),
///         Outcome::Failed | Outcome::Abandoned => fs::remove_file(&partial),
///     },
/// );
/// assert_eq!(written.unwrap_err().to_string(), "the source ran dry");
/// assert!(!path.exists() && !partial.exists());
/// # Ok::<(), io::Error>(())
/// ```
#[inline]
pub fn scope<R, T, E>(
    acquire: impl FnOnce() -> Result<R, E>,
    body: impl FnOnce(&mut R) -> Result<T, E>,
    release: impl FnOnce(R, Outcome) -> Result<(), E>,
) -> Result<T, E> {
    let mut held = Held::nothing();
    let result = body(held.hold(acquire()?, release));
    let released = held.release(Outcome::of(&result));
    // Nothing is held any more: spares the look whether anything is.
    mem::forget(held);
    let value = result?;
    released.transpose()?;
    Ok(value)
}
