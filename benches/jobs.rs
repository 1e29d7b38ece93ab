//! What is asked of headwater: each job written as its users would write it.

use std::num::NonZeroUsize;

use headwater::Error;
use headwater::lines::{self, Line};
use headwater_benches::corpus::{Corpus, KEPT, NEEDLE, PATTERN};
use regex::bytes::Regex;

/// How many blocks may be read ahead.
const AHEAD: NonZeroUsize = NonZeroUsize::new(4).unwrap();

/// Sums the lengths of all lines.
pub(crate) fn forward(log: &Corpus) -> Result<u64, Error> {
    sum(headwater::lines(&log.plain)?)
}

/// Sums the lengths of all lines, from the last to the first.
pub(crate) fn reverse(log: &Corpus) -> Result<u64, Error> {
    sum(headwater::lines(&log.plain)?.rev())
}

/// Sums the lengths of all lines of a file that another thread reads.
pub(crate) fn forward_read_ahead(log: &Corpus) -> Result<u64, Error> {
    sum(headwater::lines(&log.plain)?.read_ahead(AHEAD))
}

/// Sums the lengths of all lines of a file that another thread reads, from the last to the first.
pub(crate) fn reverse_read_ahead(log: &Corpus) -> Result<u64, Error> {
    sum(headwater::lines(&log.plain)?.read_ahead(AHEAD).rev())
}

/// Counts the lines.
pub(crate) fn count(log: &Corpus) -> Result<u64, Error> {
    Ok(headwater::lines(&log.plain)?.count() as u64)
}

/// Counts the lines that contain a literal.
pub(crate) fn containing(log: &Corpus) -> Result<u64, Error> {
    Ok(headwater::lines(&log.plain)?.containing(NEEDLE).count() as u64)
}

/// Counts the lines that match a regular expression.
pub(crate) fn matching(log: &Corpus) -> Result<u64, Error> {
    let pattern = Regex::new(PATTERN).expect("the pattern is a constant, and valid");
    Ok(headwater::lines(&log.plain)?.matching(&pattern).count() as u64)
}

/// Sums the lengths of all lines of a memory map.
#[expect(unsafe_code, reason = "a map is safe only while nobody truncates the file")]
pub(crate) fn mapped(log: &Corpus) -> Result<u64, Error> {
    // SAFETY: the log is in the target folder, and is never written again once it has its name.
    sum(unsafe { lines::mapped(&log.plain)? })
}

/// Sums the lengths of all lines of a gzip file.
pub(crate) fn gzip(log: &Corpus) -> Result<u64, Error> {
    sum(lines::decompressed(&log.gzip)?)
}

/// Sums the lengths of all lines of a gzip file that another thread inflates.
pub(crate) fn gzip_read_ahead(log: &Corpus) -> Result<u64, Error> {
    sum(lines::decompressed(&log.gzip)?.read_ahead(AHEAD))
}

/// Keeps one line in a thousand: each pins the block that it is in.
pub(crate) fn kept(log: &Corpus) -> Result<u64, Error> {
    let mut kept = Vec::new();
    for (index, line) in headwater::lines(&log.plain)?.enumerate() {
        let line = line?;
        if index % KEPT == 0 {
            kept.push(line);
        }
    }
    Ok(kept.iter().map(|line| line.len() as u64).sum())
}

/// Keeps one line in a thousand, copied out of its block.
pub(crate) fn kept_into_owned(log: &Corpus) -> Result<u64, Error> {
    let mut kept = Vec::new();
    for (index, line) in headwater::lines(&log.plain)?.enumerate() {
        let line = line?;
        if index % KEPT == 0 {
            kept.push(line.into_owned());
        }
    }
    Ok(kept.iter().map(|line| line.len() as u64).sum())
}

/// Sums in a loop, as users write it, and not by a method that headwater could override.
fn sum(lines: impl Iterator<Item = Result<Line, Error>>) -> Result<u64, Error> {
    let mut sum = 0;
    for line in lines {
        sum += line?.len() as u64;
    }
    Ok(sum)
}
