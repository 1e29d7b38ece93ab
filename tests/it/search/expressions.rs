//! Searches by expression: everything that can tell a block of lines from one line alone.

use headwater::lines::LongLine;
use proptest::prelude::*;
use regex::bytes::{Regex, RegexBuilder};

use super::matches_all_of;
use crate::expect::config;
use crate::support::options::Options;

const SIZES: [usize; 4] = [1, 3, 8, 64 << 10];

/// Lines that end in every way, with words, spaces, NUL and bytes that are not text.
const LOG: &[u8] =
    b"ab\nb a\r\n\n a b \n\r\nx\n\nAB-ab\n_\0\xFFa\xC3\xA9\nabba\r\r\nb\naab\na\xC3\n\xA9b\nend";

fn regex(expression: &str) -> Regex {
    Regex::new(expression).unwrap()
}

/// Searches by one expression, in blocks of several sizes, with all that changes what a line is.
fn agrees(regex: &Regex) {
    for size in SIZES {
        let new = Options::NEW.blocks_of(size);
        for options in [
            new,
            Options { keep_ends: true, ..new },
            Options { delimiter: 0, ..new },
            new.limit(3, LongLine::Truncate),
            new.limit(4, LongLine::Skip),
        ] {
            matches_all_of(LOG, options, regex);
        }
    }
}

#[test]
fn plain_ones() {
    for expression in ["a", "ab", "a|b", "a.b", "[ab]{2}", "ab+a", "(a)(b)", "x|end", "zzz", r"\d"]
    {
        agrees(&regex(expression));
    }
}

#[test]
fn anchors_hold_in_each_line() {
    for expression in [
        "^", "$", "^$", "^a", "b$", "^ab$", "^b|^x", r"\Aa", r"b\z", "(^a|b$)", "^.*$", "a$|^b",
        r"^\s", "(?m)^b", "(?m)b$", "(?m)^$", "(?m:^)x", "(?mR)b$", "(?R)b$", "(?mR)^$", "[^^]",
        r"\$|\^",
    ] {
        agrees(&regex(expression));
    }
}

#[test]
fn words_end_where_lines_do() {
    for expression in [
        r"\b",
        r"\B",
        r"\ba",
        r"b\b",
        r"\Ba",
        r"b\B",
        r"\bab\b",
        r"\b$",
        r"\B$",
        r"^\B",
        r"\B-|\bx\b",
        r"\b{start}a",
        r"b\b{end}",
        r"\b{start-half}b",
        r"a\b{end-half}",
        r"\w+\b",
        r"\W",
        r"\W\b",
        r"(?-u)\Ba",
        r"(?-u:\b)a",
        r"(?-u:\B)",
        r"a\B\W",
        r"\b\x{e9}|\x{e9}\b",
    ] {
        agrees(&regex(expression));
    }
}

#[test]
fn what_matches_line_ends_finds_none() {
    for expression in [
        r"\s",
        r"\s$",
        r"\s+",
        r"\S",
        r"[^a]",
        r"[^ab]",
        r"[^ab]{2}",
        r"\s\s",
        r"b\s+a",
        r"a[^b]*b",
        r"\n",
        r"\r",
        r"b\n",
        r"\nb",
        r"(?s).",
        r"(?s).+",
        r"(?s)a.*b",
        r"(?s)b.a",
        r"(?s:.)\b",
        r"[\n\r]",
        r"\x0a",
        r"(?s-u).",
        r"(?-u)[^a]",
        r"b?\n?a",
        r"[[:cntrl:]]",
        r"\pZ",
        r"\p{Cc}",
    ] {
        agrees(&regex(expression));
    }
}

#[test]
fn empty_matches_are_matches() {
    for expression in
        ["", "x*", "(?:)", "a*?", "(|a)", "x*$", "^x*", r"a{0}", r"x*\b", r"x*\B", "z{0}|b"]
    {
        agrees(&regex(expression));
    }
}

#[test]
fn the_end_of_a_last_line_may_be_all_that_matches() {
    for log in ["a ", "b\na ", "x\n\na ", "a \n", "a"] {
        for expression in [r"\B", r"x*\B", r"\b$", r"\B$", r"$", r"\b", r"x*$"] {
            for size in SIZES {
                let options = Options::NEW.blocks_of(size);
                matches_all_of(log.as_bytes(), options, &regex(expression));
            }
        }
    }
}

#[test]
fn bytes_that_are_no_text_are_matched_as_bytes() {
    for expression in [
        r"(?-u)\xFF",
        r"(?-u)[\x80-\xFF]",
        r"\x{e9}",
        r"(?-u)\xC3",
        r"(?-u)\xA9b",
        r"\PZ\x{e9}",
        ".",
    ] {
        agrees(&regex(expression));
    }
}

#[test]
fn what_the_builder_is_told_counts() {
    let build = |expression: &str, set: fn(&mut RegexBuilder) -> &mut RegexBuilder| {
        set(&mut RegexBuilder::new(expression)).build().unwrap()
    };
    agrees(&build("AB", |builder| builder.case_insensitive(true)));
    agrees(&build("^b", |builder| builder.multi_line(true)));
    agrees(&build("b$", |builder| builder.multi_line(true).crlf(true)));
    agrees(&build("a.b", |builder| builder.dot_matches_new_line(true)));
    agrees(&build("a.*b", |builder| builder.swap_greed(true).dot_matches_new_line(true)));
    agrees(&build(r"\w\b.", |builder| builder.unicode(false)));
    agrees(&build("a  b # and c", |builder| builder.ignore_whitespace(true)));
    agrees(&build("(?m)^b$", |builder| builder.line_terminator(b'\0')));
    // An anchor, but only for whoever knows that spaces and comments are ignored.
    agrees(&build("# [\n^b#]", |builder| builder.ignore_whitespace(true)));
}

#[test]
fn a_delimiter_may_be_a_letter_or_a_part_of_one() {
    let log = b"x_ya-xay xa\xC3\xA9x\xC3\xA9ya\xA9y\xA9 x\nxx";
    for delimiter in [b'a', b'_', b'9', 0xA9, 0xC3, b' '] {
        for expression in
            [r"\bx", r"x\b", r"\by\b", r"y\B", r"\Bx", r"x$", r"(?-u)\bx\b", r"\x{e9}", "."]
        {
            for size in SIZES {
                for keep_ends in [false, true] {
                    let options = Options { delimiter, keep_ends, ..Options::NEW.blocks_of(size) };
                    matches_all_of(log, options, &regex(expression));
                }
            }
        }
    }
}

/// Expressions that are made of what may go wrong.
fn expression() -> impl Strategy<Value = String> {
    const ATOMS: &[&str] = &[
        "a",
        "b",
        " ",
        ".",
        r"\s",
        r"\S",
        r"\w",
        r"\b",
        r"\B",
        "^",
        "$",
        "[^a]",
        "[^b\\n]",
        r"\n",
        r"\r",
        "(?s:.)",
        "(?m:^)",
        "(?m:$)",
        "(?mR:$)",
        "(?i:A)",
        r"\A",
        r"\z",
        r"\b{start}",
        r"\b{end}",
        "(?-u:[^a])",
    ];
    let atom = prop::sample::select(ATOMS).prop_map(str::to_owned);
    atom.prop_recursive(4, 12, 3, |part| {
        prop_oneof![
            3 => prop::collection::vec(part.clone(), 1..4).prop_map(|parts| parts.concat()),
            1 => (part.clone(), part.clone()).prop_map(|(one, other)| format!("(?:{one}|{other})")),
            2 => (part, prop::sample::select(&["*", "+", "?", "*?", "+?", "{2}"][..]))
                .prop_map(|(part, times)| format!("(?:{part}){times}")),
        ]
    })
}

proptest! {
    #![proptest_config(config(600))]

    #[test]
    fn any_expression_matches_what_it_matches_in_a_line_alone(
        expression in expression(),
        log in prop::collection::vec(prop::sample::select(&b"aaabb  \n\n\n\r_\0\xC3\xA9"[..]), 0..60),
        size in 1_usize..24,
        keep_ends in any::<bool>(),
        (insensitive, multi_line, dot_all) in any::<(bool, bool, bool)>(),
    ) {
        let regex = RegexBuilder::new(&expression)
            .case_insensitive(insensitive)
            .multi_line(multi_line)
            .dot_matches_new_line(dot_all)
            .build()
            .unwrap();
        matches_all_of(&log, Options { keep_ends, ..Options::NEW.blocks_of(size) }, &regex);
    }
}
