//! Bytes as async code gets them: in pieces, and not at once.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::io::AsyncRead;
use futures::stream::{self, Stream};
use headwater::stream::lines::{Body, Wanted};

use super::random::Random;

/// Is pending at every other poll, and gives a few bytes at the others.
#[derive(Debug)]
pub(crate) struct Hesitating {
    rest: io::Cursor<Vec<u8>>,
    random: Random,
    most: usize,
    hesitates: bool,
}

impl Hesitating {
    pub(crate) fn new(bytes: &[u8]) -> Self {
        let most = 3.max(bytes.len() / 64);
        Self {
            rest: io::Cursor::new(bytes.to_vec()),
            random: Random::new(7),
            most,
            hesitates: false,
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<io::Result<usize>> {
        self.hesitates = !self.hesitates;
        if self.hesitates {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let len = buf.len().min(1 + self.random.below(self.most));
        Poll::Ready(io::Read::read(&mut self.rest, &mut buf[..len]))
    }
}

impl AsyncRead for Hesitating {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        self.poll(cx, buf)
    }
}

#[cfg(feature = "tokio")]
impl tokio::io::AsyncRead for Hesitating {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut tokio::io::ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = std::task::ready!(self.poll(cx, buf.initialize_unfilled()))?;
        buf.advance(read);
        Poll::Ready(Ok(()))
    }
}

/// The bytes in chunks of every length, some of them empty.
pub(crate) fn chunks(bytes: &[u8]) -> impl Stream<Item = io::Result<Vec<u8>>> + Unpin + use<> {
    let most = 4.max(bytes.len() / 32);
    let mut random = Random::new(11);
    let mut rest = bytes;
    let mut chunks = Vec::new();
    while !rest.is_empty() {
        let (chunk, others) = rest.split_at(rest.len().min(random.below(most)));
        chunks.push(Ok(chunk.to_vec()));
        rest = others;
    }
    stream::iter(chunks)
}

/// What a server that knows ranges replies: the bytes that are wanted, or that there are none.
pub(crate) fn serve(
    bytes: &[u8],
    wanted: &Wanted,
) -> Body<impl Stream<Item = io::Result<Vec<u8>>> + Unpin + use<>> {
    let len = bytes.len();
    let offset = usize::try_from(wanted.offset()).unwrap();
    let (status, range) = match offset {
        0 => (200, String::new()),
        _ if offset < len => (206, format!("bytes {offset}-{}/{len}", len - 1)),
        _ => (416, format!("bytes */{len}")),
    };
    let header = |name: &str| match name {
        "etag" => Some("\"7\""),
        "content-range" => Some(&*range).filter(|range| !range.is_empty()),
        _ => None,
    };
    Body::http(status, header, chunks(bytes.get(offset..).unwrap_or_default()))
}
