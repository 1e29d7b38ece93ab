use std::ops::Range;
use std::sync::Arc;

use memmap2::Mmap;

/// Some bytes of a map, which they keep.
#[derive(Debug)]
pub(super) struct Window {
    map: Arc<Mmap>,
    range: Range<usize>,
}

impl Window {
    pub(super) fn new(map: Arc<Mmap>, range: Range<usize>) -> Self {
        Self { map, range }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.map[self.range.clone()]
    }
}
