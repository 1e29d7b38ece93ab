//! What it costs to keep all lines: the figures of the guide.

use std::io::{self, Read};

use headwater::lines;
use headwater::measure::measure;
use headwater::{Error, Line};

const LINES: u32 = 10_000;
/// The lines, 100 bytes each with its end.
const BYTES: i64 = 100 * LINES as i64;

fn log() -> Vec<u8> {
    (0..LINES).flat_map(|n| format!("{n:0>99}\n").into_bytes()).collect()
}

/// Brings a line a read, as a pipe does whose writer is slower than its reader.
struct LineByLine(io::Cursor<Vec<u8>>);

impl Read for LineByLine {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let most = buf.len().min(100);
        self.0.read(&mut buf[..most])
    }
}

/// How many bytes are there for each line, besides its own, while all are kept.
fn more_a_line<S: Iterator<Item = Result<Line, Error>>>(open: impl FnOnce() -> S) -> i64 {
    let (kept, usage) = measure(|| {
        let mut kept = Vec::with_capacity(LINES as usize);
        kept.extend(open().map(Result::unwrap));
        kept
    });
    assert_eq!(kept.len(), LINES as usize);
    (usage.live_at_end() - BYTES) / i64::from(LINES)
}

#[test]
fn lines_of_a_file_cost_their_bytes_and_16_more() {
    let more = more_a_line(|| {
        let bytes = log();
        lines::random_access(move || Ok(bytes.clone()))
    });
    assert!((16..=20).contains(&more), "{more} bytes more a line");
}

#[test]
fn lines_that_come_one_a_read_cost_a_block_each() {
    let more = more_a_line(|| lines::read(LineByLine(io::Cursor::new(log()))));
    // Blocks that may be parts of a map are 8 bytes larger.
    assert!((64..=80).contains(&more), "{more} bytes more a line");
}
