//! A progress bar for work that takes long.

use std::ffi::OsString;
use std::fs;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// Whoever waits longer than this wants to know for how long.
const PATIENCE: Duration = Duration::from_millis(500);

/// Shows on the standard error, if it is a terminal, how many of the bytes have been read, whichever
/// threads read them.
#[derive(Debug)]
pub(crate) struct Progress {
    started: Instant,
    /// The bytes of all files; `None` if one is a pipe, whose bytes nobody knows.
    total: Option<u64>,
    read: Mutex<Read>,
}

#[derive(Debug, Default)]
struct Read {
    bytes: u64,
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
        Self { started: Instant::now(), total: files.iter().map(len).sum(), read: Mutex::default() }
    }

    /// Says that so many bytes more were read. It looks at the clock: not for every line.
    pub(crate) fn advance(&self, bytes: u64) {
        let mut read = self.read();
        let Read { bytes: position, bar } = &mut *read;
        *position += bytes;
        if bar.is_some() || self.started.elapsed() > PATIENCE {
            let bar = bar.get_or_insert_with(|| new_bar(self.total, *position));
            bar.set_position(*position);
        }
    }

    /// Says that so many bytes are read again.
    pub(crate) fn go_back(&self, bytes: u64) {
        self.read().bytes -= bytes;
    }

    /// Prints a message on the standard error, beside the bar.
    pub(crate) fn say(&self, message: &str) {
        match &self.read().bar {
            Some(bar) => bar.suspend(|| eprintln!("{message}")),
            None => eprintln!("{message}"),
        }
    }

    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.read().bar {
            bar.finish_and_clear();
        }
    }

    fn read(&self) -> MutexGuard<'_, Read> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn new_bar(total: Option<u64>, position: u64) -> ProgressBar {
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
