//! What processes say to each other before the engine runs.

use std::io::{self, Read, Write};
use std::net::TcpStream;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// With this each message begins: whoever sends something else is none of ours.
const MARK: [u8; 16] = *b"headwater report";

/// The names of a million files fit; the length that a stranger sends need not.
const LONGEST: u32 = 1 << 28;

pub(crate) fn send(mut to: &TcpStream, message: &impl Serialize) -> io::Result<()> {
    let text = serde_json::to_vec(message)?;
    let len = u32::try_from(text.len()).ok().filter(|len| *len <= LONGEST);
    let len = len.ok_or_else(|| io::Error::other("the message is too long"))?;
    to.write_all(&[&MARK[..], &len.to_be_bytes(), &text].concat())
}

pub(crate) fn receive<T: DeserializeOwned>(mut from: &TcpStream) -> io::Result<T> {
    let (mut mark, mut len) = ([0; MARK.len()], [0; 4]);
    from.read_exact(&mut mark)?;
    from.read_exact(&mut len)?;
    let len = u32::from_be_bytes(len);
    if mark != MARK || len > LONGEST {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "it is no process of a report"));
    }
    let mut text = Vec::new();
    from.take(len.into()).read_to_end(&mut text)?;
    Ok(serde_json::from_slice(&text)?)
}
