use crate::lines::runs::Runs;
use crate::lines::wait::Wait;

/// Where the lines of a stream come from.
///
/// It is there for bounds: `fn report<S: Origin>(lines: Lines<S>)`. It can't be implemented outside
/// this crate: [`read`](crate::stream::lines::read) takes any async reader,
/// [`chunks`](crate::stream::lines::chunks) any stream of bytes.
///
/// # Examples
///
/// ```
/// use futures::{TryStreamExt, executor::block_on};
/// use headwater::stream::lines::{self, Lines, Origin};
///
/// async fn longest<S: Origin>(lines: Lines<S>) -> Result<usize, headwater::Error> {
///     lines.try_fold(0, |longest, line| async move { Ok(longest.max(line.len())) }).await
/// }
///
/// assert_eq!(block_on(longest(lines::read(&b"one\nthree\n"[..])))?, 5);
/// # Ok::<(), headwater::Error>(())
/// ```
#[diagnostic::on_unimplemented(message = "`{Self}` is not where the lines of a stream come from")]
pub trait Origin: Polled {}

/// An origin that is read in polls.
pub trait Polled: Runs + Unpin {
    /// What it shares with what it reads.
    fn wait(&self) -> &Wait;
}
