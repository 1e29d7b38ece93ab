//! The options of a source of lines, as data: sources and the oracle read the same.

use std::num::NonZeroUsize;

use headwater::lines::{Lines, LongLine, Origin};

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Options {
    pub(crate) block_size: NonZeroUsize,
    pub(crate) delimiter: u8,
    pub(crate) keep_ends: bool,
    pub(crate) keep_bom: bool,
    pub(crate) max_len: usize,
    pub(crate) on_long: LongLine,
}

impl Options {
    /// What a source does if it is told nothing.
    pub(crate) const NEW: Self = Self {
        block_size: NonZeroUsize::new(64 << 10).unwrap(),
        delimiter: b'\n',
        keep_ends: false,
        keep_bom: false,
        max_len: 16 << 20,
        on_long: LongLine::Error,
    };

    pub(crate) fn blocks_of(self, bytes: usize) -> Self {
        Self { block_size: NonZeroUsize::new(bytes).unwrap(), ..self }
    }

    pub(crate) fn limit(self, max_len: usize, on_long: LongLine) -> Self {
        Self { max_len, on_long, ..self }
    }

    /// Gives them to a stream.
    #[cfg(feature = "async")]
    pub(crate) fn set_stream<S: headwater::stream::lines::Origin>(
        self,
        lines: Lines<S>,
    ) -> Lines<S> {
        let lines = lines.block_size(self.block_size).delimiter(self.delimiter);
        let lines = lines.max_len(self.max_len).on_long(self.on_long);
        let lines = if self.keep_ends { lines.keep_ends() } else { lines };
        if self.keep_bom { lines.keep_bom() } else { lines }
    }

    /// Gives them to a source.
    pub(crate) fn set<S: Origin>(self, lines: Lines<S>) -> Lines<S> {
        let lines = lines.block_size(self.block_size).delimiter(self.delimiter);
        let lines = lines.max_len(self.max_len).on_long(self.on_long);
        let lines = if self.keep_ends { lines.keep_ends() } else { lines };
        if self.keep_bom { lines.keep_bom() } else { lines }
    }
}
