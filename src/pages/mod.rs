//! Items of any paginated API: lazy, page by page, and from any item on.

mod course;
mod error;
mod items;
mod iter;
mod page;
mod position;
mod seen;
#[cfg(feature = "async")]
#[doc(hidden)]
pub mod stream;
mod turns;

pub use error::{Error, ErrorKind};
pub use items::Items;
pub use iter::{Fetched, Pages, pages};
pub use page::Page;
pub use position::Position;
pub use turns::OnRepeat;
