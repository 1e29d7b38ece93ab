//! What is told on the standard error while pages are fetched.

use std::io::{self, IsTerminal as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use headwater::pages::Reply;
use headwater::retry::{self, Statistics};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::api::Said;
use crate::failure::Failure;

/// Notes, and on a terminal a progress bar. Clones are one.
#[derive(Clone)]
pub(crate) struct Notes {
    /// It shows nothing where there is no terminal.
    bar: ProgressBar,
    /// Whether totals are of items, and not of pages.
    counts_items: bool,
    /// Whether each failure is told.
    is_verbose: bool,
    pages: Arc<AtomicU64>,
    statistics: Statistics,
}

impl Notes {
    pub(crate) fn new(counts_items: bool, is_verbose: bool) -> Self {
        let is_terminal = io::stderr().is_terminal();
        let target =
            if is_terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        if is_terminal {
            bar.set_style(style("{spinner} {human_pos} items{msg}, {elapsed}"));
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        let (pages, statistics) = (Arc::default(), Statistics::new());
        Self { bar, counts_items, is_verbose, pages, statistics }
    }

    /// Counts what is fetched, and tells what is doubtful about it.
    pub(crate) fn fetched(&self, reply: &Reply<String, Said>) {
        let pages = self.pages.fetch_add(1, Ordering::Relaxed) + 1;
        self.bar.set_message(format!(", {pages} pages fetched"));
        if self.counts_items
            && let Some(total) = reply.said.total
        {
            self.bar.set_style(style("{bar:30} {human_pos} of {human_len} items{msg}, {eta} left"));
            self.bar.set_length(total);
        }
        if let Some(doubt) = &reply.said.doubt {
            self.tell(doubt);
        }
    }

    /// Counts an item that was printed.
    pub(crate) fn printed(&self, items: u64) {
        self.bar.set_position(items);
    }

    pub(crate) fn tell_failure(&self, failure: &retry::Failure<'_, Failure>) {
        if let Some(error) = failure.error().filter(|_| self.is_verbose) {
            let error = chain(error);
            let (attempt, delay) = (failure.attempt(), failure.delay().unwrap_or_default());
            self.tell(&format!(
                "{}: attempt {attempt}: {error}; again in {delay:.1?}",
                url(failure)
            ));
        }
    }

    pub(crate) fn tell(&self, message: &str) {
        self.beside(|| eprintln!("paginate: {message}"));
    }

    /// Does something while the bar is away: what it prints may go to the same terminal.
    pub(crate) fn beside<T>(&self, work: impl FnOnce() -> T) -> T {
        self.bar.suspend(work)
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    pub(crate) fn statistics(&self) -> &Statistics {
        &self.statistics
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}

fn url<'a>(failure: &retry::Failure<'a, Failure>) -> &'a str {
    failure.error().map_or("", |error| &error.url)
}

/// An error and its causes on one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
