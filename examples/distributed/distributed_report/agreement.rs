//! All processes must see the same files.

use std::net::TcpStream;

use anyhow::{Context as _, anyhow, bail};

use crate::args::Args;
use crate::files::{self, Measured};
use crate::message;

/// Agrees on how long the files are: as long as process 0 found them.
///
/// A log that grows is longer in a process that looks later; were each to take its own length, lines
/// would be read twice, or not at all.
pub(crate) fn reach(
    args: &Args,
    sockets: &mut [Option<TcpStream>],
) -> anyhow::Result<Vec<Measured>> {
    let others = || {
        sockets.iter().enumerate().filter_map(|(process, socket)| Some((process, socket.as_ref()?)))
    };
    for (_, socket) in others() {
        // The slowest may have to mount a disk before it can look.
        socket.set_read_timeout(Some(args.connect_timeout))?;
    }
    let measured = if args.process == 0 {
        let measured = measure(args);
        // Told also if it is an error, or the others would only hear that this process is gone.
        let told = measured.as_ref().map_err(|error| format!("{error:#}")).cloned();
        for (process, socket) in others() {
            message::send(socket, &told).with_context(|| lost(args, process))?;
        }
        let mut verdict = Ok(());
        for (process, socket) in others().filter(|_| measured.is_ok()) {
            let reply: Result<(), String> =
                message::receive(socket).with_context(|| lost(args, process))?;
            verdict = verdict.and(reply);
        }
        for (process, socket) in others().filter(|_| measured.is_ok()) {
            message::send(socket, &verdict).with_context(|| lost(args, process))?;
        }
        let measured = measured?;
        verdict.map_err(anyhow::Error::msg)?;
        measured
    } else {
        let Some(first) = &sockets[0] else { bail!("there is no process 0") };
        let told: Result<Vec<Measured>, String> =
            message::receive(first).with_context(|| lost(args, 0))?;
        let told = told.map_err(anyhow::Error::msg)?;
        let own = compare(args, &told).map_err(|error| format!("{error:#}"));
        message::send(first, &own).with_context(|| lost(args, 0))?;
        let verdict: Result<(), String> = message::receive(first).with_context(|| lost(args, 0))?;
        verdict.map_err(anyhow::Error::msg)?;
        told
    };
    for (_, socket) in others() {
        socket.set_read_timeout(None)?;
    }
    Ok(measured)
}

fn measure(args: &Args) -> anyhow::Result<Vec<Measured>> {
    let of_file = |path: &std::path::PathBuf| {
        files::measure(path).with_context(|| named(args, &path.display().to_string()))
    };
    args.files.iter().map(of_file).collect()
}

fn compare(args: &Args, told: &[Measured]) -> anyhow::Result<()> {
    if told.len() != args.files.len() {
        return Err(anyhow!("{} files, and {} in process 0", args.files.len(), told.len())
            .context(format!("process {}", args.process)));
    }
    for ((path, own), told) in args.files.iter().zip(measure(args)?).zip(told) {
        let problem = if own.len < told.len {
            format!("{} bytes here, and {} in process 0", own.len, told.len)
        } else if own.packed != told.packed || (own.packed && own.len != told.len) {
            "another file than in process 0".to_owned()
        } else {
            continue;
        };
        bail!("{}: {problem}", named(args, &path.display().to_string()));
    }
    Ok(())
}

fn named(args: &Args, path: &str) -> String {
    if args.addresses.len() > 1 {
        format!("process {}: {path}", args.process)
    } else {
        path.to_owned()
    }
}

fn lost(args: &Args, process: usize) -> String {
    format!("process {process} ({}) was lost before the work began", args.addresses[process])
}
