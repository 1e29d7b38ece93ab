//! Reports on access logs, with several processes, on one machine or many.

mod agreement;
mod args;
mod cluster;
mod counting;
mod files;
mod greeting;
mod last_words;
mod message;
mod part;
mod plan;

use std::io::{self, BufWriter, IsTerminal as _, Write as _};
use std::net::TcpStream;
use std::process::ExitCode;

use anyhow::Context as _;
use console::Term;
use headwater::distributed::Failure;
use headwater_examples::{Report, json, table};
use timely::communication::allocator::ProcessBuilder;
use timely::communication::allocator::zero_copy::initialize::initialize_networking_from_sockets;
use timely::communication::{AllocatorBuilder, Hooks, WorkerGuards};
use timely::execute::execute_from;
use timely::worker::Worker;

use crate::args::Args;
use crate::plan::Plan;

fn main() -> ExitCode {
    let args = args::parse();
    last_words::install(&args.addresses);
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("distributed_report: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> anyhow::Result<()> {
    let mut sockets = cluster::connect(args)?;
    let files = agreement::reach(args, &mut sockets)?;
    let plan = Plan::new(&files, args.addresses.len() * args.workers);
    let (paths, top) = (args.files.clone(), args.top);
    let count = move |worker: &mut Worker| counting::run(worker, &plan, &paths, top);
    let guards = start(args, sockets, count).map_err(anyhow::Error::msg)?;
    let mut report = None;
    for counted in guards.join() {
        match counted.map_err(anyhow::Error::msg)? {
            Ok(counted) => report = report.or(counted),
            Err(failure) => return Err(of_process(failure, args)),
        }
    }
    match report {
        Some(report) => print(&report, args.json),
        None => Ok(()),
    }
}

/// Says in which process it failed, if there are several.
fn of_process(failure: Failure, args: &Args) -> anyhow::Error {
    let process = failure.worker() / args.workers;
    let error = anyhow::Error::new(failure);
    if args.addresses.len() > 1 { error.context(format!("process {process}")) } else { error }
}

/// Starts the workers. The engine's own start waits for other processes without an end, and says so
/// on the standard output.
fn start<R: Send + 'static>(
    args: &Args,
    sockets: Vec<Option<TcpStream>>,
    work: impl Fn(&mut Worker) -> R + Send + Sync + 'static,
) -> Result<WorkerGuards<R>, String> {
    if sockets.len() < 2 {
        return timely::execute(timely::Config::process(args.workers), work);
    }
    let hooks = Hooks::default();
    let builders = ProcessBuilder::new_typed_vector(args.workers, hooks.refill.clone(), None);
    let (builders, guard) =
        initialize_networking_from_sockets(builders, sockets, args.process, args.workers, hooks)
            .map_err(|error| error.to_string())?;
    let builders = builders.into_iter().map(AllocatorBuilder::Tcp).collect();
    execute_from(builders, Box::new(guard), timely::WorkerConfig::default(), work)
}

fn print(report: &Report, json: bool) -> anyhow::Result<()> {
    let stdout = io::stdout().lock();
    let width = stdout.is_terminal().then(|| Term::stdout().size().1);
    let mut out = BufWriter::new(stdout);
    let written =
        if json { json::write(&mut out, report) } else { table::write(&mut out, report, width) };
    match written.and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("standard output"),
    }
}
