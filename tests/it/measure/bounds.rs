//! The formulas of the documentation: what each source holds at the most, in its options.

use std::num::NonZeroUsize;

use headwater::lines::{BackOrigin, Lines, Origin};
use headwater::measure::{Usage, measure, process};
use headwater::pages::{Page, pages};
use headwater::{Error, Line, lines};

use crate::support::own_process::in_its_own_process;
use crate::support::vast::Vast;

/// What a source holds besides its blocks: handles, its path, counts.
const BESIDES: u64 = 4 << 10;

fn n(n: usize) -> NonZeroUsize {
    NonZeroUsize::new(n).unwrap()
}

/// Holds that no more was held than a formula says.
fn is_within(usage: Usage, bound: u64, context: &str) {
    assert!(usage.peak() <= bound, "{context}: {usage}, and {bound} bytes are promised");
}

/// Goes through lines in the ways that hold most.
fn used<S: Origin>(open: impl Fn() -> Lines<S>) -> Vec<(&'static str, Usage)> {
    vec![
        ("pulled", pulled(open())),
        ("looked back at", looked_back_at(open())),
        ("searched", pulled(open().containing("b"))),
    ]
}

fn used_from_both_ends<S: BackOrigin>(open: impl Fn() -> Lines<S>) -> Vec<(&'static str, Usage)> {
    let mut used = used(&open);
    used.push(("backward", pulled(open().rev())));
    used.push(("backward, looked back at", looked_back_at(open().rev())));
    used.push(("from both ends", {
        let mut lines = open();
        measure(|| {
            let mut kept = [None, None];
            for turn in 0.. {
                let line = if turn % 2 == 0 { lines.next() } else { lines.next_back() };
                let Some(line) = line else { break };
                kept[turn % 2] = Some(line.unwrap());
            }
        })
        .1
    }));
    used
}

fn pulled(lines: impl Iterator<Item = Result<Line, Error>>) -> Usage {
    measure(|| lines.map(Result::unwrap).for_each(drop)).1
}

/// Keeps two lines at any time, as `tuple_windows` and `peekable` do.
fn looked_back_at(lines: impl Iterator<Item = Result<Line, Error>>) -> Usage {
    measure(|| {
        let mut kept = [None, None];
        for (turn, line) in lines.enumerate() {
            kept[turn % 2] = Some(line.unwrap());
        }
    })
    .1
}

/// `max(block_size, 2 × the longest line)`.
fn block(block_size: usize, longest: u64) -> u64 {
    (2 * longest).max(block_size as u64)
}

#[test]
fn lines_hold_six_blocks_at_the_most() {
    for block_size in [1 << 10, 16 << 10, 128 << 10] {
        for (len, line) in [(64 << 10, 64), (4 << 20, 64), (4 << 20, 3000), (4 << 20, 200_000)] {
            let log = Vast::lines(len, line);
            let bound = 6 * block(block_size, line) + BESIDES;
            let context = format!("{len} bytes, lines of {line}, blocks of {block_size}");
            let read = used(|| lines::read(log).block_size(n(block_size)));
            let store = used_from_both_ends(|| {
                lines::random_access(move || Ok(log)).block_size(n(block_size))
            });
            for (way, usage) in read.into_iter().chain(store) {
                is_within(usage, bound, &format!("{context}, {way}"));
            }
        }
    }
}

#[test]
fn a_file_read_forward_takes_one_block() {
    let log = "fixtures/apache_access.log";
    let open = || lines(log).unwrap();
    is_within(pulled(open()), (128 << 10) + BESIDES, "forward");
    is_within(pulled(open().rev()), (128 << 10) + BESIDES, "backward");
    let ((), usage) = measure(|| assert_eq!(open().count(), 10_000));
    is_within(usage, (128 << 10) + BESIDES, "counted");
    for (way, usage) in used_from_both_ends(open) {
        is_within(usage, 6 * (128 << 10) + BESIDES, way);
    }
}

#[test]
fn a_line_over_the_limit_takes_no_more_than_the_limit_says() {
    let log = Vast::lines(64 << 20, u64::MAX);
    for max_len in [1000, 1 << 20] {
        let bound = 6 * block(128 << 10, max_len as u64) + BESIDES;
        let error = |mut lines: Box<dyn Iterator<Item = Result<Line, Error>>>| {
            measure(|| assert!(lines.next().unwrap().is_err())).1
        };
        let read = error(Box::new(lines::read(log).max_len(max_len)));
        let store = error(Box::new(lines::random_access(move || Ok(log)).max_len(max_len)));
        is_within(read, bound, "a reader");
        is_within(store, bound, "a storage");
    }
}

#[test]
fn reading_ahead_holds_as_many_blocks_more() {
    in_its_own_process("measure::bounds::reading_ahead_holds_as_many_blocks_more", || {
        let log = Vast::lines(4 << 20, 64);
        for (block_size, blocks) in [(4 << 10, 1), (16 << 10, 4), (64 << 10, 16)] {
            let open = || lines::random_access(move || Ok(log)).block_size(n(block_size));
            let read = || lines::read(log).block_size(n(block_size));
            let bound = (6 + blocks as u64) * block_size as u64 + 4 * BESIDES;
            let ahead = n(blocks);
            let drained = |lines: &mut dyn Iterator<Item = Result<Line, Error>>| {
                process(|| lines.map(Result::unwrap).for_each(drop)).1
            };
            is_within(drained(&mut open().read_ahead(ahead)), bound, "a storage");
            is_within(drained(&mut open().read_ahead(ahead).rev()), bound, "backward");
            is_within(drained(&mut read().read_ahead(ahead)), bound, "a reader");
        }
    });
}

#[cfg(feature = "compression")]
#[test]
fn a_decoder_takes_its_buffer_and_what_the_format_needs() {
    use crate::support::data::Data;

    let text = "127.0.0.1 - - GET /index.html HTTP/1.1 200 1234\n".repeat(100_000);
    let data = Data::new(text.as_bytes());
    for block_size in [16 << 10, 128 << 10] {
        let bound = 6 * block_size as u64 + (132 << 10) + BESIDES;
        for path in [data.plain(), data.gzip()] {
            let open = || lines::decompressed(&path).unwrap().block_size(n(block_size));
            for (way, usage) in used(open) {
                is_within(usage, bound, &format!("{}, {way}", path.display()));
            }
        }
        let paths = [data.gzip(), data.plain(), data.gzip()];
        for (way, usage) in used(|| lines::each(&paths).block_size(n(block_size))) {
            is_within(usage, bound, &format!("each, {way}"));
        }
    }
}

#[cfg(feature = "mmap")]
#[test]
#[expect(unsafe_code, reason = "a map can be had in no other way")]
fn a_map_holds_no_blocks() {
    // SAFETY: nobody writes to the fixtures.
    let open = || unsafe { lines::mapped("fixtures/apache_access.log").unwrap() };
    for (way, usage) in used_from_both_ends(open) {
        is_within(usage, BESIDES, way);
    }
}

/// Pages of 100 items of 80 bytes, with what `String`s need.
fn feed(n: usize) -> impl FnMut(usize) -> Result<Page<String, usize>, String> + Clone + Send {
    move |page| {
        let items: Vec<_> = (0..100).map(|_| "x".repeat(80)).collect();
        Ok(Page::new(items).next((page + 1 < n).then_some(page + 1)))
    }
}

/// What such a page takes.
const PAGE: u64 = 100 * (80 + 24);

#[test]
fn pages_hold_one_and_what_they_know_of_cursors() {
    for (count, seen) in [(10, BESIDES), (40_000, 600 << 10)] {
        let small = move |page: usize| {
            Ok::<_, String>(Page::<_, _>::new([page]).next((page + 1 < count).then_some(page + 1)))
        };
        let ((), usage) = measure(|| assert_eq!(pages(0, small).items().count(), count));
        is_within(usage, seen, "pages of one number");
    }
    let ((), usage) = measure(|| assert_eq!(pages(0, feed(50)).items().count(), 5000));
    is_within(usage, PAGE + BESIDES, "large pages");
}

#[test]
fn distinct_items_take_sixty_bytes_of_each_key() {
    for window in [100, 1000, 14_000] {
        let many = |page: usize| {
            let next = (page < 9).then_some(page + 1);
            let items: Vec<_> = (0..4 * window).map(|n| page * 4 * window + n).collect();
            Ok::<_, String>(Page::<_, _>::new(items).next(next))
        };
        let bare = measure(|| pages(0, many).items().count()).1;
        let distinct = measure(|| pages(0, many).items().distinct_by(window, |n| *n).count()).1;
        let more = distinct.peak() - bare.peak();
        let bound = 60 * window as u64 + BESIDES;
        assert!(more <= bound, "a window of {window}: {more}");
    }
}

#[test]
fn pages_that_are_fetched_ahead_are_as_many_as_asked_for() {
    in_its_own_process(
        "measure::bounds::pages_that_are_fetched_ahead_are_as_many_as_asked_for",
        || {
            for ahead in [1, 4, 16] {
                let feed = || pages(0, feed(200)).prefetch(n(ahead)).items();
                let ((), usage) = process(|| assert_eq!(feed().count(), 20_000));
                // Besides them, that of the consumer, and one that is being made.
                is_within(
                    usage,
                    (ahead as u64 + 2) * PAGE + 4 * BESIDES,
                    &format!("{ahead} ahead"),
                );
            }
        },
    );
}
