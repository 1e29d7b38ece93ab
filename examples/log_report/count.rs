//! Counting lines on one thread.

use std::ffi::OsString;
use std::io;

use headwater::lines::{self, Decoder, Each, LongLine, OnFailure, Origin};
use headwater::{Error, Lines};
use headwater_examples::Tally;

use crate::progress::Progress;

/// So many lines go by between two looks at how much was read.
const LINES: u32 = 4096;

/// Counts the lines of all files, one after the other; returns whether all could be read.
pub(crate) fn in_turn(files: &[OsString], tally: &mut Tally, progress: &Progress) -> bool {
    let mut complete = true;
    let mut say = |error| {
        progress.say(&message(error));
        complete = false;
    };
    for (index, files) in files.split(|file| file == "-").enumerate() {
        if index > 0 {
            count(standard_input(io::stdin().lock()), tally, progress, &mut say);
        }
        count(of_files(files), tally, progress, &mut say);
    }
    complete
}

pub(crate) fn standard_input<R: io::Read>(input: R) -> Lines<lines::Read<Decoder<R>>> {
    lines::read(Decoder::new(input)).on_long(LongLine::Truncate)
}

pub(crate) fn of_files(files: &[OsString]) -> Lines<Each> {
    lines::each(files).on_failure(OnFailure::NextFile).on_long(LongLine::Truncate)
}

/// Counts the lines; `say` is told what could not be read.
pub(crate) fn count<S: Origin>(
    mut lines: Lines<S>,
    tally: &mut Tally,
    progress: &Progress,
    mut say: impl FnMut(Error),
) {
    let (mut since, mut told) = (0, 0);
    let mut tell = |lines: &Lines<S>| {
        let read = lines.bytes_read();
        progress.advance(read - told);
        told = read;
    };
    while let Some(line) = lines.next() {
        match line {
            Ok(line) => tally.add(&line),
            Err(error) => say(error),
        }
        since += 1;
        if since == LINES {
            since = 0;
            tell(&lines);
        }
    }
    tell(&lines);
}

/// What is told of a file that could not be read.
pub(crate) fn message(error: Error) -> String {
    format!("log_report: {:#}", anyhow::Error::new(error))
}
