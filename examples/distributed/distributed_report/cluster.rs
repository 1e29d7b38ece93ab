//! Finding the other processes, within a time.

use std::io;
use std::net::{TcpListener, TcpStream, ToSocketAddrs as _};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use serde::{Deserialize, Serialize};
use socket2::{SockRef, TcpKeepalive};

use crate::args::Args;
use crate::message;

/// Between two looks at who has come.
const PAUSE: Duration = Duration::from_millis(20);

/// So long one address, or one who connects, may keep the others waiting.
const TURN: Duration = Duration::from_secs(1);

/// So long a machine may be silent, also one that has nothing to say.
const SILENCE: Duration = Duration::from_secs(20);

/// Who somebody is, and what he takes for granted.
#[derive(Debug, Deserialize, Serialize)]
struct Hello {
    process: usize,
    processes: usize,
    workers: usize,
}

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
    while (0..processes).any(|process| process != args.process && sockets[process].is_none()) {
        for process in
            (0..args.process).filter(|process| sockets[*process].is_none()).collect::<Vec<_>>()
        {
            match call(args, process) {
                Ok(socket) => sockets[process] = Some(socket),
                Err(Called::NotNow(error)) => refusals[process] = Some(error),
                Err(Called::Wrong(error)) => return Err(error),
            }
        }
        while let Some((process, socket)) =
            listener.as_ref().map_or(Ok(None), |l| answer(args, l))?
        {
            sockets[process] = Some(socket);
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

fn call(args: &Args, process: usize) -> Result<TcpStream, Called> {
    let address = &args.addresses[process];
    let mut last = io::Error::other("the name has no address");
    for address in address.to_socket_addrs().map_err(Called::NotNow)? {
        match TcpStream::connect_timeout(&address, TURN).and_then(|socket| greet(args, socket)) {
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

/// Takes one call, if there is any.
fn answer(args: &Args, listener: &TcpListener) -> anyhow::Result<Option<(usize, TcpStream)>> {
    loop {
        let socket = match listener.accept() {
            Ok((socket, _)) => socket,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(None),
            Err(error) => return Err(error).context("cannot be called by other processes"),
        };
        // A stranger, or somebody who went away again, is no reason to give up.
        let Ok((socket, hello)) = socket.set_nonblocking(false).and_then(|()| greet(args, socket))
        else {
            continue;
        };
        check(args, &hello, None)?;
        return Ok(Some((hello.process, socket)));
    }
}

fn greet(args: &Args, socket: TcpStream) -> io::Result<(TcpStream, Hello)> {
    // Each word is for somebody who waits for it.
    socket.set_nodelay(true)?;
    notice_silence(&socket)?;
    socket.set_read_timeout(Some(TURN))?;
    let (process, processes) = (args.process, args.addresses.len());
    message::send(&socket, &Hello { process, processes, workers: args.workers })?;
    let hello = message::receive(&socket)?;
    Ok((socket, hello))
}

/// Has a connection break where the other machine is gone without a word.
fn notice_silence(socket: &TcpStream) -> io::Result<()> {
    let socket = SockRef::from(socket);
    let asked = TcpKeepalive::new().with_time(SILENCE / 2).with_interval(SILENCE / 4);
    socket.set_tcp_keepalive(&asked.with_retries(2))?;
    // Where something was sent and not received, nobody is asked.
    #[cfg(target_os = "linux")]
    socket.set_tcp_user_timeout(Some(SILENCE))?;
    Ok(())
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
        expected.is_some() || *process > args.process,
        "process {process} calls, which should be called: is it there twice?"
    );
    Ok(())
}
