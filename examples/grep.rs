//! Prints the lines of a file that contain a text, as `grep -aF` does.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::process::ExitCode;

use anyhow::Context as _;
use bstr::ByteSlice as _;
use clap::{Arg, ArgAction, Command, value_parser};
use headwater::lines::Origin;
use headwater::{Error, ErrorKind, Line, Lines, lines};

const ABOUT: &str = "\
Prints the lines of FILE that contain NEEDLE, which is taken as it is, byte for byte.

An empty NEEDLE is in every line. If NEEDLE holds newlines, each line of it is looked for.

Exit status: 0 if a line was found, 1 if none was, 2 if something failed.";

/// What an error of writing is told of.
const OUTPUT: &str = "standard output";

/// What to do.
struct Args {
    only_count: bool,
    needle: OsString,
    file: OsString,
}

fn parse_args() -> Args {
    let argument =
        |name, help| Arg::new(name).required(true).value_parser(value_parser!(OsString)).help(help);
    let mut matches = Command::new("grep")
        .about(ABOUT)
        .arg(
            Arg::new("count")
                .short('c')
                .long("count")
                .action(ArgAction::SetTrue)
                .help("Print only how many lines there are"),
        )
        .arg(argument("NEEDLE", "The text to look for; write `--` before one that begins with `-`"))
        .arg(argument("FILE", "The file to search; `-` is the standard input"))
        .get_matches();
    Args {
        only_count: matches.get_flag("count"),
        needle: matches.remove_one("NEEDLE").unwrap_or_default(),
        file: matches.remove_one("FILE").unwrap_or_default(),
    }
}

fn main() -> ExitCode {
    match run(&parse_args()) {
        Ok(0) => ExitCode::from(1),
        Ok(_) => ExitCode::SUCCESS,
        Err(error) if has_no_reader(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("grep: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Tells whether whoever reads the output has seen enough.
fn has_no_reader(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

fn run(args: &Args) -> anyhow::Result<u64> {
    if args.file == "-" {
        return search(lines::read(io::stdin().lock()), args);
    }
    match lines(&args.file) {
        Err(error) if error.kind() == ErrorKind::Unseekable => {
            let pipe = File::open(&args.file);
            search(lines::read(pipe.with_context(|| args.file.display().to_string())?), args)
        }
        file => search(file?, args),
    }
}

fn search<S: Origin>(lines: Lines<S>, args: &Args) -> anyhow::Result<u64> {
    let lines = lines.keep_ends().keep_bom().max_len(usize::MAX);
    let needle = args.needle.as_encoded_bytes();
    if !needle.contains(&b'\n') {
        return print(lines.containing(needle), args.only_count);
    }
    let needles: Vec<&[u8]> = needle.split(|&byte| byte == b'\n').collect();
    let is_hit = |line: &Line| needles.iter().any(|needle| line.contains_str(needle));
    print(lines.filter(|line| line.as_ref().map_or(true, is_hit)), args.only_count)
}

/// Prints the lines, or how many there are, and returns how many there are.
fn print(
    found: impl Iterator<Item = Result<Line, Error>>,
    only_count: bool,
) -> anyhow::Result<u64> {
    let stdout = io::stdout().lock();
    // On a terminal a line is shown when it is found.
    let mut out: Box<dyn Write> = if stdout.is_terminal() {
        Box::new(stdout)
    } else {
        Box::new(BufWriter::with_capacity(64 * 1024, stdout))
    };
    let mut count = 0;
    for line in found {
        let line = line?;
        count += 1;
        if !only_count {
            print_line(&mut out, &line).context(OUTPUT)?;
        }
    }
    if only_count {
        writeln!(out, "{count}").context(OUTPUT)?;
    }
    out.flush().context(OUTPUT)?;
    Ok(count)
}

fn print_line(out: &mut impl Write, line: &Line) -> io::Result<()> {
    out.write_all(line)?;
    if line.is_complete() { Ok(()) } else { out.write_all(b"\n") }
}
