use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

use crate::error::{Error, ErrorKind};
use crate::lines::iter::Lines;
use crate::lines::ranged::Ranged;
use crate::lines::read_at::ReadAt;
use crate::lines::store::Open;

/// Gives the lines of any storage that can be read at any offset, from either end.
///
/// `open` opens it, at the first pull, and again at the first pull after each
/// [`resume_at`](crate::Source::resume_at).
///
/// # Errors
///
/// An item may be an error of `open` ([`ErrorKind::Open`](crate::ErrorKind::Open)), of the storage
/// ([`ErrorKind::Read`](crate::ErrorKind::Read)), or one that [`lines`](crate::lines()) names.
///
/// # Examples
///
/// ```
/// use headwater::lines;
///
/// let log = b"one\ntwo\nthree\n";
/// let backward: Vec<String> = lines::random_access(|| Ok(&log[..]))
///     .rev()
///     .map(|line| line.map(|line| line.to_string()))
///     .collect::<Result<_, _>>()?;
/// assert_eq!(backward, ["three", "two", "one"]);
/// # Ok::<(), headwater::Error>(())
/// ```
pub fn random_access<F, R>(open: F) -> Lines<Ranged<ByCall<F>>>
where
    F: FnMut() -> io::Result<R>,
    R: ReadAt,
{
    Lines::new(Ranged::new(ByCall(open), None))
}

/// Opens a storage by a call.
pub struct ByCall<F>(F);

impl<F> fmt::Debug for ByCall<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByCall").finish_non_exhaustive()
    }
}

impl<F, R> Open for ByCall<F>
where
    F: FnMut() -> io::Result<R>,
    R: ReadAt,
{
    type Store = R;

    fn open(&mut self) -> Result<R, Error> {
        (self.0)().map_err(|cause| Error::new(ErrorKind::Open).because(cause))
    }

    fn path(&self) -> Option<&Arc<Path>> {
        None
    }
}
