//! Reports on access logs: how many requests, when, for what, from whom.

mod progress;

use std::ffi::OsString;
use std::io::{self, BufWriter, IsTerminal as _, Write as _};
use std::process::ExitCode;

use clap::{Arg, ArgAction, Command, value_parser};
use console::Term;
use headwater::Lines;
use headwater::lines::{self, Decoder, LongLine, OnFailure, Origin};
use headwater_examples::{Report, Tally, json, table};

use crate::progress::Progress;

const DEFAULT_LOG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/apache_access.log");

const ABOUT: &str = "\
Reports on access logs in the common or the combined format.

Files are read one after the other and may be compressed (gzip, zstd). Memory grows with the
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
    files: Vec<OsString>,
}

fn parse_args() -> Args {
    let mut matches = Command::new("log_report")
        .about(ABOUT)
        .after_help(DETAILS)
        .arg(
            Arg::new("json")
                .long("json")
                .action(ArgAction::SetTrue)
                .help("Print one JSON object instead of tables"),
        )
        .arg(
            Arg::new("top")
                .long("top")
                .value_name("N")
                .value_parser(value_parser!(usize))
                .default_value("10")
                .help("How many paths, hosts, referrers and user agents to list; 0 lists all"),
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
        files: matches.remove_many("FILE").into_iter().flatten().collect(),
    }
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
    let mut progress = Progress::new(&args.files);
    let mut complete = true;
    for (index, files) in args.files.split(|file| file == "-").enumerate() {
        if index > 0 {
            let input = lines::read(Decoder::new(io::stdin().lock())).on_long(LongLine::Truncate);
            complete &= read(input, &mut tally, &mut progress);
        }
        let files = lines::each(files).on_failure(OnFailure::NextFile).on_long(LongLine::Truncate);
        complete &= read(files, &mut tally, &mut progress);
    }
    progress.finish();
    if complete || tally.lines() > 0 {
        print(&tally.report(args.top), args.json)?;
    }
    Ok(if complete { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Counts the lines; tells on the standard error what could not be read, and returns whether all
/// could be.
fn read<S: Origin>(mut lines: Lines<S>, tally: &mut Tally, progress: &mut Progress) -> bool {
    let mut complete = true;
    while let Some(line) = lines.next() {
        match line {
            Ok(line) => tally.add(&line),
            Err(error) => {
                progress.say(&format!("log_report: {:#}", anyhow::Error::new(error)));
                complete = false;
            }
        }
        progress.update(|| lines.bytes_read());
    }
    progress.next_source(lines.bytes_read());
    complete
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
