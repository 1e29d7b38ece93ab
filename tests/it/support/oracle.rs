//! What a source of lines must give, found the simplest way: all bytes in memory, `split_inclusive`.

use std::collections::VecDeque;

use bstr::BString;
use headwater::ErrorKind;
use headwater::lines::LongLine;

use super::options::Options;
use super::seen::Seen;

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// The lines of some bytes, which are taken from either end.
#[derive(Clone, Debug)]
pub(crate) struct Oracle {
    lines: VecDeque<Found>,
    on_long: LongLine,
    long_lines: u64,
}

#[derive(Clone, Debug)]
struct Found {
    line: Seen,
    offset: u64,
    long: bool,
}

impl Oracle {
    pub(crate) fn new(data: &[u8], options: &Options) -> Self {
        let marked = data.starts_with(BOM) && !options.keep_bom;
        let mut offset = if marked { BOM.len() } else { 0 };
        let whole = data[offset..].split_inclusive(|&byte| byte == options.delimiter);
        let lines = whole.map(|whole| {
            let found = find(whole, offset as u64, options);
            offset += whole.len();
            found
        });
        Self { lines: lines.collect(), on_long: options.on_long, long_lines: 0 }
    }

    /// How many of the lines taken were over the limit.
    pub(crate) fn long_lines(&self) -> u64 {
        self.long_lines
    }

    fn take(&mut self, pop: fn(&mut VecDeque<Found>) -> Option<Found>) -> Option<Seen> {
        loop {
            let Found { line, offset, long } = pop(&mut self.lines)?;
            self.long_lines += u64::from(long);
            match self.on_long {
                LongLine::Skip if long => {}
                LongLine::Error if long => {
                    self.lines.clear();
                    return Some(Seen::Error { kind: ErrorKind::LongLine, offset: Some(offset) });
                }
                _ => return Some(line),
            }
        }
    }
}

/// Finds out about one line, which is there with its end.
fn find(whole: &[u8], offset: u64, options: &Options) -> Found {
    let text = whole.strip_suffix(&[options.delimiter]);
    let complete = text.is_some();
    let returned = complete && options.delimiter == b'\n';
    let text = text.unwrap_or(whole);
    let text = text.strip_suffix(b"\r").filter(|_| returned).unwrap_or(text);
    let long = text.len() > options.max_len;
    let given = match options.keep_ends {
        _ if long => &text[..options.max_len],
        true => whole,
        false => text,
    };
    let line = Seen::Line { text: BString::from(given), offset, complete, truncated: long };
    Found { line, offset, long }
}

impl Iterator for Oracle {
    type Item = Seen;

    fn next(&mut self) -> Option<Seen> {
        self.take(VecDeque::pop_front)
    }
}

impl DoubleEndedIterator for Oracle {
    fn next_back(&mut self) -> Option<Seen> {
        self.take(VecDeque::pop_back)
    }
}
