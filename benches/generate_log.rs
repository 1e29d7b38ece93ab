//! Writes the log of the benches to a file, in any size, for the scripts that compare programs.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::PathBuf;
use std::process::ExitCode;

use headwater_benches::log;

const HELP: &str = "\
Writes an access log, the same each time: combined format, Zipf-distributed, over seven days.

Usage: generate_log [--mib N] PATH

  --mib N   its size in MiB, exactly (default: 256)
  PATH      the file to write; one that is there is replaced
";

fn main() -> ExitCode {
    let (mib, path) = match arguments() {
        Ok(Some(arguments)) => arguments,
        Ok(None) => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Err(message) => {
            eprint!("generate_log: {message}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    match write(mib, &path) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("generate_log: {}: {error}", path.display());
            ExitCode::FAILURE
        }
    }
}

/// Gives the size and the path; `None` where help is asked for.
fn arguments() -> Result<Option<(u32, PathBuf)>, String> {
    let (mut mib, mut path) = (256, None);
    let mut arguments = std::env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.to_str() {
            Some("--help" | "-h") => return Ok(None),
            Some("--mib") => {
                let n = arguments.next().and_then(|n| n.to_str()?.parse().ok());
                mib = n.filter(|&n| n > 0).ok_or("--mib needs a number from 1 on")?;
            }
            Some(option) if option.starts_with('-') => {
                return Err(format!("there is no option {option}"));
            }
            _ if path.is_some() => return Err("one path, please".to_owned()),
            _ => path = Some(PathBuf::from(argument)),
        }
    }
    path.map(|path| Some((mib, path))).ok_or_else(|| "no path given".to_owned())
}

fn write(mib: u32, path: &PathBuf) -> io::Result<()> {
    log::write_log(BufWriter::with_capacity(1 << 20, File::create(path)?), u64::from(mib) << 20)
}
