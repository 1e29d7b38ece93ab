//! Memory as criterion measures: `cargo bench` reports bytes, with its statistics, its comparison with
//! the last run, and its plots.
//!
//! [`PeakHeap`] measures the peak, [`Allocations`] how often memory is asked for, each over all
//! threads. [`Peak`](crate::measure::Peak) has to be the global allocator of the bench, and of times
//! measured in the same program it is a part (about 1 ns an allocation).
//!
//! What a routine uses hardly varies, and criterion can't do with samples that are all equal: so each
//! is off by something less than a millionth, which is far below what it takes for noise. It refuses
//! to report what is 0.

mod allocations;
mod peak_heap;
mod scale;

pub use allocations::Allocations;
pub use peak_heap::PeakHeap;
