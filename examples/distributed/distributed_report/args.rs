//! What to do, and with whom.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::RangedU64ValueParser;
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, Command, value_parser};
use headwater_examples::options;

const ABOUT: &str = "\
Reports on access logs as log_report does, with several processes, on one machine or many.

Start the same command on each machine, with another -p. All processes must see the same files, under
their paths: on shared storage, or as copies. Process 0 prints the report. It is the same whatever the
number of processes and workers, byte for byte.";

const DETAILS: &str = "\
Files are shared out by size: plain ones are divided, a compressed one (gzip, zstd) is read by one
worker. Each is read as far as it went when process 0 looked at it. What is counted, and what is
printed, is told by log_report --help.

The ports carry no authentication and no encryption: use them in networks that you trust.

Exit status: 0 if the report is complete. 1 if not, in all processes: if one of them does not come in
time, ends before the work is done, does not see the same files, or can't read one to its end. There
is no report then: start all again. 2 if the arguments make no sense.";

/// What to do, and with whom.
#[derive(Debug)]
pub(crate) struct Args {
    pub(crate) json: bool,
    pub(crate) top: usize,
    /// In each process.
    pub(crate) workers: usize,
    /// Which of the processes this one is.
    pub(crate) process: usize,
    /// Of all processes, `host:port`.
    pub(crate) addresses: Vec<String>,
    pub(crate) connect_timeout: Duration,
    pub(crate) files: Vec<PathBuf>,
}

fn command() -> Command {
    let number = |id: &'static str, short| {
        Arg::new(id).long(id).short(short).value_name("N").value_parser(value_parser!(usize))
    };
    Command::new("distributed_report")
        .about(ABOUT)
        .after_help(DETAILS)
        .disable_help_flag(true)
        .args(options())
        .arg(number("processes", 'n').default_value("1").help("How many processes there are"))
        .arg(number("process", 'p').default_value("0").help("Which of them this one is, from 0 on"))
        .arg(number("threads", 'w').default_value("1").help("How many workers each process has"))
        .arg(
            Arg::new("hostfile")
                .long("hostfile")
                .short('h')
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .help("The processes' addresses, a line `host:port` each [default: localhost, from port 2101 on]"),
        )
        .arg(
            Arg::new("connect-timeout")
                .long("connect-timeout")
                .value_name("SECONDS")
                .value_parser(RangedU64ValueParser::<u64>::new().range(1..=86_400))
                .default_value("60")
                .help("How long to wait for the other processes to be started"),
        )
        .arg(
            Arg::new("FILE")
                .num_args(1..)
                .required(true)
                .value_parser(value_parser!(PathBuf))
                .help("The logs to read"),
        )
        .arg(Arg::new("help").long("help").action(ArgAction::Help).help("Print help"))
}

/// Reads the arguments; ends the process with 2 if they make no sense.
pub(crate) fn parse() -> Args {
    let mut command = command();
    let mut matches = command.get_matches_mut();
    let mut number = |id: &str| matches.remove_one::<usize>(id).unwrap_or_default();
    let (processes, process, workers) = (number("processes"), number("process"), number("threads"));
    let top = number("top");
    let hostfile: Option<PathBuf> = matches.remove_one("hostfile");
    let mut refuse =
        |problem: String| -> ! { command.error(ErrorKind::ValueValidation, problem).exit() };
    if processes == 0 || workers == 0 {
        refuse("there must be a process and a worker at least".to_owned());
    }
    if process >= processes {
        refuse(format!("there is no process {process} among {processes}: they count from 0"));
    }
    let files: Vec<PathBuf> = matches.remove_many("FILE").into_iter().flatten().collect();
    if files.iter().any(|file| file.as_os_str() == "-") {
        refuse("the standard input can't be shared out".to_owned());
    }
    let addresses = match &hostfile {
        None => (0..processes).map(|index| format!("localhost:{}", 2101 + index)).collect(),
        Some(path) => match fs::read_to_string(path) {
            Ok(text) => addresses(&text, processes),
            Err(error) => refuse(format!("{}: {error}", path.display())),
        },
    };
    if addresses.len() < processes {
        let found = addresses.len();
        refuse(format!(
            "the hostfile has {found} addresses, and {processes} processes need one each"
        ));
    }
    Args {
        json: matches.get_flag("json"),
        top: if top == 0 { usize::MAX } else { top },
        workers,
        process,
        addresses,
        connect_timeout: Duration::from_secs(
            matches.remove_one("connect-timeout").unwrap_or_default(),
        ),
        files,
    }
}

/// The first addresses of a hostfile; those of more processes are left out, as timely does.
fn addresses(text: &str, processes: usize) -> Vec<String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.take(processes).map(str::to_owned).collect()
}
