//! One pipeline on many workers, in one process or on many machines, with the engine [`timely`].
//!
//! Each worker reads its share of the input, with a source of this crate; [`source`] makes a stream of
//! it that does not run ahead of whoever consumes it. [`fold`] combines all that a worker receives,
//! at its end. Two of them around an exchange count, sum or group what lies in many files, or in the
//! shares of one. Whatever fails on one worker ends the work of all, and each learns which
//! [`Failure`] it was.
//!
//! The engine is not hidden: streams, pacts and workers are those of [`timely`], and all its operators
//! work on them. What it lacks for sources is here.
//!
//! # Examples
//!
//! How many requests each status has, counted by two workers:
//!
//! ```
//! use std::collections::BTreeMap;
//! use std::num::NonZeroUsize;
//!
//! use headwater::distributed::{fold, source};
//! use timely::dataflow::channels::pact::{Exchange, Pipeline};
//! use timely::dataflow::operators::Capture;
//! use timely::dataflow::operators::capture::Extract;
//!
//! type Counts = BTreeMap<String, u64>;
//!
//! let guards = timely::execute(timely::Config::process(2), |worker| {
//!     let (index, count) = (worker.index(), worker.peers());
//!     let (totals, failures) = worker.dataflow(|scope| {
//!         let log = headwater::lines("fixtures/apache_access.log").unwrap();
//!         let blocks = log.share(index, count).unwrap().blocks();
//!         let (counts, failures) = source(scope, blocks, NonZeroUsize::MIN, |blocks| {
//!             let add = |counts: &mut Counts, lines: headwater::lines::Block| {
//!                 for line in lines {
//!                     let status = line.split(|byte| *byte == b' ').nth(8).unwrap_or_default();
//!                     *counts.entry(String::from_utf8_lossy(status).into()).or_default() += 1;
//!                 }
//!             };
//!             fold(blocks, Pipeline, Counts::new(), add, |counts| counts)
//!         });
//!         let by_status = Exchange::new(|(status, _): &(String, u64)| {
//!             status.bytes().map(u64::from).sum()
//!         });
//!         let sum = |sums: &mut Counts, (status, count)| *sums.entry(status).or_default() += count;
//!         (fold(counts, by_status, Counts::new(), sum, |sums| sums).capture(), failures)
//!     });
//!     while worker.has_dataflows() {
//!         worker.step_or_park(None);
//!     }
//!     assert_eq!(failures.first(), None);
//!     totals.extract().into_iter().flat_map(|(_, totals)| totals).collect::<Counts>()
//! });
//! let totals: Counts = guards?.join().into_iter().flat_map(Result::unwrap).collect();
//! assert_eq!((totals["200"], totals["404"]), (9126, 213));
//! # Ok::<(), String>(())
//! ```

mod failure;
mod failures;
mod fold;
mod source;
mod time;
mod watch;

pub use failure::Failure;
pub use failures::Failures;
pub use fold::fold;
pub use source::source;
pub use time::Time;
