//! A server of pages over HTTP on this machine, which takes its time.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

/// How many items a page has.
pub const PAGE: u64 = 100;

/// What there is to be had, and how long each page takes.
#[derive(Clone, Copy, Debug)]
pub struct Site {
    /// How many pages there are.
    pub pages: u64,
    /// How long the server waits before it answers.
    pub delay: Duration,
}

impl Site {
    /// Returns the sum of all items, which are the numbers from 0 on.
    #[must_use]
    pub fn sum(&self) -> u64 {
        let items = self.pages * PAGE;
        items * (items - 1) / 2
    }

    /// Answers any number of connections, each on a thread of its own, as long as the process lives.
    ///
    /// # Errors
    ///
    /// That of the system if it gives no socket.
    pub fn serve(self) -> io::Result<SocketAddr> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                // Who has gone needs no answer.
                thread::spawn(move || drop(self.answer(&connection)));
            }
        });
        Ok(address)
    }

    /// Answers the requests of a connection: `GET /3` is for the third page.
    fn answer(self, mut connection: &TcpStream) -> io::Result<()> {
        connection.set_nodelay(true)?;
        let mut requests = BufReader::new(connection);
        let mut line = String::new();
        while requests.read_line(&mut line)? > 0 {
            let path = line.split(' ').nth(1).and_then(|path| path.strip_prefix('/'));
            let number = path.and_then(|number| number.parse().ok()).unwrap_or(1);
            while line != "\r\n" {
                line.clear();
                requests.read_line(&mut line)?;
            }
            line.clear();
            thread::sleep(self.delay);
            connection.write_all(self.page(number).as_bytes())?;
        }
        Ok(())
    }

    /// A page: the number of the next, 0 after the last; how many there are; and the items, one a line.
    fn page(self, number: u64) -> String {
        let next = if number < self.pages { number + 1 } else { 0 };
        let items = (number - 1) * PAGE..number * PAGE;
        let numbers = [next, self.pages].into_iter().chain(items);
        let lines: Vec<_> = numbers.map(|number| number.to_string()).collect();
        let body = lines.join("\n");
        format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len())
    }
}
