//! The extension traits, to be imported at once: `use headwater::prelude::*;`.

pub use crate::retry::RetrySource;
pub use crate::source::Source;
pub use crate::tracked::TrackSource;
