//! The same jobs by the peers, each as its documentation shows it, and by what no reader can beat.

use std::error::Error;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use bstr::io::BufReadExt;
use flate2::bufread::MultiGzDecoder;
use grep_regex::{RegexMatcher, RegexMatcherBuilder};
use grep_searcher::{MmapChoice, Searcher, SearcherBuilder, Sink, SinkMatch};
use headwater_benches::corpus::{Corpus, KEPT};
use linereader::LineReader;
use rev_lines::RevLines;

pub(crate) type Answer = Result<u64, Box<dyn Error>>;

/// The block in which the floors read, in bytes.
const BLOCK: usize = 64 * 1024;

/// Reads the file in blocks of 64 KiB into one buffer and counts newlines: the floor.
pub(crate) fn floor(log: &Corpus) -> Answer {
    blocks(File::open(&log.plain)?, |block| memchr::memchr_iter(b'\n', block).count() as u64)
}

/// Inflates the file in blocks of 64 KiB into one buffer and looks at nothing: the floor.
pub(crate) fn floor_inflate(log: &Corpus) -> Answer {
    let file = BufReader::with_capacity(BLOCK, File::open(&log.gzip)?);
    blocks(MultiGzDecoder::new(file), |block| block.len() as u64)
}

/// [`BufRead::lines`] of std: a `String` for each line.
pub(crate) fn std_lines(log: &Corpus) -> Answer {
    sum(BufReader::new(File::open(&log.plain)?).lines())
}

/// bstr's closure on borrowed lines, which hands out nothing that can be kept.
///
/// It gets a buffer as large as ours: it is a tenth slower with the 8 KiB that are the default.
pub(crate) fn bstr_for_byte_line(log: &Corpus) -> Answer {
    let mut sum = 0;
    BufReader::with_capacity(BLOCK, File::open(&log.plain)?).for_byte_line(|line| {
        sum += line.len() as u64;
        Ok(true)
    })?;
    Ok(sum)
}

/// linereader's lending loop. It keeps the newlines, so they are taken off the sum.
pub(crate) fn linereader(log: &Corpus) -> Answer {
    let mut lines = LineReader::new(File::open(&log.plain)?);
    let mut sum = 0;
    while let Some(line) = lines.next_line() {
        sum += line?.len() as u64 - 1;
    }
    Ok(sum)
}

/// `rev_lines`: a `String` for each line. (Its form for bytes takes about a tenth less time.)
pub(crate) fn rev_lines(log: &Corpus) -> Answer {
    let mut sum = 0;
    for line in RevLines::new(File::open(&log.plain)?) {
        sum += line?.len() as u64;
    }
    Ok(sum)
}

/// What everybody writes for a gzip log: flate2, a `BufReader`, and std's `lines`.
pub(crate) fn flate2_std_lines(log: &Corpus) -> Answer {
    sum(BufReader::new(flate2::read::MultiGzDecoder::new(File::open(&log.gzip)?)).lines())
}

/// Keeps one line in a thousand of std's `lines`.
pub(crate) fn kept_std_lines(log: &Corpus) -> Answer {
    let mut kept = Vec::new();
    for (index, line) in BufReader::new(File::open(&log.plain)?).lines().enumerate() {
        let line = line?;
        if index % KEPT == 0 {
            kept.push(line);
        }
    }
    Ok(kept.iter().map(|line| line.len() as u64).sum())
}

/// ripgrep's searcher, set as ripgrep sets it for `--no-mmap -c`, and built before the clock starts.
pub(crate) struct GrepSearcher {
    matcher: RegexMatcher,
    searcher: Searcher,
}

impl GrepSearcher {
    pub(crate) fn new(pattern: &str) -> Self {
        // The line terminator is what lets it search whole blocks instead of lines.
        let matcher = RegexMatcherBuilder::new().line_terminator(Some(b'\n')).build(pattern);
        let searcher =
            SearcherBuilder::new().memory_map(MmapChoice::never()).line_number(false).build();
        Self { matcher: matcher.expect("the pattern is a constant, and valid"), searcher }
    }

    pub(crate) fn count(&mut self, path: &Path) -> Answer {
        let mut hits = Hits(0);
        self.searcher.search_path(&self.matcher, path, &mut hits)?;
        Ok(hits.0)
    }
}

/// Counts the lines that it is told of.
struct Hits(u64);

impl Sink for Hits {
    type Error = io::Error;

    fn matched(&mut self, _: &Searcher, _: &SinkMatch<'_>) -> io::Result<bool> {
        self.0 += 1;
        Ok(true)
    }
}

fn blocks(mut reader: impl Read, mut look: impl FnMut(&[u8]) -> u64) -> Answer {
    let mut buffer = vec![0; BLOCK];
    let mut sum = 0;
    loop {
        match reader.read(&mut buffer)? {
            0 => return Ok(sum),
            len => sum += look(&buffer[..len]),
        }
    }
}

fn sum(lines: impl Iterator<Item = io::Result<String>>) -> Answer {
    let mut sum = 0;
    for line in lines {
        sum += line?.len() as u64;
    }
    Ok(sum)
}
