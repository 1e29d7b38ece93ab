use std::mem;
use std::sync::Arc;

use memchr::memchr_iter;

use crate::lines::form::Form;
use crate::lines::memory::Memory;

/// Buffers that are filled again when the lines in them are gone.
///
/// While a consumer keeps a few lines of many blocks, blocks shrink, so that what it keeps in
/// memory is not mostly lines that it does not want.
#[derive(Debug, Default)]
pub struct Pool {
    /// Buffers that nobody uses; at most as many as [`Pool::kept`] says.
    spare: Vec<Vec<u8>>,
    /// Blocks that had lines in use when they were handed back; at most as many, too.
    pinned: Vec<Arc<Memory>>,
    /// How often the size of a block is to be halved.
    halvings: u32,
    /// How many blocks in a row were not pinned.
    freed: u32,
    /// Whether whole blocks are given, and not lines: what is in use is all of them, then.
    in_blocks: bool,
}

impl Pool {
    /// A consumer that looks back over a line or two (`tuple_windows`, `peekable`) has let go of a
    /// block by the time that this many more are read.
    const KEPT: usize = 2;
    /// Where whole blocks are given, to be worked on at once, that is how many there may be.
    const KEPT_WHOLE: usize = 8;
    const SMALLEST: usize = 4 << 10;
    const MOST_HALVINGS: u32 = 8;
    /// As many blocks that are not pinned make blocks grow again: if less, they would be large for
    /// every other line of a few that are kept.
    const FREED: u32 = 128;

    fn kept(&self) -> usize {
        if self.in_blocks { Self::KEPT_WHOLE } else { Self::KEPT }
    }

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
        if self.spare.len() == self.kept() {
            self.spare.remove(0);
        }
        self.spare.push(buffer);
    }

    /// Takes back a block whose lines have all been given.
    pub(super) fn retire(&mut self, block: Arc<Memory>, form: &Form) {
        self.in_blocks = form.in_blocks;
        self.reuse(block);
        if self.pinned.len() > self.kept() {
            self.collect();
        }
        if self.pinned.len() > self.kept() {
            self.forget(form.delimiter);
        }
    }

    fn reuse(&mut self, block: Arc<Memory>) {
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
        if self.in_blocks {
            return;
        }
        let lines = memchr_iter(delimiter, block.bytes()).count();
        // Every handle but this one is a line.
        let kept = Arc::strong_count(&block) - 1;
        self.freed = 0;
        if kept < lines / 2 {
            self.halvings = (self.halvings + 1).min(Self::MOST_HALVINGS);
        }
    }
}
