//! What is expected of a source in one line: the texts it gives, the error it ends with.

use std::fmt::Debug;

use bstr::BString;
use headwater::{Error, Line};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};

use crate::support::options::Options;
use crate::support::oracle::Oracle;
use crate::support::seen::Seen;

/// The texts of lines, none of which may be an error.
pub(crate) fn texts(lines: impl IntoIterator<Item = Result<Line, Error>>) -> Vec<BString> {
    lines.into_iter().map(|line| line.expect("a line").into_owned()).collect()
}

/// The texts of lines, and the error that ends them: nothing may follow it.
pub(crate) fn broken(
    lines: impl IntoIterator<Item = Result<Line, Error>, IntoIter: Debug>,
) -> (Vec<BString>, Error) {
    let mut lines = lines.into_iter();
    let mut good = Vec::new();
    loop {
        match lines.next() {
            Some(Ok(line)) => good.push(line.into_owned()),
            Some(Err(error)) => {
                assert!(lines.next().is_none() && lines.next().is_none(), "{lines:?} goes on");
                return (good, error);
            }
            None => panic!("it ended without an error, after {good:?}"),
        }
    }
}

/// The lines of some bytes, as a source gives them that was told nothing.
pub(crate) fn lines_in(bytes: &[u8]) -> Vec<BString> {
    seen(bytes).map(|(text, _)| text).collect()
}

/// Where the lines of some bytes begin.
pub(crate) fn starts_in(bytes: &[u8]) -> Vec<u64> {
    seen(bytes).map(|(_, offset)| offset).collect()
}

fn seen(bytes: &[u8]) -> impl Iterator<Item = (BString, u64)> {
    Oracle::new(bytes, &Options::NEW).map(|seen| match seen {
        Seen::Line { text, offset, .. } => (text, offset),
        Seen::Error { .. } => unreachable!("no line is over the limit"),
    })
}

/// Any bytes with many short lines in them.
pub(crate) fn text() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        4 => Just(b'\n'),
        2 => Just(b'\r'),
        8 => prop::sample::select(&b"abc \t\0"[..]),
        1 => any::<u8>(),
    ];
    prop::collection::vec(byte, 0..150)
}

/// A run of properties that is the same each time.
pub(crate) fn config(cases: u32) -> Config {
    Config {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(0x6865_6164_7761_7465),
        ..Config::default()
    }
}
