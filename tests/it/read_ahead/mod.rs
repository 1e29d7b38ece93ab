//! Reading on a thread or in a task: the same lines and items, no more than asked for, and no thread left behind.

use std::num::NonZeroUsize;
use std::time::Duration;

mod both_ends;
mod items;
mod lines;
#[cfg(feature = "async")]
mod streams;
mod threads;

/// Long enough for anything that happens; short enough to tell that it does not.
const PATIENCE: Duration = Duration::from_secs(20);

const TEXT: &[u8] = b"one\ntwo\nthree\nfour\nfive\nhalf";

fn ahead(blocks: usize) -> NonZeroUsize {
    NonZeroUsize::new(blocks).unwrap()
}
