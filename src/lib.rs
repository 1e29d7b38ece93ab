//! Sources for lazy pipelines: they own what they open, say where they are, and can be opened there
//! again.
//!
//! A source is an [`Iterator`] that owns a resource. It gives [`Result`]s, closes what it opened at
//! its end, at its first fatal error or when it is dropped, and knows its position, from which it
//! can go on later. There is no pipeline type: all of std, `itertools` and `rayon` works on it, and
//! all of `futures` on the async twins, which are `Stream`s.
//!
//! # A tour
//!
//! Lines of a file, in memory that does not grow with the file; from its end, too:
//!
//! ```
//! let path = "fixtures/apache_access.log";
//! let newest: Vec<_> = headwater::lines(path)?.rev().take(100).collect::<Result<_, _>>()?;
//! assert_eq!(newest.len(), 100);
//! # Ok::<(), headwater::Error>(())
//! ```
//!
//! Only those that hold something, found at the speed of a search tool:
//!
//! ```
//! let failures = headwater::lines("fixtures/apache_access.log")?.containing(" 500 ");
//! assert_eq!(failures.count(), 3);
//! # Ok::<(), headwater::Error>(())
//! ```
//!
//! On all cores, by `rayon` (feature `parallel`):
//!
#![cfg_attr(feature = "parallel", doc = "```")]
#![cfg_attr(not(feature = "parallel"), doc = "```text")]
//! use rayon::prelude::*;
//!
//! let log = headwater::lines("fixtures/apache_access.log")?;
//! let bytes: usize = log.into_par_iter().map(|line| line.map_or(0, |line| line.len())).sum();
//! assert_eq!(bytes, 2_360_789);
//! # Ok::<(), headwater::Error>(())
//! ```
//!
//! A rotation of logs, compressed or not, as if they were one (feature `compression`):
//!
#![cfg_attr(feature = "compression", doc = "```")]
#![cfg_attr(not(feature = "compression"), doc = "```text")]
//! use headwater::lines;
//!
//! let rotated = ["access.log.2.gz", "access.log.1.zst", "access.log"];
//! let log = lines::each(rotated.map(|name| format!("fixtures/rotated/{name}")));
//! assert_eq!(log.count(), 300);
//! ```
//!
//! The position of a source, kept, and gone on from:
//!
//! ```
//! use headwater::{Source, lines};
//!
//! let mut today = lines("fixtures/rotated/access.log")?;
//! today.by_ref().take(60).for_each(drop);
//! let noted = today.position();
//!
//! let tomorrow = lines("fixtures/rotated/access.log")?.from(noted);
//! assert_eq!(tomorrow.count(), 40);
//! # Ok::<(), headwater::Error>(())
//! ```
//!
//! Generators without macros, and generators that know where they are:
//!
//! ```
//! use headwater::{Source, generate, unfold};
//!
//! let fibonacci = generate(|out| async move {
//!     let (mut a, mut b) = (0_u64, 1);
//!     loop {
//!         out.emit(a).await;
//!         (a, b) = (b, a + b);
//!     }
//! });
//! assert!(fibonacci.skip(10).take(3).eq([55, 89, 144]));
//!
//! let mut halves = unfold(40_u32, |&n| (n > 0).then_some((n, n / 2)));
//! assert_eq!(halves.nth(2), Some(10));
//! assert_eq!(halves.position(), 5);
//! ```
//!
//! Resources that are released whichever way their use ends, and are told how it ended:
//!
//! ```
//! use headwater::{Outcome, scope};
//! use std::cell::Cell;
//!
//! let account = Cell::new(100);
//! let paid = scope(
//!     || Ok(account.get()),
//!     |draft| {
//!         *draft -= 30;
//!         Err::<(), _>("the other bank is closed")
//!     },
//!     |draft, outcome| {
//!         match outcome {
//!             Outcome::Finished => account.set(draft),
//!             Outcome::Failed | Outcome::Abandoned => {}
//!         }
//!         Ok(())
//!     },
//! );
//! assert!(paid.is_err() && account.get() == 100);
//! ```
//!
//! A source that goes on where it stopped, and the items of any paginated API:
//!
//! ```
//! use headwater::{Retry, pages::{Page, pages}};
//!
//! let mut is_up = true;
//! let feed = pages(1, |number| {
//!     is_up = !is_up;
//!     if is_up { Ok(Page::new([number; 2]).next((number < 3).then_some(number + 1))) } else { Err("503") }
//! });
//! let items = feed.retry(Retry::immediately()).items();
//! assert!(items.map(Result::unwrap).eq([1, 1, 2, 2, 3, 3]));
//! ```
//!
//! What a pipeline takes, and that it does not grow (feature `measure`):
//!
#![cfg_attr(feature = "measure", doc = "```")]
#![cfg_attr(not(feature = "measure"), doc = "```text")]
//! use headwater::measure::{Peak, assert_constant_memory};
//! use std::alloc::System;
//!
//! #[global_allocator]
//! static HEAP: Peak = Peak::new(System);
//!
//! assert_constant_memory([1_000, 10_000, 100_000], |n| headwater::count(0).take(n).max());
//! ```
//!
//! [`lines`](mod@lines), [`pages`](mod@pages), [`generate`](mod@generate), [`scope`](mod@scope) and
//! [`retry`] have the rest, and the [`guide`] tells how it fits together.
//!
//! # Features
//!
//! None is on unless it is asked for.
//!
//! | feature | gives |
//! |---|---|
//! | `async` | `headwater::stream`: the async twins of lines, generators, `unfold`, scopes, retries, pages and `read_ahead` |
//! | `checkpoint` | `Checkpoint`: positions on disk, which a program that is started again goes on from |
//! | `compression` | `lines::decompressed`, `lines::each`, `lines::Decoder`, `lines::is_compressed`: gzip and zstd |
//! | `criterion` | `measure::criterion`: memory as what `cargo bench` measures; gives `measure` |
//! | `http` | `retry::RetryAfter`: how long a server asks to wait |
//! | `links` | `pages::link`, `pages::next_url`: what follows URLs from page to page |
//! | `measure` | `measure`: peaks of the heap, and proofs that they do not grow |
//! | `mmap` | `lines::mapped`: lines of a memory map |
//! | `parallel` | `into_par_iter` of lines, found lines and blocks, and `Lines::par_blocks`, by rayon; `parallel_map`, in order |
//! | `regex` | `Lines::matching`: lines that match a regular expression |
//! | `serde` | positions that can be written down |
//! | `throttle` | `pages::Throttle`: sources of pages that keep within a rate |
//! | `timely` | `headwater::distributed`: a pipeline on many workers and machines |
//! | `tokio` | async calls and sources that wait by its timers; `stream::lines::read_tokio`, tasks that fetch and read ahead; gives `async` |

#[cfg(feature = "checkpoint")]
pub mod checkpoint;
mod count;
mod countable;
#[cfg(feature = "timely")]
pub mod distributed;
mod end;
mod error;
pub mod generate;
pub mod guide;
pub mod lines;
mod mark;
#[cfg(feature = "measure")]
pub mod measure;
pub mod pages;
#[cfg(feature = "parallel")]
mod parallel_map;
pub mod prelude;
mod read_ahead;
pub mod retry;
pub mod scope;
mod source;
#[cfg(feature = "async")]
pub mod stream;
#[cfg(feature = "async")]
mod task;
mod tracked;
mod unfold;

/// The README's program is a test.
#[cfg(all(doctest, feature = "compression", feature = "measure"))]
#[doc = include_str!("../README.md")]
struct Readme;

/// Bytes as text: what a [`Line`] derefs to, and the methods of it.
pub use bstr;
#[cfg(feature = "checkpoint")]
pub use checkpoint::Checkpoint;
pub use count::{Count, count};
pub use countable::Countable;
pub use error::{Error, ErrorKind};
pub use generate::{coroutine, generate, try_generate};
pub use lines::{Line, Lines, lines};
#[cfg(feature = "measure")]
pub use measure::measure;
pub use pages::pages;
#[cfg(feature = "parallel")]
pub use parallel_map::ParallelMap;
pub use read_ahead::ReadAhead;
pub use retry::Retry;
pub use scope::{Outcome, Stack, guard, resource, scope};
pub use source::Source;
pub use tracked::{Tracked, Tracker};
pub use unfold::{TryUnfold, Unfold, try_unfold, unfold};
