use crate::lines::runs::Runs;

/// Where lines come from.
///
/// It is there for bounds: `fn report<S: Origin>(lines: Lines<S>)`. It can't be implemented outside
/// this crate: [`read`](crate::lines::read()) takes any reader, and
/// [`random_access`](crate::lines::random_access) any storage.
///
/// # Examples
///
/// ```
/// use headwater::lines::{self, Lines, Origin};
///
/// fn longest<S: Origin>(lines: Lines<S>) -> Option<usize> {
///     lines.flatten().map(|line| line.len()).max()
/// }
///
/// assert_eq!(longest(lines::read(&b"one\nthree\n"[..])), Some(5));
/// ```
#[diagnostic::on_unimplemented(message = "`{Self}` is not where lines come from")]
pub trait Origin: Runs {}

/// An origin that can be read from its end as well: a file, a map, a storage, but no reader.
///
/// # Examples
///
/// ```
/// use headwater::lines::{self, BackOrigin, Lines};
///
/// fn last_three<S: BackOrigin>(lines: Lines<S>) -> Vec<String> {
///     lines.rev().take(3).flatten().map(|line| line.to_string()).collect()
/// }
///
/// let log = lines::random_access(|| Ok(&b"one\ntwo\nthree\nfour\n"[..]));
/// assert_eq!(last_three(log), ["four", "three", "two"]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be read from its end",
    note = "a reader and compressed data can only be read from the start: a file can be read from both ends by `headwater::lines`"
)]
pub trait BackOrigin: Origin {}
