//! Items of any paginated API: lazy, page by page, and from any item on.
//!
//! [`pages`](pages()) follows whatever cursors a function gives. For the styles that servers have in
//! common there is one constructor each, whose function gives a [`Reply`]: the items, and what the server
//! said of going on.
//!
//! | the server gives | constructor | the end |
//! |---|---|---|
//! | a token | [`token`] | no token, or an empty one |
//! | a key to go on after, of any type | [`continuation`] | no key |
//! | GraphQL's `pageInfo` | [`connection`] | `hasNextPage` is false |
//! | the URL of the next page | `next_url` (feature `links`) | no URL, or an empty one |
//! | a `Link` header | `link` (feature `links`) | no link that is `next` |
//! | pages with numbers | [`numbered`] | the last of as many as there are, or an empty page |
//! | items at an offset | [`offset`] | as many as there are, or an empty page |
//! | items after a key | [`keyset`] | an empty page |
//! | Redis' `SCAN`: at least once | [`scan`] | cursor 0 |
//!
//! `use headwater::pages;` imports both this module and the function of its name.
//!
//! Each is [`by`] a [`Style`], a value that has the options of the style, and serves the async sources
//! too. A style of one's own is a type with two functions.

mod ahead;
mod at_hand;
mod connection;
mod continuation;
mod course;
mod distinct;
mod error;
mod items;
mod iter;
mod keyset;
#[cfg(feature = "links")]
mod link;
#[cfg(feature = "links")]
mod link_parser;
#[cfg(feature = "links")]
mod links;
#[cfg(feature = "links")]
mod next_link;
#[cfg(feature = "links")]
mod next_url;
mod numbered;
mod offset;
#[cfg(feature = "links")]
mod origins;
mod page;
mod position;
mod prefetch;
mod recent;
mod reply;
mod scan;
mod seen;
#[cfg(feature = "async")]
#[doc(hidden)]
pub mod stream;
mod style;
#[cfg(feature = "throttle")]
mod throttle;
mod token;
mod turns;
mod workers;

pub use connection::{Connection, PageInfo, connection};
pub use continuation::{Continuation, continuation};
pub use distinct::Distinct;
pub use error::{Error, ErrorKind};
pub use items::Items;
pub use iter::{Fetched, Pages, pages};
pub use keyset::{Keyset, keyset};
#[cfg(feature = "links")]
pub use link::Link;
#[cfg(feature = "links")]
pub use links::Links;
#[cfg(feature = "links")]
pub use next_link::{NextLink, link};
#[cfg(feature = "links")]
pub use next_url::{NextUrl, next_url};
pub use numbered::{Numbered, numbered};
pub use offset::{Offset, offset};
pub use page::Page;
pub use position::Position;
pub use reply::Reply;
pub use scan::{Scan, scan};
pub use style::{Style, by};
#[cfg(feature = "throttle")]
pub use throttle::Throttle;
pub use token::{Token, token};
pub use turns::OnRepeat;
