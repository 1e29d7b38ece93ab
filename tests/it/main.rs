//! The tests of the crate, in one binary: the laws and what holds of every source on its own, then
//! a mirror of `src`.

mod blocks;
mod cases;
#[cfg(feature = "checkpoint")]
mod checkpoint;
mod compare;
#[cfg(feature = "compression")]
mod compressed;
mod count;
#[cfg(feature = "timely")]
mod distributed;
#[cfg(feature = "compression")]
mod each;
mod errors;
mod expect;
mod files;
mod generate;
mod guide;
mod laws;
#[cfg(feature = "measure")]
mod measure;
mod pages;
#[cfg(feature = "parallel")]
mod parallel;
#[cfg(feature = "parallel")]
mod parallel_map;
mod positions;
mod properties;
mod read_ahead;
mod real_logs;
mod retry;
mod scope;
mod search;
#[cfg(feature = "async")]
mod stream_lines;
mod support;
mod tidy;
mod tracked;
mod unfold;

/// It counts, and changes nothing else.
#[cfg(feature = "measure")]
#[global_allocator]
static HEAP: headwater::measure::Peak = headwater::measure::Peak::new(std::alloc::System);
