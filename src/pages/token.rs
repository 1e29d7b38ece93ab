use crate::pages::error::ErrorKind;
use crate::pages::iter::{Fetched, Pages};
use crate::pages::reply::Reply;
use crate::pages::style::{Style, by};

/// Gives pages by the token that each has for the next: `next_page_token`, `cursor`, `NextToken`.
///
/// `fetch` gets the token, `None` for the first page, and gives the items with the token of the next.
/// No token and an empty one are the end (AIP-158), a page without items is none. What else is asked
/// has to stay the same from page to page, and some servers let tokens expire.
///
/// # Errors
///
/// Those of [`pages`](crate::pages()).
///
/// # Examples
///
/// ```
/// use headwater::pages::{self, Reply};
///
/// let feed = pages::token(|token| Ok::<_, String>(match token.as_deref() {
///     None => Reply::new(vec![1, 2], Some("b".to_owned())),
///     Some("b") => Reply::new(vec![], Some("c".to_owned())),
///     _ => Reply::new(vec![3], Some(String::new())),
/// }));
/// assert!(feed.items().map(Result::unwrap).eq([1, 2, 3]));
/// ```
#[expect(clippy::type_complexity, reason = "the type of a closure has no other name")]
pub fn token<T, M, E, F>(
    fetch: F,
) -> Pages<Option<String>, impl FnMut(Option<String>) -> Fetched<T, Option<String>, M, E>>
where
    F: FnMut(Option<String>) -> Result<Reply<T, Option<String>, M>, E>,
{
    by(Token, fetch)
}

/// The style of servers that give a token for the next page.
///
/// It is that of [`token`]. See its documentation for more.
#[derive(Clone, Copy, Debug, Default)]
pub struct Token;

impl<T> Style<T> for Token {
    /// `None` is the first page.
    type Cursor = Option<String>;
    /// The token of the next page.
    type Said = Option<String>;

    fn first(&self) -> Option<String> {
        None
    }

    fn next(
        &self,
        _: &Option<String>,
        _: &[T],
        said: Option<String>,
    ) -> Result<Option<Option<String>>, ErrorKind> {
        Ok(said.filter(|token| !token.is_empty()).map(Some))
    }
}
