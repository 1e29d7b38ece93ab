//! A progress bar for work that takes long.

use std::ffi::OsString;
use std::fs;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// Whoever waits longer than this wants to know for how long.
const PATIENCE: Duration = Duration::from_millis(500);

/// So many lines go by between two looks at the clock.
const LINES: u32 = 4096;

/// Shows on the standard error, if it is a terminal, how many of the bytes have been read.
#[derive(Debug)]
pub(crate) struct Progress {
    started: Instant,
    /// The bytes of all files; `None` if one is a pipe, whose bytes nobody knows.
    total: Option<u64>,
    /// The bytes of the sources that were read before this one.
    before: u64,
    /// The lines since the last look at the clock.
    lines: u32,
    /// `None` until it has taken long.
    bar: Option<ProgressBar>,
}

impl Progress {
    pub(crate) fn new(files: &[OsString]) -> Self {
        let len = |file: &OsString| match fs::metadata(file) {
            _ if file == "-" => None,
            Ok(found) => found.is_file().then_some(found.len()),
            // There is nothing to read: that is told when its turn comes.
            Err(_) => Some(0),
        };
        Self {
            started: Instant::now(),
            total: files.iter().map(len).sum(),
            before: 0,
            lines: 0,
            bar: None,
        }
    }

    /// Counts a line, and from time to time asks how many bytes of this source were read.
    pub(crate) fn update(&mut self, bytes: impl FnOnce() -> u64) {
        self.lines += 1;
        if self.lines < LINES {
            return;
        }
        self.lines = 0;
        if self.bar.is_some() || self.started.elapsed() > PATIENCE {
            let position = self.before + bytes();
            self.bar.get_or_insert_with(|| bar(self.total, position)).set_position(position);
        }
    }

    /// Goes on to the next source; `bytes` were read from the last one.
    pub(crate) fn next_source(&mut self, bytes: u64) {
        self.before += bytes;
    }

    /// Prints a message on the standard error, beside the bar.
    pub(crate) fn say(&self, message: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| eprintln!("{message}")),
            None => eprintln!("{message}"),
        }
    }

    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bar(total: Option<u64>, position: u64) -> ProgressBar {
    let template = if total.is_some() {
        "{bar:30} {bytes} of {total_bytes}, {eta} left"
    } else {
        "{spinner} {bytes}"
    };
    let style =
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = total.map_or_else(ProgressBar::new_spinner, ProgressBar::new).with_style(style);
    bar.set_position(position);
    // Without this it takes all that was read by now for the work of an instant.
    bar.reset_eta();
    bar
}
