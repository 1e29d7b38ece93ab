//! Searches: the lines that a filter would keep, found a block at a time.

use headwater::lines;

use crate::support::against_oracle::AgainstOracle;
use crate::support::options::Options;
use crate::support::oracle::Oracle;
use crate::support::sources::{Lawful, Medium, Strategy, Visitor};

mod bytes;
#[cfg(feature = "regex")]
mod crossing;
#[cfg(feature = "regex")]
mod expressions;
mod sources;

const STRATEGY: Strategy = Strategy {
    name: "random access",
    medium: Medium::Storage,
    ahead: false,
    heals: false,
    parallel: false,
};

/// Opens some bytes, with these options.
macro_rules! log {
    ($bytes:expr, $options:expr) => {{
        let (bytes, options): (&[u8], Options) = ($bytes, $options);
        let log = lines::random_access(move || Ok(bytes)).block_size(options.block_size);
        let log =
            log.delimiter(options.delimiter).max_len(options.max_len).on_long(options.on_long);
        if options.keep_ends { log.keep_ends() } else { log }
    }};
}

fn containing<'a>(
    bytes: &'a [u8],
    options: Options,
    needle: &[u8],
) -> impl Lawful + DoubleEndedIterator + use<'a> {
    log!(bytes, options).containing(needle)
}

#[cfg(feature = "regex")]
fn matching<'a>(
    bytes: &'a [u8],
    options: Options,
    regex: &regex::bytes::Regex,
) -> impl Lawful + DoubleEndedIterator + use<'a> {
    log!(bytes, options).matching(regex)
}

/// Whether a line holds a needle, in the plainest way.
fn holds(line: &[u8], needle: &[u8]) -> bool {
    needle.is_empty() || line.windows(needle.len()).any(|window| window == needle)
}

/// Holds what a search gives, from either end and from both, against a filter of all lines.
fn is_a_filter<S: Lawful + DoubleEndedIterator>(
    bytes: &[u8],
    options: Options,
    search: impl Fn() -> S,
    wanted: &dyn Fn(&[u8]) -> bool,
    context: impl Fn() -> String,
) {
    let oracle = Oracle::new(bytes, &options);
    let context = format!("{} in {:?} by {options:?}", context(), bstr::BStr::new(bytes));
    let mut against = AgainstOracle { oracle, wanted, context };
    against.forward(STRATEGY, &search);
    against.both_ends(STRATEGY, &search);
}

fn finds_all_of(bytes: &[u8], options: Options, needle: &[u8]) {
    let search = || containing(bytes, options, needle);
    let wanted = |line: &[u8]| holds(line, needle);
    is_a_filter(bytes, options, search, &wanted, || format!("{:?}", bstr::BStr::new(needle)));
}

#[cfg(feature = "regex")]
fn matches_all_of(bytes: &[u8], options: Options, regex: &regex::bytes::Regex) {
    let search = || matching(bytes, options, regex);
    is_a_filter(bytes, options, search, &|line| regex.is_match(line), || format!("{regex:?}"));
}
