//! Searches for bytes.

use headwater::lines::LongLine;
use proptest::prelude::*;

use super::finds_all_of;
use crate::expect::config;
use crate::support::options::Options;

const SIZES: [usize; 6] = [1, 2, 3, 7, 20, 64 << 10];

fn ends() -> Options {
    Options { keep_ends: true, ..Options::NEW }
}

#[test]
fn needles_of_every_kind() {
    let log = b"abc\nab\r\n\r\n\nbcab\nca\0b\xFF\nabcabc\nab";
    let needles: [&[u8]; 16] = [
        b"",
        b"a",
        b"ab",
        b"abc",
        b"abcabc",
        b"abcabcabc",
        b"x",
        b"\0",
        b"\xFF",
        b"\r",
        b"\n",
        b"b\n",
        b"\nb",
        b"c\na",
        b"\r\n",
        b"b\r\n\r",
    ];
    for needle in needles {
        for size in SIZES {
            for form in [Options::NEW, ends(), Options { delimiter: 0, ..Options::NEW }] {
                finds_all_of(log, form.blocks_of(size), needle);
            }
        }
    }
}

#[test]
fn a_needle_may_begin_in_one_line_and_end_in_the_next() {
    // Each line but the last holds the first half of it, and many hold it whole besides.
    let log = "xxab\r\nab\nabab\r\n".repeat(40);
    for needle in ["ab\r", "b\na", "ab\na", "ab", "b\r\na", "abab\r\nxx"] {
        for size in SIZES {
            finds_all_of(log.as_bytes(), Options::NEW.blocks_of(size), needle.as_bytes());
            finds_all_of(log.as_bytes(), ends().blocks_of(size), needle.as_bytes());
        }
    }
}

#[test]
fn a_needle_may_be_longer_than_a_block() {
    let needle = "0123456789".repeat(20);
    let log = format!("{needle}\nx{needle}y\n{}\n\n{needle}", &needle[1..]);
    for size in SIZES {
        finds_all_of(log.as_bytes(), Options::NEW.blocks_of(size), needle.as_bytes());
    }
}

#[test]
fn found_lines_may_be_anywhere() {
    // One line of two hundred holds it; each in turn.
    let lines: Vec<String> = (0..200).map(|n| format!("line {n:03} of the log\n")).collect();
    for at in [0, 1, 2, 63, 99, 100, 198, 199] {
        let needle = format!(" {at:03} ");
        for size in [21, 64, 100, 64 << 10] {
            finds_all_of(
                lines.concat().as_bytes(),
                Options::NEW.blocks_of(size),
                needle.as_bytes(),
            );
        }
    }
}

#[test]
fn long_lines_in_what_is_not_found_are_seen() {
    let log = "no\nno\nmuch too long no\nno\nyes\nno\nmuch too long yes\nno\nyes".repeat(2);
    for policy in [LongLine::Error, LongLine::Truncate, LongLine::Skip] {
        for limit in [0, 2, 3, 5, 13, 16, 17, 100] {
            for size in SIZES {
                let options = Options::NEW.limit(limit, policy).blocks_of(size);
                for needle in ["yes", "no", "long", "long yes", "absent", ""] {
                    finds_all_of(log.as_bytes(), options, needle.as_bytes());
                    let ends = Options { keep_ends: true, ..options };
                    finds_all_of(log.as_bytes(), ends, needle.as_bytes());
                }
            }
        }
    }
}

#[test]
fn an_empty_needle_is_in_every_line_and_any_in_no_file() {
    for log in ["", "\n", "\n\n\n", "\r\n", "\r", "a"] {
        for needle in ["", "a", "\r", "\n"] {
            for size in SIZES {
                finds_all_of(log.as_bytes(), Options::NEW.blocks_of(size), needle.as_bytes());
            }
        }
    }
}

fn options() -> impl Strategy<Value = Options> {
    const POLICIES: &[LongLine] = &[LongLine::Error, LongLine::Truncate, LongLine::Skip];
    let limit = prop_oneof![Just(16 << 20), 0_usize..12];
    let delimiter = prop::sample::select(&b"\n\n\n\0a"[..]);
    (1_usize..24, limit, prop::sample::select(POLICIES), any::<bool>(), delimiter).prop_map(
        |(size, limit, policy, keep_ends, delimiter)| {
            let new = Options::NEW.blocks_of(size).limit(limit, policy);
            Options { delimiter, keep_ends, ..new }
        },
    )
}

proptest! {
    #![proptest_config(config(1000))]

    #[test]
    fn any_needle_is_found_where_it_is(
        log in prop::collection::vec(prop::sample::select(&b"aaabb\n\n\r\0\xFF"[..]), 0..60),
        needle in prop::collection::vec(prop::sample::select(&b"aaabb\n\r\0"[..]), 0..5),
        options in options(),
    ) {
        finds_all_of(&log, options, &needle);
    }
}
