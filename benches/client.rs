//! A client of the server of pages, as small as HTTP allows: what is compared is not this.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// Keeps its connections. Its clones are the same client.
#[derive(Clone)]
pub(crate) struct Client {
    server: SocketAddr,
    idle: Arc<Mutex<Vec<BufReader<TcpStream>>>>,
}

/// What the server gives.
pub(crate) struct Answer {
    pub(crate) items: Vec<u64>,
    /// The number of the next page.
    pub(crate) next: Option<u64>,
    /// How many pages there are.
    pub(crate) total: u64,
}

impl Client {
    pub(crate) fn new(server: SocketAddr) -> Self {
        Self { server, idle: Arc::default() }
    }

    /// Fetches a page.
    pub(crate) async fn get(&self, number: u64) -> io::Result<Answer> {
        let idle = self.idle.lock().unwrap().pop();
        let mut connection = if let Some(connection) = idle {
            connection
        } else {
            let connection = TcpStream::connect(self.server).await?;
            connection.set_nodelay(true)?;
            BufReader::new(connection)
        };
        let request = format!("GET /{number} HTTP/1.1\r\nHost: {}\r\n\r\n", self.server);
        connection.get_mut().write_all(request.as_bytes()).await?;
        let (mut len, mut line) = (0, String::new());
        while line != "\r\n" {
            line.clear();
            connection.read_line(&mut line).await?;
            if let Some(value) = line.strip_prefix("Content-Length: ") {
                len = value.trim().parse().map_err(io::Error::other)?;
            }
        }
        let mut body = vec![0; len];
        connection.read_exact(&mut body).await?;
        self.idle.lock().unwrap().push(connection);

        let body = str::from_utf8(&body).map_err(io::Error::other)?;
        let mut numbers = body.lines().map_while(|line| line.parse().ok());
        let mut head = || numbers.next().ok_or(ErrorKind::UnexpectedEof);
        let (next, total) = (head()?, head()?);
        Ok(Answer { items: numbers.collect(), next: (next > 0).then_some(next), total })
    }
}
