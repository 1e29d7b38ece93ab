//! Items of any paginated API, as [`Stream`](futures_core::Stream)s: what
//! [`headwater::pages`](mod@crate::pages) has, with async fetches.

mod by_item;
mod by_page;
mod calls;
mod fetch;
mod fetcher;
mod prefetch;
mod shared;
mod style;
mod task;
#[cfg(feature = "throttle")]
mod throttle;

pub use by_item::Items;
pub use by_page::{Pages, pages};
pub use calls::Fetches;
pub use fetch::Fetch;
pub use style::by;

pub use crate::task::Task;
