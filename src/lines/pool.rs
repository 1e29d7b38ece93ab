use std::mem;
use std::sync::Arc;

use memchr::memchr_iter;

use crate::lines::block::Block;

/// Buffers that are filled again when the lines in them are gone.
///
/// While a consumer keeps a few lines of many blocks, blocks shrink, so that what it keeps in
/// memory is not mostly lines that it does not want.
#[derive(Debug, Default)]
pub struct Pool {
    /// Buffers that nobody uses; at most [`Pool::KEPT`].
    spare: Vec<Vec<u8>>,
    /// Blocks that had lines in use when they were handed back; at most [`Pool::KEPT`].
    pinned: Vec<Arc<Block>>,
    /// How often the size of a block is to be halved.
    halvings: u32,
    /// How many blocks in a row were not pinned.
    freed: u32,
}

impl Pool {
    /// A consumer that looks back over a line or two (`tuple_windows`, `peekable`) has let go of a
    /// block by the time that this many more are read.
    const KEPT: usize = 2;
    const SMALLEST: usize = 4 << 10;
    const MOST_HALVINGS: u32 = 8;
    /// As many blocks that are not pinned make blocks grow again: if less, they would be large for
    /// every other line of a few that are kept.
    const FREED: u32 = 128;

    /// The size for the next block, in bytes.
    pub(super) fn size(&self, largest: usize) -> usize {
        (largest >> self.halvings).max(Self::SMALLEST.min(largest))
    }

    /// Gives a buffer of `len` bytes, whatever is in them.
    pub(super) fn take(&mut self, len: usize) -> Vec<u8> {
        self.collect();
        // A much larger buffer would undo what halving is for, or be that of one long line.
        self.spare.retain(|spare| spare.capacity() >= len && spare.capacity() / 2 <= len);
        match self.spare.pop() {
            Some(mut buffer) => {
                buffer.resize(len, 0);
                buffer
            }
            None => vec![0; len],
        }
    }

    pub(super) fn give(&mut self, buffer: Vec<u8>) {
        if buffer.len() < Self::SMALLEST {
            return;
        }
        if self.spare.len() == Self::KEPT {
            self.spare.remove(0);
        }
        self.spare.push(buffer);
    }

    /// Takes back a block whose lines, which end in `delimiter`, have all been given.
    pub(super) fn retire(&mut self, block: Arc<Block>, delimiter: u8) {
        self.reuse(block);
        if self.pinned.len() > Self::KEPT {
            self.forget(delimiter);
        }
    }

    fn reuse(&mut self, block: Arc<Block>) {
        match Arc::try_unwrap(block) {
            Ok(block) => {
                self.freed += 1;
                if self.freed == Self::FREED {
                    self.freed = 0;
                    self.halvings = self.halvings.saturating_sub(1);
                }
                self.give(block.into_buffer());
            }
            // What is pinned in a map costs nothing.
            Err(block) if block.is_owned() => self.pinned.push(block),
            Err(_) => {}
        }
    }

    /// Finds the buffers among the pinned blocks whose lines are gone by now.
    fn collect(&mut self) {
        for block in mem::take(&mut self.pinned) {
            self.reuse(block);
        }
    }

    /// Lets go of the block that has been pinned longest.
    fn forget(&mut self, delimiter: u8) {
        let block = self.pinned.remove(0);
        let lines = memchr_iter(delimiter, block.bytes()).count();
        // Every handle but this one is a line.
        let kept = Arc::strong_count(&block) - 1;
        self.freed = 0;
        if kept < lines / 2 {
            self.halvings = (self.halvings + 1).min(Self::MOST_HALVINGS);
        }
    }
}
