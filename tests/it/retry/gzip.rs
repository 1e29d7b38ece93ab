//! A real log, compressed, with a fault at every byte and at every item.
//!
//! To go on in compressed data is to decompress it from its start. So it is a shorter log in which
//! every byte fails when it is first read; in the one of 2,000 lines, one byte does, in a run through
//! all of it. That log is compressed in eight files where it fails at every item.

use std::io::{self, Read};
use std::sync::Arc;

use bstr::{BString, ByteSlice};
use headwater::lines::{self, Decoder};
use headwater::prelude::*;
use headwater::retry::GaveUp;
use headwater::{Line, Retry};

use super::heal_log::{BLOCK, LINES, LOG, same_lines, text};
use super::persistent;
use crate::support::data::{self, Data};
use crate::support::faults::{EveryByte, EveryItem, ReadFrom};
use crate::support::hostile::Failing;

/// The lines of a compressed log that can only be read from its start, as one that a server sends.
pub(super) fn gzip_lines<R: Read>(
    retry: Retry,
    mut open: impl FnMut() -> io::Result<R>,
) -> impl Iterator<Item = Result<Line, GaveUp<io::Error>>> + Source<Position = Option<u64>> {
    let open = move |at: Option<u64>| {
        let lines = lines::read(Decoder::new(open()?)).keep_ends().keep_bom();
        Ok(lines.from(at.unwrap_or(0)).map(|line| line.map_err(io::Error::from)))
    };
    retry.resume(open, |line: &Line| line.offset() + line.len() as u64)
}

fn without_end(item: Result<Line, GaveUp<io::Error>>) -> BString {
    let mut line = text(item);
    line.pop();
    line
}

#[test]
fn a_fault_at_every_byte_of_sixty_lines() {
    let gzip = data::gzip(&joined(&LINES[..60]));
    let storage = EveryByte::new(&gzip);
    let open = || Ok(ReadFrom(&*storage, EveryByte::START));
    same_lines(gzip_lines(persistent(), open).map(without_end), &LINES[..60]);
    assert_eq!(storage.faults(), gzip.len());
}

#[test]
fn a_fault_at_one_byte_of_many() {
    let gzip = data::gzip(&LOG);
    // The head, the border between two members, the end, and some between.
    let border = gzip.find_iter(b"\x1F\x8B\x08").nth(1).unwrap();
    let edges = (0..20).chain(border - 10..border + 20).chain(gzip.len() - 10..gzip.len());
    for at in edges.chain((0..gzip.len()).step_by(599)) {
        let storage = Arc::new(Failing::new(&gzip[..], at, io::ErrorKind::TimedOut, 2));
        let open = || Ok(ReadFrom(Arc::clone(&storage), 0));
        same_lines(gzip_lines(persistent(), open).map(without_end), &LINES);
    }
}

#[test]
fn a_fault_at_every_item() {
    let parts: Vec<_> = LINES.chunks(250).map(|lines| Data::new(&joined(lines))).collect();
    let lines = lines::each(parts.iter().map(Data::gzip)).block_size(BLOCK);
    let mut lines = EveryItem::new(lines).retry(persistent());
    same_lines(lines.by_ref().map(text), &LINES);
    assert_eq!(lines.get_ref().faults, LINES.len() + 1, "each item, and the end");
}

#[test]
fn a_fault_at_every_item_of_one_file() {
    let data = Data::new(&joined(&LINES[..500]));
    let lines = lines::decompressed(data.gzip()).unwrap().block_size(BLOCK);
    same_lines(EveryItem::new(lines).retry(persistent()).map(text), &LINES[..500]);
}

fn joined(lines: &[BString]) -> Vec<u8> {
    let mut joined = bstr::join("\n", lines);
    joined.push(b'\n');
    joined
}
