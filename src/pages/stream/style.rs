use std::sync::Arc;

use crate::pages::iter::Fetched;
use crate::pages::reply::Reply;
use crate::pages::stream::by_page::{Pages, pages};
use crate::pages::stream::fetch::Fetch;
use crate::pages::style::Style;

/// Gives the pages of a server whose cursors are of a style.
///
/// It is [`pages::by`](crate::pages::by) with an async function, for all the same styles: `fetch`
/// gets a cursor, and gives a [`Reply`]. Otherwise it is [`pages`](crate::stream::pages()).
///
/// # Errors
///
/// Those of [`pages`](crate::stream::pages()). What a style finds wrong with where the next page is
/// comes after the items of the page at hand.
///
/// # Panics
///
/// If the function does, or its future.
///
/// # Cancel safety
///
/// As [`pages`](crate::stream::pages()).
///
/// # Examples
///
/// ```
/// use futures::{TryStreamExt, executor::block_on};
/// use headwater::{pages::{Reply, Token}, stream};
///
/// let feed = stream::pages::by(Token, async |token: Option<String>| {
///     Ok::<_, String>(match token.as_deref() {
///         None => Reply::new(vec!["a", "b"], Some("later".to_owned())),
///         Some(_) => Reply::new(vec!["c"], None),
///     })
/// });
/// assert_eq!(block_on(feed.items().try_collect::<Vec<_>>()).unwrap(), ["a", "b", "c"]);
/// ```
#[expect(clippy::type_complexity, reason = "what hides a future has no other name")]
pub fn by<S, T, M, E, F, Fut>(
    style: S,
    mut fetch: F,
) -> Pages<S::Cursor, impl Fetch<S::Cursor, Fetched = Fetched<T, S::Cursor, M, E>>>
where
    S: Style<T>,
    F: FnMut(S::Cursor) -> Fut,
    Fut: Future<Output = Result<Reply<T, S::Said, M>, E>>,
{
    let (first, on_repeat, style) = (style.first(), style.on_repeat(), Arc::new(style));
    let fetch = move |at: S::Cursor| {
        let (reply, style) = (fetch(at.clone()), Arc::clone(&style));
        async move { Ok(style.page(&at, reply.await?)) }
    };
    pages(first, fetch).on_repeat(on_repeat)
}
