//! Expressions that match across lines, again and again: each such match must come to nothing.

use regex::bytes::Regex;

use super::matches_all_of;
use crate::support::options::Options;

/// Searches a log of that many lines, in one block and in a few.
fn agrees(expression: &str, log: &[u8]) {
    let regex = Regex::new(expression).unwrap();
    for size in [16, 500, 64 << 10] {
        let options = Options::NEW.blocks_of(size);
        matches_all_of(log, options, &regex);
        matches_all_of(log, Options { keep_ends: true, ..options }, &regex);
    }
}

#[test]
fn more_often_than_anyone_is_patient() {
    // Nothing in a line alone; from each line to the next, always.
    for lines in [1, 31, 32, 33, 34, 100, 400] {
        agrees("a[^b]*b", "b xx a\n".repeat(lines).as_bytes());
        agrees(r"x\s+y", "y x\r\n".repeat(lines).as_bytes());
        agrees(r"(?s)a.b", "b..a\n".repeat(lines).as_bytes());
    }
}

#[test]
fn with_matches_among_them() {
    // Of each dozen of lines, one does match, alone.
    let dozen = "b xx a\n".repeat(11) + "a is before b\n";
    agrees("a[^b]*b", dozen.repeat(20).as_bytes());
    let dozen = "\r\n".repeat(11) + "x y\r\n";
    agrees(r"\s", dozen.repeat(20).as_bytes());
    agrees(r"\s+", dozen.repeat(20).as_bytes());
    agrees(r"y\s*", dozen.repeat(20).as_bytes());
}

#[test]
fn with_a_match_that_goes_on_into_the_next_line() {
    // The line matches alone as well, but not with the bytes that the block offers first.
    agrees(r"b\s*|b", "ab\nab\n\n\nb\r\n".repeat(50).as_bytes());
    agrees(r"a\s+a|a", "a\na\na\n".repeat(50).as_bytes());
    agrees(r"[^x]+", "x\nyx\n\nx x\n".repeat(50).as_bytes());
    agrees(r"(?s)a.*", "a\nb\nba\n".repeat(50).as_bytes());
}

#[test]
fn a_match_from_one_line_does_not_hide_the_next() {
    agrees("a[^b]*b|b", "a\nb\na\n\nb\nab\n".repeat(30).as_bytes());
    agrees(r"\s+b|x", "a\n b\nx\n".repeat(30).as_bytes());
}
