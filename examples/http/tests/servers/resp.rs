//! As much of Redis' protocol as the tests need.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::Path;

/// A connection to Redis.
pub(crate) struct Connection(BufReader<UnixStream>);

/// A reply.
#[derive(Debug)]
pub(crate) enum Value {
    /// A number is one, too.
    Text(String),
    List(Vec<Value>),
}

impl Connection {
    pub(crate) fn open(socket: &Path) -> io::Result<Self> {
        Ok(Self(BufReader::new(UnixStream::connect(socket)?)))
    }

    /// Sends a command, whose words are separated by spaces, and reads its reply.
    pub(crate) fn send(&mut self, command: &str) -> io::Result<Value> {
        let words: Vec<_> = command.split(' ').collect();
        let mut text = format!("*{}\r\n", words.len()).into_bytes();
        for word in words {
            write!(text, "${}\r\n{word}\r\n", word.len())?;
        }
        self.0.get_mut().write_all(&text)?;
        self.read()
    }

    fn read(&mut self) -> io::Result<Value> {
        let mut line = String::new();
        self.0.read_line(&mut line)?;
        let Some(rest) = line.strip_suffix("\r\n") else {
            return Err(io::ErrorKind::UnexpectedEof.into());
        };
        let (kind, rest) = rest.split_at(1);
        let number = || rest.parse().map_err(io::Error::other);
        match kind {
            "+" | ":" => Ok(Value::Text(rest.to_owned())),
            "$" => {
                let mut text = vec![0; usize::try_from(number()?).unwrap_or(0) + 2];
                self.0.read_exact(&mut text)?;
                text.truncate(text.len() - 2);
                String::from_utf8(text).map(Value::Text).map_err(io::Error::other)
            }
            "*" => (0..number()?).map(|_| self.read()).collect::<io::Result<_>>().map(Value::List),
            _ => Err(io::Error::other(rest.to_owned())),
        }
    }
}

impl Value {
    pub(crate) fn text(self) -> String {
        let Self::Text(text) = self else { panic!("{self:?} is no text") };
        text
    }

    pub(crate) fn list(self) -> Vec<Value> {
        let Self::List(values) = self else { panic!("{self:?} is no list") };
        values
    }
}
