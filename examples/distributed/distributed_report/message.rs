//! What processes say to each other before the engine runs.

use std::io::{self, Read, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// With this each message begins: whoever sends something else is none of ours.
const MARK: [u8; 16] = *b"headwater report";

/// The mark, and how long the text is.
const HEAD: usize = MARK.len() + size_of::<u32>();

/// The names of a million files fit.
pub(crate) const LONGEST: usize = 1 << 28;

pub(crate) fn send(mut to: impl Write, message: &impl Serialize) -> io::Result<()> {
    let text = serde_json::to_vec(message)?;
    let len = u32::try_from(text.len()).ok().filter(|_| text.len() <= LONGEST);
    let len = len.ok_or_else(|| io::Error::other("the message is too long"))?;
    to.write_all(&[&MARK[..], &len.to_be_bytes(), &text].concat())
}

/// Waits for a message of one who is known.
pub(crate) fn receive<T: DeserializeOwned>(mut from: impl Read) -> io::Result<T> {
    let mut heard = Vec::new();
    loop {
        match missing(&heard, LONGEST)? {
            0 => return read(&heard),
            more if from.by_ref().take(more as u64).read_to_end(&mut heard)? == 0 => {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            _ => {}
        }
    }
}

/// Returns how many bytes have to follow, as far as it is known yet; none if the message is whole.
///
/// No more is to be read than these: what follows is none of this message.
pub(crate) fn missing(heard: &[u8], longest: usize) -> io::Result<usize> {
    let stranger = || io::Error::new(io::ErrorKind::InvalidData, "it is no process of a report");
    if heard.iter().zip(&MARK).any(|(heard, expected)| heard != expected) {
        return Err(stranger());
    }
    let Some((_, rest)) = heard.split_at_checked(MARK.len()) else {
        return Ok(HEAD - heard.len());
    };
    let Some((len, text)) = rest.split_first_chunk() else { return Ok(HEAD - heard.len()) };
    let len = usize::try_from(u32::from_be_bytes(*len)).ok().filter(|len| *len <= longest);
    Ok(len.ok_or_else(stranger)?.saturating_sub(text.len()))
}

/// Reads a message that is whole.
pub(crate) fn read<T: DeserializeOwned>(heard: &[u8]) -> io::Result<T> {
    Ok(serde_json::from_slice(heard.get(HEAD..).unwrap_or_default())?)
}
