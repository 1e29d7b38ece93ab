//! A server that fails in all ways, and the proof that each of its items came exactly once.

use std::hash::{DefaultHasher, Hasher as _};
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::bail;
use headwater::Checkpoint;

use crate::args::{self, Args};
use crate::notes::Notes;
use crate::printer::{Out, Printer};
use crate::server::{Fault, Faults, Server, items};

/// So many items the server gives at once.
const PAGE: usize = 100;

/// After so many items it is interrupted, in the middle of a page, and started again.
const INTERRUPTED: u64 = 4321;

/// Runs it, and reports. Fails if an item did not come exactly once.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let items: Arc<[String]> = items()?.into();
    let server = Server::start(0, Arc::clone(&items), faults())?;
    let words = words(&args.style, &server);
    let mut stdout = io::stdout().lock();
    let client = if args.is_sync { "ureq" } else { "reqwest" };
    writeln!(stdout, "{}\nby {client}\n", words.join(" "))?;

    let notes = Notes::new(args.style == "offset", false);
    let begun = Instant::now();
    let came = get_all(&words, args, &notes)?;
    let took = begun.elapsed();
    notes.finish();
    let expected = Tally::default();
    items.iter().try_for_each(|item| writeln!(expected.clone(), "{item}"))?;
    let is_right = came.so_far() == expected.so_far();

    writeln!(stdout, "faults of the server, and how often")?;
    for (fault, times) in server.faults() {
        writeln!(stdout, "  {times} × {fault}")?;
    }
    let (count, hash) = came.so_far();
    let (requests, pages) = (server.requests(), items.len().div_ceil(PAGE) as u64);
    let (retries, idle) = (notes.statistics().retries(), notes.statistics().idle());
    let ahead = requests.saturating_sub(pages + retries);
    writeln!(
        stdout,
        "\ninterrupted after {INTERRUPTED} items, and gone on with from the checkpoint\n\
         requests: {requests}, of which {retries} again after a fault, and {ahead} again or ahead \
         at the interruption\n\
         time: {took:.1?}, of which {idle:.1?} waited before retries\n\
         items: {count} of {}, with the hash {hash:016x}: {}",
        items.len(),
        if is_right { "each came exactly once, in order" } else { "NOT each exactly once" },
    )?;
    Ok(if is_right { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Gets all items in two runs, and returns what came.
fn get_all(words: &[String], args: &Args, notes: &Notes) -> anyhow::Result<Tally> {
    let folder = tempfile::tempdir()?;
    let tally = Tally::default();
    for take in [Some(INTERRUPTED), None] {
        let Some(api) = args::parse(words).api else { bail!("there is no API") };
        let kept = Checkpoint::new(folder.path().join("position")).label(api.label());
        let out = Out::Stream(Box::new(tally.clone()));
        let mut printer = Printer::new(out, Some(kept), take, notes);
        crate::print(api, args.is_sync, &args.fetching, notes, &mut printer)?;
    }
    Ok(tally)
}

/// What a server does wrong at one time or another.
fn faults() -> Faults {
    Faults::none()
        .on(3, [Fault::BusyFor(1)])
        .on(11, [Fault::Slow(Duration::from_millis(300))])
        .on(17, [Fault::Reset])
        .on(26, [Fault::Unavailable, Fault::Unavailable, Fault::Reset])
        .on(43, [Fault::Reset])
        .on(44, [Fault::Unavailable])
        .on(58, [Fault::BusyUntil(1)])
        .on(71, [Fault::BadGateway])
        .on(99, [Fault::Reset, Fault::Slow(Duration::from_millis(300))])
}

/// The command line that gets all items of the server, in a style.
fn words(style: &str, server: &Server) -> Vec<String> {
    let more: &[&str] = match style {
        "token" => &["--items", "/entries", "--next", "/next_page_token"],
        "page" => &["--items", "/data", "--total", "/meta/pages"],
        "offset" => &["--items", "/results", "--total", "/total"],
        _ => &[],
    };
    let url = format!("http://{}/{style}", server.address());
    let words =
        ["paginate", "--url", &url, "--style", style].into_iter().chain(more.iter().copied());
    words.map(str::to_owned).collect()
}

/// Counts and hashes what is printed. Clones are one.
#[derive(Clone, Default)]
struct Tally(Arc<Mutex<(u64, DefaultHasher)>>);

impl Tally {
    /// How many lines there were, and the hash of all.
    fn so_far(&self) -> (u64, u64) {
        let tally = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (tally.0, tally.1.finish())
    }
}

impl Write for Tally {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut tally = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tally.0 += bytes.split(|&byte| byte == b'\n').count() as u64 - 1;
        tally.1.write(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
