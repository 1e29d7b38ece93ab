//! Lines in blocks.

mod buffers;
mod overrides;
mod same;

use headwater::Error;
use headwater::lines::Block;

use crate::support::seen::Seen;

/// The lines of a block, or its error.
fn seen(item: Result<Block, Error>) -> Vec<Seen> {
    match item {
        Ok(block) => block.map(|line| Seen::of(Ok(line))).collect(),
        Err(error) => vec![Seen::of(Err(error))],
    }
}
