//! The first words with somebody, who may be a stranger.

use std::io::{self, Read as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use socket2::{SockRef, TcpKeepalive};

use crate::message;

/// So long a machine may be silent, also one that has nothing to say.
const SILENCE: Duration = Duration::from_secs(20);

/// No hello is longer: the length that a stranger sends is not believed.
const LONGEST: usize = 256;

/// Who somebody is, and what he takes for granted.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Hello {
    pub(crate) process: usize,
    pub(crate) processes: usize,
    pub(crate) workers: usize,
}

/// A connection on which the other's hello may still be on its way.
///
/// It is heard piece by piece, and nobody is waited for: others need not wait for a slow one.
#[derive(Debug)]
pub(crate) struct Greeting {
    socket: TcpStream,
    heard: Vec<u8>,
    /// When all of it has to be here, however many pieces it comes in.
    until: Instant,
}

impl Greeting {
    /// Says hello.
    pub(crate) fn begin(socket: TcpStream, own: &Hello, until: Instant) -> io::Result<Self> {
        // Each word is for somebody who waits for it.
        socket.set_nodelay(true)?;
        notice_silence(&socket)?;
        socket.set_nonblocking(true)?;
        // It is short: there is room for it in a new connection.
        message::send(&socket, own)?;
        Ok(Self { socket, heard: Vec::new(), until })
    }

    /// Takes what has come, and returns the hello once it is whole.
    pub(crate) fn hear(&mut self) -> io::Result<Option<Hello>> {
        loop {
            let missing = message::missing(&self.heard, LONGEST)?;
            if missing == 0 {
                return message::read(&self.heard).map(Some);
            }
            if Instant::now() >= self.until {
                return Err(io::Error::new(io::ErrorKind::TimedOut, "it does not say who it is"));
            }
            let more = (&self.socket).take(missing as u64).read_to_end(&mut self.heard);
            match more {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(None),
                Err(error) => return Err(error),
            }
        }
    }

    /// Returns the connection, for what is said after the hello.
    pub(crate) fn into_socket(self) -> io::Result<TcpStream> {
        self.socket.set_nonblocking(false)?;
        Ok(self.socket)
    }
}

/// Tells whether the other has closed a connection, and said nothing that is not read yet.
pub(crate) fn is_closed(socket: &TcpStream) -> bool {
    let looked = socket.set_nonblocking(true).and_then(|()| socket.peek(&mut [0]));
    let is_open = match looked {
        Ok(ready) => ready > 0,
        Err(error) => error.kind() == io::ErrorKind::WouldBlock,
    };
    !is_open || socket.set_nonblocking(false).is_err()
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
