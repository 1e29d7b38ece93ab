//! A real log, with a fault at every byte and at every item: 0 lines lost, 0 lines twice.
//!
//! The log has 2,000 lines of 465 kB in all. A run from its start for each byte would read 200 GB, so
//! there are two kinds of runs. In the one, every byte fails when it is first read: the 465,000
//! faults are met one after the other, and each attempt gets one byte further. In the other, one byte
//! fails, three times, in a run through all of the log: bytes at ends of blocks, at ends of lines,
//! and some between.

use std::fs;
use std::io;
use std::num::NonZeroUsize;
use std::sync::{Arc, LazyLock};

use bstr::{BString, ByteSlice};
use headwater::lines::BackOrigin;
use headwater::prelude::*;
use headwater::{Line, Lines, lines};

use super::persistent;
use crate::support::data::Data;
use crate::support::faults::{EveryByte, EveryItem};
use crate::support::hostile::Failing;
use crate::support::random::Random;

pub(super) static LOG: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let log = fs::read("fixtures/apache_access.log").unwrap();
    let end = log.find_iter("\n").nth(1_999).unwrap() + 1;
    log[..end].to_vec()
});

pub(super) static LINES: LazyLock<Vec<BString>> =
    LazyLock::new(|| LOG.lines().map(BString::from).collect());

pub(super) const BLOCK: NonZeroUsize = NonZeroUsize::new(4 << 10).unwrap();

pub(super) fn text(item: Result<Line, impl std::fmt::Debug>) -> BString {
    item.unwrap().into_owned()
}

/// Compares, without a page of lines where that fails.
pub(super) fn same_lines(given: impl IntoIterator<Item = BString>, expected: &[BString]) {
    let mut expected = expected.iter();
    for (n, line) in given.into_iter().enumerate() {
        assert_eq!(Some(&line), expected.next(), "line {n}");
    }
    assert_eq!(expected.len(), 0, "lines are lost at the end");
}

fn reversed() -> Vec<BString> {
    LINES.iter().rev().cloned().collect()
}

fn every_byte_fails(storage: &Arc<EveryByte>) -> Lines<impl BackOrigin + use<>> {
    let storage = Arc::clone(storage);
    let log = lines::random_access(move || Ok(Arc::clone(&storage))).from(EveryByte::START);
    // Bytes behind the one that fails are not worth reading.
    log.block_size(NonZeroUsize::new(512).unwrap())
}

#[test]
fn a_fault_at_every_byte_forward() {
    let storage = EveryByte::new(&LOG);
    same_lines(every_byte_fails(&storage).retry(persistent()).map(text), &LINES);
    assert_eq!(storage.faults(), LOG.len());
}

#[test]
fn a_fault_at_every_byte_backward() {
    let storage = EveryByte::new(&LOG);
    same_lines(every_byte_fails(&storage).retry(persistent()).rev().map(text), &reversed());
    assert_eq!(storage.faults(), LOG.len());
}

/// Bytes at ends of blocks and of lines, and some between.
fn some_bytes() -> Vec<usize> {
    let blocks = (0..LOG.len()).step_by(5 * BLOCK.get());
    let lines = LOG.find_iter("\n").step_by(61);
    let edges = blocks.chain(lines).flat_map(|at| [at.saturating_sub(1), at, at + 1]);
    edges.chain((0..LOG.len()).step_by(4_999)).filter(|&at| at < LOG.len()).collect()
}

#[test]
fn a_fault_at_one_byte_of_many() {
    let reversed = reversed();
    for at in some_bytes() {
        let open = || {
            let storage = Arc::new(Failing::new(&LOG[..], at, io::ErrorKind::TimedOut, 3));
            lines::random_access(move || Ok(Arc::clone(&storage))).block_size(BLOCK)
        };
        same_lines(open().retry(persistent()).map(text), &LINES);
        same_lines(open().retry(persistent()).rev().map(text), &reversed);
    }
}

#[test]
fn a_fault_at_every_item() {
    let data = Data::new(&LOG);
    let lines = || EveryItem::new(headwater::lines(data.plain()).unwrap().block_size(BLOCK));
    let mut forward = lines().retry(persistent());
    same_lines(forward.by_ref().map(text), &LINES);
    assert_eq!(forward.get_ref().faults, LINES.len() + 1, "each item, and the end");

    same_lines(lines().retry(persistent()).rev().map(text), &reversed());

    let found = headwater::lines(data.plain()).unwrap().block_size(BLOCK).containing(" 404 ");
    let expected: Vec<_> =
        LINES.iter().filter(|line| line.contains_str(" 404 ")).cloned().collect();
    assert!(expected.len() > 20);
    same_lines(EveryItem::new(found).retry(persistent()).map(text), &expected);
}

#[test]
fn a_fault_at_every_item_from_both_ends() {
    let data = Data::new(&LOG);
    let lines = EveryItem::new(headwater::lines(data.plain()).unwrap().block_size(BLOCK));
    let mut lines = lines.retry(persistent());
    let (mut front, mut back) = (Vec::new(), Vec::new());
    let mut random = Random::new(4);
    loop {
        let forward = random.coin();
        let Some(line) = (if forward { lines.next() } else { lines.next_back() }) else { break };
        (if forward { &mut front } else { &mut back }).push(text(line));
    }
    front.extend(back.into_iter().rev());
    same_lines(front, &LINES);
}
