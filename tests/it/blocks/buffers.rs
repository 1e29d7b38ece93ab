//! The memory of blocks is used again, as long as no more than eight are kept.

use std::collections::{BTreeSet, VecDeque};
use std::num::NonZeroUsize;

use headwater::lines;
use headwater::lines::{Block, Origin};

use crate::support::demand::Demand;

const BLOCK: NonZeroUsize = NonZeroUsize::new(8 << 10).unwrap();
const LEN: usize = 2 << 20;

/// The buffers that all blocks are in, while the last `kept` are kept.
fn buffers<S: Origin>(lines: lines::Lines<S>, kept: usize) -> (usize, usize) {
    let (mut window, mut buffers, mut count) = (VecDeque::new(), BTreeSet::new(), 0);
    let mut blocks = lines.block_size(BLOCK).blocks();
    loop {
        if window.len() > kept {
            window.pop_front();
        }
        let Some(block) = blocks.next() else { break };
        let block: Block = block.unwrap();
        // A line that breaks off is read again: all blocks begin where their buffer does.
        buffers.insert(block.as_bytes().as_ptr());
        window.push_back(block);
        count += 1;
    }
    (count, buffers.len())
}

#[test]
fn with_eight_blocks_in_use_no_memory_is_asked_for() {
    let log = b"0123456789abcde\n".repeat(LEN / 16);
    for kept in 0..=8 {
        let (count, buffers) = buffers(lines::random_access(|| Ok(&log[..])), kept);
        assert!(count >= LEN / BLOCK.get(), "{count}");
        assert!(buffers <= kept + 2, "{buffers} buffers for {kept} blocks that are kept");
    }
}

#[test]
fn blocks_that_are_kept_stay_large() {
    let log = b"0123456789abcde\n".repeat(LEN / 16);
    let size = |in_blocks: bool| {
        let demand = Demand::default();
        let lines = lines::random_access(|| Ok(demand.watch(&log[..]))).block_size(BLOCK);
        if in_blocks {
            let kept: Vec<Block> = lines.blocks().map(Result::unwrap).collect();
            assert!(kept.len() >= LEN / BLOCK.get());
        } else {
            let kept: Vec<_> = lines.map(Result::unwrap).step_by(500).collect();
            assert!(kept.len() > 100);
        }
        demand.last()
    };
    let last = LEN % BLOCK.get();
    assert_eq!(size(true), if last == 0 { BLOCK.get() } else { last });
    assert!(size(false) < BLOCK.get(), "lines that are kept make blocks small");
}

#[test]
fn lines_that_are_let_go_of_just_before_the_pull_are_not_kept() {
    let log = b"0123456789abcde\n".repeat(LEN / 16);
    let demand = Demand::default();
    let mut lines = lines::random_access(|| Ok(demand.watch(&log[..]))).block_size(BLOCK);
    let mut window = VecDeque::new();
    for _ in 0..LEN / BLOCK.get() {
        // Of the third block before the one that is read now, nothing is in use.
        if window.len() == 3 {
            window.pop_front();
        }
        window.push_back(lines.next().unwrap().unwrap());
        lines.by_ref().take(BLOCK.get() / 16 - 1).for_each(drop);
    }
    assert!(lines.next().is_none());
    assert_eq!(demand.last(), BLOCK.get());
}
