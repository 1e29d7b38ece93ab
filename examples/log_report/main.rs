//! Reports on access logs: how many requests, when, for what, from whom.

mod count;
mod parallel;
mod progress;

use std::ffi::OsString;
use std::io::{self, BufWriter, IsTerminal as _, Write as _};
use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::thread;

use clap::{Arg, Command, value_parser};
use console::Term;
use headwater_examples::{Report, Tally, json, options, table};

use crate::progress::Progress;

const DEFAULT_LOG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/apache_access.log");

const ABOUT: &str = "\
Reports on access logs in the common or the combined format.

Files are read as if they were one and may be compressed (gzip, zstd). Memory grows with the
number of distinct paths, hosts, referrers and user agents, not with the size of the files.
Without FILE it reports on the log of a web site that comes with the source code.";

const DETAILS: &str = "\
What is counted:
  path       the second word of the request, with its query; a request of one word, or an
             empty one, is counted as it stands
  day, hour  as logged, in the log's own time zone
  referrer, user agent
             neither `-` nor an empty one is counted; one that the end of the line cuts is
  bytes      `-` counts as 0
Escapes such as \\\" or \\x16 are kept as logged. What is not UTF-8 is shown as U+FFFD.
Lists are sorted by count, then by text. Fields behind the user agent are ignored.

A line without host, identity, user, time, request, status or bytes, with a time that does not
exist, an empty line, and a line of more than 16 MiB are counted as unparsed.

The report does not depend on --jobs. With more than one, large plain files are divided among the
threads, several files are read at once, and what could not be read is told in the end.

--json prints one object. `lines`, `parsed`, `unparsed` and `bytes` are numbers; `first` and `last`
are times, or null; `unparsed_first` tells where the first unparsed lines are; `days`, `hours` and
`status` are objects from text to count; `paths`, `hosts`, `referrers` and `agents` are arrays of
[text, count].

Exit status: 0 if all files were read, 1 if one could not be read to its end (the report is on
the rest), 2 if the arguments make no sense.";

/// What to do.
struct Args {
    json: bool,
    top: usize,
    jobs: NonZeroUsize,
    files: Vec<OsString>,
}

fn parse_args() -> Args {
    let mut matches = Command::new("log_report")
        .about(ABOUT)
        .after_help(DETAILS)
        .args(options())
        .arg(
            Arg::new("jobs")
                .long("jobs")
                .value_name("N")
                .value_parser(value_parser!(NonZeroUsize))
                .help("How many threads count; as many as there are cores unless it is given"),
        )
        .arg(
            Arg::new("FILE")
                .num_args(0..)
                .value_parser(value_parser!(OsString))
                .default_value(DEFAULT_LOG)
                .hide_default_value(true)
                .help("The logs to read; `-` is the standard input"),
        )
        .get_matches();
    Args {
        json: matches.get_flag("json"),
        top: matches.remove_one("top").unwrap_or_default(),
        jobs: matches.remove_one("jobs").unwrap_or_else(cores),
        files: matches.remove_many("FILE").into_iter().flatten().collect(),
    }
}

fn cores() -> NonZeroUsize {
    thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

fn main() -> ExitCode {
    match run(&parse_args()) {
        Ok(code) => code,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("log_report: standard output: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> io::Result<ExitCode> {
    let mut tally = Tally::default();
    let progress = Progress::new(&args.files);
    let complete = match args.jobs.get() {
        1 => count::in_turn(&args.files, &mut tally, &progress),
        jobs => match parallel::at_once(&args.files, jobs, &mut tally, &progress) {
            Ok(complete) => complete,
            Err(error) => {
                eprintln!("log_report: {jobs} threads: {error}");
                return Ok(ExitCode::FAILURE);
            }
        },
    };
    progress.finish();
    if complete || tally.lines() > 0 {
        print(&tally.report(args.top), args.json)?;
    }
    Ok(if complete { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn print(report: &Report, json: bool) -> io::Result<()> {
    let stdout = io::stdout().lock();
    let width = stdout.is_terminal().then(|| Term::stdout().size().1);
    let mut out = BufWriter::new(stdout);
    if json {
        json::write(&mut out, report)?;
    } else {
        table::write(&mut out, report, width)?;
    }
    out.flush()
}
