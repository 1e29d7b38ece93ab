use crate::pages::stream::calls::Calls;

/// What fetches the pages of a stream.
///
/// It is there for bounds: `fn feed<S: Fetch<u32>>(pages: Pages<u32, S>)`. It can't be implemented
/// outside this crate: [`pages`](crate::stream::pages()) takes any async function.
///
/// # Examples
///
/// ```
/// use futures::{StreamExt, executor::block_on};
/// use headwater::pages::Page;
/// use headwater::stream::{pages, pages::{Fetch, Pages}};
///
/// async fn total<S>(pages: Pages<u32, S>) -> u32
/// where
///     S: Fetch<u32, Fetched = Result<Page<u32, u32>, String>>,
/// {
///     pages.items().filter_map(async |item| item.ok()).fold(0, async |sum, n| sum + n).await
/// }
///
/// let feed = pages(1, async |n| Ok(Page::new([n]).next((n < 4).then_some(n + 1))));
/// assert_eq!(block_on(total(feed)), 10);
/// ```
#[diagnostic::on_unimplemented(message = "`{Self}` is not what fetches pages")]
pub trait Fetch<C>: Calls<C> {}

impl<C, S: Calls<C>> Fetch<C> for S {}
