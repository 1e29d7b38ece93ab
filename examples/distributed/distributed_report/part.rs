//! Reading a part.

use std::iter;
use std::path::Path;

use headwater::lines::{Block, LongLine};
use headwater::{Error, lines};

use crate::plan::Part;

/// Gives the lines of a part, with its number. It is opened at the first pull.
pub(crate) fn blocks(
    part: Part,
    path: &Path,
) -> Box<dyn Iterator<Item = Result<(u64, Block), Error>>> {
    let number = part.number;
    let numbered = move |block: Result<Block, Error>| block.map(|block| (number, block));
    match part.bytes {
        Some(bytes) => match lines(path) {
            Ok(lines) => {
                let lines = lines.range(bytes).on_long(LongLine::Truncate);
                Box::new(lines.blocks().map(numbered))
            }
            Err(error) => Box::new(iter::once(Err(error))),
        },
        None => match lines::decompressed(path) {
            Ok(lines) => Box::new(lines.on_long(LongLine::Truncate).blocks().map(numbered)),
            Err(error) => Box::new(iter::once(Err(error))),
        },
    }
}
