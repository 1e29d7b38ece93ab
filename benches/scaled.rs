//! The jobs of `scale` on lines, of headwater and of its peers.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::LazyLock;

use futures::StreamExt as _;
use rayon::iter::{IntoParallelIterator as _, ParallelBridge as _, ParallelIterator as _};
use regex::bytes::Regex;
use tokio::io::AsyncBufReadExt as _;
use tokio_util::codec::{FramedRead, LinesCodec};

/// Takes a line of an access log apart, as a program would that has no parser of its own.
static ENTRY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?-u)^(\S+) \S+ .*? \[([^\]]+)\] "([^"]*)" (\d{3}) (\d+|-)"#)
        .expect("it is an expression")
});

/// Parses a line, and returns a number that only who parsed it knows.
fn parse(line: &[u8]) -> u64 {
    let Some(entry) = ENTRY.captures(line) else { return 0 };
    let number = |text: &[u8]| text.iter().fold(0, |n, digit| n * 10 + u64::from(digit & 15));
    number(&entry[4]) + if &entry[5] == b"-" { 0 } else { number(&entry[5]) }
}

/// Sums what is in all lines, on one core.
pub(crate) fn parsed(log: &Path) -> Result<u64, headwater::Error> {
    headwater::lines(log)?.map(|line| line.map(|line| parse(&line))).sum()
}

/// The same on the cores of the pool that it is called in.
pub(crate) fn parsed_parallel(log: &Path) -> Result<u64, headwater::Error> {
    headwater::lines(log)?.into_par_iter().map(|line| line.map(|line| parse(&line))).sum()
}

/// The same, of std's lines through rayon's bridge.
pub(crate) fn parsed_bridge(log: &Path) -> io::Result<u64> {
    let lines = BufReader::new(File::open(log)?).lines().par_bridge();
    lines.map(|line| line.map(|line| parse(line.as_bytes()))).sum()
}

/// The same, of headwater's lines through rayon's bridge.
pub(crate) fn parsed_bridge_of_ours(log: &Path) -> Result<u64, headwater::Error> {
    let lines = headwater::lines(log)?.par_bridge();
    lines.map(|line| line.map(|line| parse(&line))).sum()
}

/// The same, in order: of std's lines through the threads of pariter.
pub(crate) fn parsed_pariter(log: &Path) -> io::Result<u64> {
    let lines = BufReader::new(File::open(log)?).lines();
    let parse = |line: io::Result<String>| line.map(|line| parse(line.as_bytes()));
    pariter::IteratorExt::parallel_map(lines, parse).sum()
}

/// Sums the lengths of all lines, of a stream.
pub(crate) async fn sum_async(log: &Path) -> Result<u64, headwater::Error> {
    let mut lines = headwater::stream::lines(log).await?;
    let mut sum = 0;
    while let Some(line) = lines.next().await {
        sum += line?.len() as u64;
    }
    Ok(sum)
}

/// The same, of tokio's lines.
pub(crate) async fn sum_tokio_lines(log: &Path) -> io::Result<u64> {
    let mut lines = tokio::io::BufReader::new(tokio::fs::File::open(log).await?).lines();
    let mut sum = 0;
    while let Some(line) = lines.next_line().await? {
        sum += line.len() as u64;
    }
    Ok(sum)
}

/// The same, of tokio-util's codec.
pub(crate) async fn sum_lines_codec(log: &Path) -> io::Result<u64> {
    let mut lines = FramedRead::new(tokio::fs::File::open(log).await?, LinesCodec::new());
    let mut sum = 0;
    while let Some(line) = lines.next().await {
        sum += line.map_err(io::Error::other)?.len() as u64;
    }
    Ok(sum)
}

/// Reads blocks of 64 KiB into one buffer, and counts newlines.
pub(crate) fn floor(log: &Path) -> io::Result<u64> {
    let mut file = File::open(log)?;
    let mut block = vec![0; 64 << 10];
    let mut newlines = 0;
    loop {
        match file.read(&mut block)? {
            0 => return Ok(newlines),
            read => newlines += memchr::memchr_iter(b'\n', &block[..read]).count() as u64,
        }
    }
}
