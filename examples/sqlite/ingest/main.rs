//! Puts the lines of a log into a table of a database, each exactly once.
//!
//! `cargo run -p headwater-sqlite-examples --example ingest -- FILE DATABASE`
//!
//! It may be killed at any moment and started again. What makes that safe is that the position in
//! the log is a row of the same database, written in the same transaction as the lines before it:
//! either both are there or neither is. A position in a file of its own, which is what
//! `headwater::Checkpoint` keeps, can't do that: of two places one is written first, and a kill
//! between them repeats lines or loses some. It is for outputs that have no transactions.

mod database;
mod faulty;
mod transfer;

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::num::{NonZeroU64, NonZeroUsize};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::{Arg, ArgAction, Command, value_parser};

use crate::transfer::{Job, transfer};

const ABOUT: &str = "\
Puts the lines of FILE into the table `line` of DATABASE, each exactly once.

FILE may be compressed (gzip, zstd). Started again, after it was killed, after an error, or when the
file has grown, it goes on where it was. DATABASE remembers which file it is: another one, or one
that was replaced, is an error; one that was renamed is not.

A row is the offset of a line, in decompressed bytes, and its text without its end. A last line
without an end is put in as well, and replaced when there is more of it.

Exit status: 0 if FILE was read to its end, 1 if something failed (the lines before it are in),
2 if the arguments make no sense.";

/// What to do.
struct Args {
    is_verbose: bool,
    job: Job,
}

fn parse_args() -> Args {
    let path =
        |name, help| Arg::new(name).required(true).value_parser(value_parser!(OsString)).help(help);
    let mut matches = Command::new("ingest")
        .about(ABOUT)
        .arg(
            Arg::new("batch")
                .long("batch")
                .value_name("LINES")
                .value_parser(value_parser!(NonZeroUsize))
                .default_value("1000")
                .help("How many lines to put in with one transaction"),
        )
        .arg(
            Arg::new("fail-every")
                .long("fail-every")
                .value_name("N")
                .value_parser(value_parser!(NonZeroU64))
                .help("Let a read fail after every N lines, to see that nothing is lost"),
        )
        .arg(
            Arg::new("wait")
                .long("wait")
                .value_name("SECONDS")
                // SQLite counts milliseconds, in an i32.
                .value_parser(value_parser!(u64).range(..=2_147_483))
                .default_value("5")
                .help("How long to wait for somebody else who writes to DATABASE"),
        )
        .arg(
            Arg::new("verbose")
                .short('v')
                .long("verbose")
                .action(ArgAction::SetTrue)
                .help("Print after each transaction how many lines were put in up to there"),
        )
        .arg(path("FILE", "The log"))
        .arg(path("DATABASE", "The database, which is made if it is not there"))
        .get_matches();
    let mut path = |name| matches.remove_one::<OsString>(name).unwrap_or_default().into();
    let (file, database) = (path("FILE"), path("DATABASE"));
    Args {
        is_verbose: matches.get_flag("verbose"),
        job: Job {
            file,
            database,
            batch: matches.remove_one("batch").unwrap_or(NonZeroUsize::MIN),
            fail_every: matches.remove_one("fail-every"),
            wait: Duration::from_secs(matches.remove_one("wait").unwrap_or_default()),
        },
    }
}

fn main() -> ExitCode {
    match run(&parse_args()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ingest: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<()> {
    let mut stdout = io::stdout().lock();
    let mut say = |text: String| writeln!(stdout, "{text}").context("standard output");
    let done =
        transfer(
            &args.job,
            |lines| {
                if args.is_verbose { say(format!("{lines} lines")) } else { Ok(()) }
            },
        )?;
    say(format!("{} lines ingested, {} in all", done.lines, done.lines_in_all))
}
