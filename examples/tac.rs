//! Prints files with their lines in reverse order, as GNU tac does, in bounded memory.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::process::{self, ExitCode};

use anyhow::Context as _;
use clap::{Arg, Command, value_parser};
use headwater::{ErrorKind, Lines, lines};
use tempfile::NamedTempFile;

const ABOUT: &str = "\
Prints each file with its lines in reverse order: the last line first.

A last line without a newline is printed as it is, joined to the line that follows it, as GNU
tac does. What can't be read from its end (a pipe) is copied to a temporary file first.

Exit status: 0 if all went well, 1 if a file could not be read or written.";

fn command() -> Command {
    let file = Arg::new("FILE").num_args(0..).default_value("-");
    Command::new("tac").about(ABOUT).arg(
        file.value_parser(value_parser!(OsString))
            .help("The files to print; `-` is the standard input"),
    )
}

fn main() -> ExitCode {
    let args = command().try_get_matches().unwrap_or_else(|usage| {
        // Nobody is left to be told that the message could not be printed.
        let _ = usage.print();
        process::exit(usage.use_stderr().into())
    });
    // A quarter of a pipe, so that whoever reads it goes on meanwhile.
    let mut out = BufWriter::with_capacity(16 * 1024, io::stdout().lock());
    let mut code = ExitCode::SUCCESS;
    for file in args.get_many::<OsString>("FILE").into_iter().flatten() {
        match reverse(file, &mut out) {
            Ok(()) => {}
            Err(Failure::Input(error)) => {
                eprintln!("tac: {error:#}");
                code = ExitCode::FAILURE;
            }
            Err(Failure::Output(error)) => return stop(&error),
        }
    }
    out.flush().map_or_else(|error| stop(&error), |()| code)
}

/// What went wrong decides whether the other files still make sense.
enum Failure {
    Input(anyhow::Error),
    Output(io::Error),
}

/// Ends: quietly if whoever reads the output has seen enough.
fn stop(error: &io::Error) -> ExitCode {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return ExitCode::SUCCESS;
    }
    eprintln!("tac: standard output: {error}");
    ExitCode::FAILURE
}

fn reverse(file: &OsStr, out: &mut impl Write) -> Result<(), Failure> {
    // The copy is deleted when this function returns.
    let (lines, _copy) = open(file).map_err(Failure::Input)?;
    for line in lines.keep_ends().keep_bom().max_len(usize::MAX).rev() {
        let line = line.map_err(|error| Failure::Input(error.into()))?;
        out.write_all(&line).map_err(Failure::Output)?;
    }
    Ok(())
}

fn open(file: &OsStr) -> anyhow::Result<(Lines, Option<NamedTempFile>)> {
    if file == "-" {
        return spool(io::stdin().lock()).context("standard input");
    }
    match lines(file) {
        Err(error) if error.kind() == ErrorKind::Unseekable => File::open(file)
            .map_err(Into::into)
            .and_then(spool)
            .with_context(|| file.display().to_string()),
        opened => Ok((opened?, None)),
    }
}

/// Copies to a temporary file what can only be read once.
fn spool(mut from: impl Read) -> anyhow::Result<(Lines, Option<NamedTempFile>)> {
    let mut copy = NamedTempFile::new()?;
    io::copy(&mut from, &mut copy)?;
    Ok((lines(copy.path())?, Some(copy)))
}
