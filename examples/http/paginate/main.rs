//! Prints all items of a paginated API, each exactly once, whatever the server does.
//!
//! `cargo run -p headwater-http-examples --example paginate -- --url URL --style link`

mod api;
mod api_args;
mod args;
mod asynchronous;
mod demo;
mod failure;
mod interrupt;
mod json;
mod notes;
mod policy;
mod printer;
mod response;
mod server;
mod synchronous;
mod url_param;
mod whole_lines;

use std::fs::OpenOptions;
use std::io;
use std::process::ExitCode;

use anyhow::Context as _;
use headwater::Checkpoint;
use tokio::runtime::Runtime;

use crate::api::Api;
use crate::args::{Args, Fetching};
use crate::notes::Notes;
use crate::printer::{Out, Printer};

fn main() -> ExitCode {
    let mut args = args::parse(std::env::args_os());
    let done = match args.api.take() {
        Some(api) => print_from(api, &args),
        None => demo::run(&args),
    };
    match done {
        Ok(code) => code,
        Err(error) if is_unread(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("paginate: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn print_from(api: Api, args: &Args) -> anyhow::Result<ExitCode> {
    let notes = Notes::new(api.counts_items(), true);
    let out = match &args.output {
        None => Out::Stream(Box::new(io::stdout())),
        Some(path) => {
            let file = OpenOptions::new().create(true).truncate(false).write(true).open(path);
            Out::File(file.with_context(|| path.display().to_string())?)
        }
    };
    let label = api.label();
    let checkpoint = args.checkpoint.as_ref().map(|path| Checkpoint::new(path).label(label));
    let mut printer = Printer::new(out, checkpoint, args.take, &notes);
    interrupt::watch(printer.gate(), notes.clone())?;
    let done = print(api, args.is_sync, &args.fetching, &notes, &mut printer);
    notes.finish();
    done.map(|()| ExitCode::SUCCESS)
}

/// Prints all items of an API, by one client or the other.
fn print(
    api: Api,
    is_sync: bool,
    fetching: &Fetching,
    notes: &Notes,
    printer: &mut Printer,
) -> anyhow::Result<()> {
    if is_sync {
        synchronous::print(api, fetching, notes, printer)
    } else {
        Runtime::new()?.block_on(asynchronous::print(api, fetching, notes, printer))
    }
}

/// Tells whether it failed since nobody reads what is printed any more.
fn is_unread(error: &anyhow::Error) -> bool {
    let cause = error.downcast_ref::<io::Error>();
    cause.is_some_and(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}
