//! Bounded: what is held does not grow with the input, and a line over the limit is an error, never
//! an allocation. Every byte that is held was read into a buffer first, so the buffers tell.

use std::num::NonZeroUsize;

use headwater::lines::LongLine;
use headwater::{Error, ErrorKind, Line, lines};

use crate::support::demand::Demand;
use crate::support::options::Options;
use crate::support::vast::Vast;

const BLOCK: NonZeroUsize = NonZeroUsize::new(64 << 10).unwrap();
const LIMIT: usize = 1 << 20;

/// Holds that the items are as many lines as are expected, and that no buffer was larger than two
/// blocks.
fn are_lines(
    items: impl Iterator<Item = Result<Line, Error>>,
    lines: usize,
    demand: &Demand,
    context: &str,
) {
    assert_eq!(items.flatten().count(), lines, "{context}");
    let largest = demand.largest();
    assert!(largest <= 2 * BLOCK.get(), "{context}: a buffer of {largest} bytes");
}

#[test]
fn an_endless_line_is_an_error_as_soon_as_it_is_over_the_limit() {
    fn is_long(mut lines: impl Iterator<Item = Result<Line, Error>>, demand: &Demand, size: usize) {
        let error = lines.next().unwrap().unwrap_err();
        assert_eq!((error.kind(), error.offset()), (ErrorKind::LongLine, Some(0)));
        assert!(lines.next().is_none(), "it goes on after the error");
        let (most, total) = (4 * LIMIT.max(size), demand.total());
        assert!(total <= most, "blocks of {size}: {total} bytes were read");
    }

    for bytes in [1, 4096, BLOCK.get(), 4 * LIMIT] {
        let size = Options::NEW.blocks_of(bytes).block_size;
        let demand = Demand::default();
        let lines = lines::read(demand.watch(Vast::ENDLESS)).max_len(LIMIT).block_size(size);
        is_long(lines, &demand, bytes);

        let demand = Demand::default();
        let lines = lines::read(demand.watch(Vast::ENDLESS)).max_len(LIMIT).block_size(size);
        is_long(lines.containing("b"), &demand, bytes);

        let demand = Demand::default();
        let lines = lines::random_access(|| Ok(demand.watch(Vast::ENDLESS))).max_len(LIMIT);
        is_long(lines.block_size(size), &demand, bytes);
    }
}

#[test]
fn the_default_limit_is_sixteen_mebibytes() {
    let demand = Demand::default();
    let error = lines::read(demand.watch(Vast::ENDLESS)).next().unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::LongLine);
    assert!(demand.total() > 16 << 20 && demand.largest() <= 16 << 20);
}

#[test]
fn short_lines_are_read_in_blocks_however_many_they_are() {
    let log = Vast::lines(8 << 20, 64);
    let lines = 8 << 20 >> 6;
    let demand = Demand::default();
    let reader = || lines::read(demand.watch(log)).block_size(BLOCK);
    are_lines(reader(), lines, &demand, "reader");
    are_lines(reader().read_ahead(NonZeroUsize::MIN), lines, &demand, "reader, read ahead");

    let storage = || lines::random_access(|| Ok(demand.watch(log))).block_size(BLOCK);
    are_lines(storage(), lines, &demand, "storage");
    are_lines(storage().rev(), lines, &demand, "storage, backward");
    are_lines(storage().containing("b"), 0, &demand, "storage, containing");
    are_lines(storage().containing("b").rev(), 0, &demand, "storage, containing, backward");
    assert_eq!(storage().count(), lines);
    assert_eq!(storage().nth(lines - 1).unwrap().unwrap().len(), 63);
    assert!(demand.largest() <= BLOCK.get(), "a buffer of {} bytes", demand.largest());
}

#[test]
fn lines_over_the_limit_are_passed_over_in_blocks() {
    let log = Vast::lines(8 << 20, 2 << 20);
    for (policy, lines) in [(LongLine::Truncate, 4), (LongLine::Skip, 0)] {
        let demand = Demand::default();
        let reader = lines::read(demand.watch(log)).block_size(BLOCK);
        let reader = reader.max_len(1000).on_long(policy);
        are_lines(reader, lines, &demand, "reader");
        let storage = || {
            let lines = lines::random_access(|| Ok(demand.watch(log))).block_size(BLOCK);
            lines.max_len(1000).on_long(policy)
        };
        are_lines(storage(), lines, &demand, "storage");
        are_lines(storage().rev(), lines, &demand, "storage, backward");
        are_lines(storage().containing("b"), 0, &demand, "storage, containing");
    }
}

#[test]
fn blocks_are_of_128_kibibytes_by_default() {
    let log = Vast::lines(4 << 20, 64);
    let demand = Demand::default();
    lines::read(demand.watch(log)).for_each(drop);
    assert_eq!(demand.largest(), 128 << 10);
    let demand = Demand::default();
    lines::random_access(|| Ok(demand.watch(log))).for_each(drop);
    assert_eq!(demand.largest(), 128 << 10);
}

#[test]
fn blocks_shrink_while_few_of_their_lines_are_kept() {
    let demand = Demand::default();
    let lines = lines::random_access(|| Ok(demand.watch(Vast::lines(24 << 20, 64))));
    let mut lines = lines.block_size(BLOCK);
    let kept: Vec<Line> = lines.by_ref().take(100_000).map(Result::unwrap).step_by(2000).collect();
    assert!(demand.last() <= BLOCK.get() / 8, "the last of {} had {}", kept.len(), demand.last());
    drop(kept);
    lines.by_ref().take(200_000).for_each(drop);
    assert_eq!(demand.last(), BLOCK.get(), "they grow again");
}

#[test]
fn blocks_stay_large_while_most_of_their_lines_are_kept() {
    let demand = Demand::default();
    let lines = lines::random_access(|| Ok(demand.watch(Vast::lines(8 << 20, 64))));
    let kept: Vec<Line> = lines.block_size(BLOCK).take(50_000).map(Result::unwrap).collect();
    assert_eq!((kept.len(), demand.last()), (50_000, BLOCK.get()));
}

#[test]
fn no_more_blocks_are_read_ahead_than_asked_for() {
    for blocks in [1, 2, 3, 8].map(|blocks| NonZeroUsize::new(blocks).unwrap()) {
        let log = Vast::lines(8 << 20, 64);
        let (reader, storage) = (Demand::default(), Demand::default());
        let of_reader = lines::read(reader.watch(log)).block_size(BLOCK).read_ahead(blocks);
        are_not_far_ahead(of_reader, blocks.get(), &reader);
        let watch = storage.clone();
        let of_storage = lines::random_access(move || Ok(watch.watch(log))).block_size(BLOCK);
        are_not_far_ahead(of_storage.read_ahead(blocks), blocks.get(), &storage);
    }
}

/// Holds that no more was read than the block that a line is of, those that may be ahead, and one
/// that is being read.
fn are_not_far_ahead(
    lines: impl Iterator<Item = Result<Line, Error>>,
    blocks: usize,
    demand: &Demand,
) {
    for line in lines.take(20_000) {
        let given = usize::try_from(line.unwrap().offset()).unwrap();
        let most = given + (blocks + 3) * BLOCK.get();
        assert!(demand.total() <= most, "{} bytes at byte {given}", demand.total());
    }
}
