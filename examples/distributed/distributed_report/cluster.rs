//! Finding the other processes, within a time.

use std::io;
use std::net::{TcpListener, TcpStream, ToSocketAddrs as _};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};

use crate::args::Args;
use crate::greeting::{Greeting, Hello, is_closed};

/// Between two looks at who has come.
const PAUSE: Duration = Duration::from_millis(20);

/// So long one address may keep the others waiting, and so long one who connects may take to say who
/// he is.
const TURN: Duration = Duration::from_secs(1);

/// Connects each process with each: a process calls those before it, and is called by those after.
///
/// Returns a connection to each, and none to itself.
pub(crate) fn connect(args: &Args) -> anyhow::Result<Vec<Option<TcpStream>>> {
    let processes = args.addresses.len();
    let mut sockets: Vec<_> = (0..processes).map(|_| None).collect();
    let own = &args.addresses[args.process];
    let listener = if args.process + 1 < processes {
        let listener = TcpListener::bind(own).with_context(|| format!("cannot listen on {own}"))?;
        listener.set_nonblocking(true)?;
        Some(listener)
    } else {
        None
    };
    let deadline = Instant::now() + args.connect_timeout;
    // What happened when an address was called last.
    let mut refusals: Vec<Option<io::Error>> = (0..processes).map(|_| None).collect();
    // Those who have called, and not said yet who they are.
    let mut callers = Vec::new();
    while (0..processes).any(|process| process != args.process && sockets[process].is_none()) {
        for process in
            (0..args.process).filter(|process| sockets[*process].is_none()).collect::<Vec<_>>()
        {
            match call(args, process, deadline) {
                Ok(socket) => sockets[process] = Some(socket),
                Err(Called::NotNow(error)) => refusals[process] = Some(error),
                Err(Called::Wrong(error)) => return Err(error),
            }
        }
        if let Some(listener) = &listener {
            answer(args, listener, deadline, &mut callers)?;
            hear(args, &mut callers, &mut sockets)?;
        }
        if Instant::now() >= deadline {
            break;
        }
        thread::sleep(PAUSE);
    }
    let missing: Vec<_> = (0..processes)
        .filter(|process| *process != args.process && sockets[*process].is_none())
        .map(|process| match &refusals[process] {
            Some(error) => format!("process {process} ({}: {error})", args.addresses[process]),
            None => format!("process {process} ({})", args.addresses[process]),
        })
        .collect();
    let seconds = args.connect_timeout.as_secs();
    ensure!(missing.is_empty(), "within {seconds} s there was no {}", missing.join(", no "));
    Ok(sockets)
}

enum Called {
    /// It may do better in a moment.
    NotNow(io::Error),
    Wrong(anyhow::Error),
}

fn call(args: &Args, process: usize, deadline: Instant) -> Result<TcpStream, Called> {
    let address = &args.addresses[process];
    let mut last = io::Error::other("the name has no address");
    for address in address.to_socket_addrs().map_err(Called::NotNow)? {
        // At the last moment, too: what is wrong with it is to be told.
        let left = deadline.saturating_duration_since(Instant::now()).clamp(PAUSE, TURN);
        let called = TcpStream::connect_timeout(&address, left);
        match called.and_then(|socket| greet(args, socket, deadline)) {
            Ok((socket, hello)) => {
                return check(args, &hello, Some(process)).map(|()| socket).map_err(Called::Wrong);
            }
            Err(error) => last = error,
        }
    }
    if last.kind() == io::ErrorKind::InvalidData {
        return Err(Called::Wrong(anyhow::Error::new(last).context(address.clone())));
    }
    Err(Called::NotNow(last))
}

/// Waits for the hello of one who was called.
fn greet(args: &Args, socket: TcpStream, deadline: Instant) -> io::Result<(TcpStream, Hello)> {
    let mut greeting = begin(args, socket, deadline)?;
    loop {
        if let Some(hello) = greeting.hear()? {
            return Ok((greeting.into_socket()?, hello));
        }
        thread::sleep(PAUSE / 4);
    }
}

/// Takes the calls that there are. Who calls without an end does not hold it beyond the deadline.
fn answer(
    args: &Args,
    listener: &TcpListener,
    deadline: Instant,
    callers: &mut Vec<Greeting>,
) -> anyhow::Result<()> {
    while Instant::now() < deadline {
        match listener.accept() {
            // Somebody who went away again is no reason to give up.
            Ok((socket, _)) => callers.extend(begin(args, socket, deadline)),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
            Err(error) => return Err(error).context("cannot be called by other processes"),
        }
    }
    Ok(())
}

/// Listens to all who have called, and finds each process that has said who it is its place.
fn hear(
    args: &Args,
    callers: &mut Vec<Greeting>,
    sockets: &mut [Option<TcpStream>],
) -> anyhow::Result<()> {
    for mut caller in std::mem::take(callers) {
        match caller.hear() {
            Ok(Some(hello)) => {
                check(args, &hello, None)?;
                let process = hello.process;
                // One that was not answered in time has closed this connection, and calls again.
                let Some(socket) = caller.into_socket().ok().filter(|socket| !is_closed(socket))
                else {
                    continue;
                };
                ensure!(
                    sockets[process].as_ref().is_none_or(is_closed),
                    "process {process} calls, which has called before: is it there twice?"
                );
                sockets[process] = Some(socket);
            }
            Ok(None) => callers.push(caller),
            // A stranger is no reason to give up.
            Err(_) => {}
        }
    }
    Ok(())
}

fn begin(args: &Args, socket: TcpStream, deadline: Instant) -> io::Result<Greeting> {
    let (process, processes) = (args.process, args.addresses.len());
    let own = Hello { process, processes, workers: args.workers };
    Greeting::begin(socket, &own, deadline.min(Instant::now() + TURN))
}

fn check(args: &Args, hello: &Hello, expected: Option<usize>) -> anyhow::Result<()> {
    let Hello { process, processes, workers } = hello;
    let (own_processes, own_workers) = (args.addresses.len(), args.workers);
    if (*processes, *workers) != (own_processes, own_workers) {
        bail!(
            "process {process} was started with -n {processes} -w {workers}, this one with \
             -n {own_processes} -w {own_workers}"
        );
    }
    if let Some(expected) = expected.filter(|expected| expected != process) {
        bail!(
            "{} is process {process}, not {expected}: the hostfiles differ",
            args.addresses[expected]
        );
    }
    ensure!(
        *process < own_processes,
        "process {process} calls, and there are {own_processes}: they count from 0"
    );
    ensure!(
        expected.is_some() || *process > args.process,
        "process {process} calls, which should be called: is it there twice?"
    );
    Ok(())
}
