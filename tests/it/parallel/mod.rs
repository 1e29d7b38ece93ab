//! Lines, found lines and blocks on many threads.

mod failures;
mod order;
mod positions;
mod resources;

use std::sync::{Arc, LazyLock};

use headwater::lines::{BackOrigin, Block, Blocks, Containing};
use headwater::{Error, Line, Lines, lines};
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::support::data::Data;
use crate::support::options::Options;
use crate::support::seen::Seen;

/// Pools of one, two and four threads.
static POOLS: LazyLock<[ThreadPool; 3]> = LazyLock::new(|| {
    [1, 2, 4].map(|threads| ThreadPoolBuilder::new().num_threads(threads).build().unwrap())
});

/// Runs `work` on every pool.
fn on_every_pool(work: impl Fn(&str) + Sync) {
    for pool in &*POOLS {
        let context = format!("{} threads", pool.current_num_threads());
        pool.install(|| work(&context));
    }
}

/// What is done with all that can be read by many threads at once.
trait Visitor {
    fn visit<S: BackOrigin>(&self, name: &str, open: impl Fn() -> Lines<S> + Sync)
    where
        Lines<S>: IntoParallelIterator<Item = Result<Line, Error>>,
        Blocks<S>: IntoParallelIterator<Item = Result<Block, Error>>,
        Containing<S>: IntoParallelIterator<Item = Result<Line, Error>>;
}

fn visit(data: &Data, options: Options, visitor: &impl Visitor) {
    visitor.visit("file", || options.set(lines(data.plain()).unwrap()));
    visitor.visit("storage", || {
        let bytes = Arc::clone(&data.bytes);
        options.set(lines::random_access(move || Ok(Arc::clone(&bytes))))
    });
    #[cfg(feature = "mmap")]
    visitor.visit("map", || {
        #[expect(unsafe_code, reason = "a map can be had in no other way")]
        // SAFETY: nobody writes to the files of a test's data once they are there.
        let lines = unsafe { lines::mapped(data.plain()).unwrap() };
        options.set(lines)
    });
}

fn seen(lines: impl IntoParallelIterator<Item = Result<Line, Error>>) -> Vec<Seen> {
    lines.into_par_iter().map(Seen::of).collect()
}

/// The lines of blocks, in order.
fn seen_in_blocks(blocks: impl IntoParallelIterator<Item = Result<Block, Error>>) -> Vec<Seen> {
    let lines = blocks.into_par_iter().flat_map_iter(|block| {
        let lines: Vec<Seen> = match block {
            Ok(block) => block.map(|line| Seen::of(Ok(line))).collect(),
            Err(error) => vec![Seen::of(Err(error))],
        };
        lines
    });
    lines.collect()
}
