//! Memory, measured: what a piece of a program allocates, and whether that grows with its input.
//!
//! | to know | there is |
//! |---|---|
//! | what a closure uses, on its thread | [`measure`](crate::measure()) |
//! | what all threads use while it runs | [`process`] |
//! | what a future or a stream uses | `stream::measure` (feature `async`) |
//! | what is in use at this moment of a scope | [`so_far`] |
//! | that memory does not grow with the input | [`assert_constant_memory`] |
//! | how it grows | [`Growth`] |
//! | what `cargo bench` says of it | `measure::criterion` (feature `criterion`) |
//! | what the system says of the process | [`resident`] |
//!
//! All but the last count by an allocator, [`Peak`], which has to be the program's:
//!
//! ```
//! use headwater::measure::Peak;
//! use std::alloc::System;
//!
//! #[global_allocator]
//! static HEAP: Peak = Peak::new(System);
//!
//! assert!(headwater::measure::is_installed());
//! ```
//!
//! # How exact it is
//!
//! To the byte: each allocation is counted when it is made, with the size that was asked for, and
//! the peak is that of all moments. On one thread a program that does the same allocates the same,
//! so two runs agree, and a test may ask for a number. What a thread counts is its alone; the sum
//! over all threads is counted only while a [`process`] scope runs, by counters that they share.
//! (Counts that each thread adds up now and then would be cheaper, and off by what is not added yet:
//! the peak of a sum is that of no part of it.)
//!
//! # What is not in it
//!
//! What does not pass the global allocator: stacks, maps, and what libraries of other languages
//! allocate. It is what [`resident`] is for.

mod allocator;
mod assert_constant;
mod cause;
mod counts;
#[cfg(feature = "criterion")]
pub mod criterion;
mod fit;
mod growth;
mod installed;
mod process;
mod resident;
mod scope;
mod shared;
#[cfg(feature = "async")]
pub(crate) mod stream;
mod thread;
mod units;
mod usage;

pub use allocator::Peak;
pub use assert_constant::assert_constant_memory;
pub use growth::Growth;
pub use installed::is_installed;
pub use process::process;
pub use resident::resident;
pub use scope::{measure, so_far};
pub use usage::Usage;
