//! Reading on a thread: the same lines, no more than asked for, and no thread left behind.

use std::num::NonZeroUsize;

mod both_ends;
mod lines;
mod threads;

const TEXT: &[u8] = b"one\ntwo\nthree\nfour\nfive\nhalf";

fn ahead(blocks: usize) -> NonZeroUsize {
    NonZeroUsize::new(blocks).unwrap()
}
