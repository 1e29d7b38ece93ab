//! What the examples that report on access logs share: `log_report`, and `distributed_report` of
//! another package.

mod clock;
mod counter;
mod entry;
pub mod json;
mod options;
mod places;
mod report;
pub mod table;
mod tally;
mod totals;

pub use counter::Counter;
pub use options::options;
pub use places::Place;
pub use report::{Counts, Ranking, Report};
pub use tally::Tally;
pub use totals::Totals;
