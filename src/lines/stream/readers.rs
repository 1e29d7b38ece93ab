use std::error::Error as StdError;
use std::io;
use std::iter;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use futures_io::AsyncRead;
use pin_project_lite::pin_project;

use crate::lines::stream::input::PollRead;

pin_project! {
    /// A reader of the `futures` kind.
    pub struct FuturesReader<R> {
        #[pin]
        pub(super) reader: R,
    }
}

impl<R: AsyncRead> PollRead for FuturesReader<R> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        self.project().reader.poll_read(cx, buf)
    }
}

#[cfg(feature = "tokio")]
pin_project! {
    /// A reader of tokio's kind.
    pub struct TokioReader<R> {
        #[pin]
        pub(super) reader: R,
    }
}

#[cfg(feature = "tokio")]
impl<R: tokio::io::AsyncRead> PollRead for TokioReader<R> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        let mut buf = tokio::io::ReadBuf::new(buf);
        ready!(self.project().reader.poll_read(cx, &mut buf))?;
        Poll::Ready(Ok(buf.filled().len()))
    }
}

/// After so many empty chunks, other tasks have their turn.
const MOST_EMPTY: usize = 64;

pin_project! {
    /// A stream of chunks of bytes.
    pub struct Chunks<S, B> {
        // `None` after its end and after an error.
        #[pin]
        stream: Option<S>,
        chunk: Option<B>,
        // How many bytes of the chunk were given.
        start: usize,
    }
}

impl<S, B> Chunks<S, B> {
    pub(super) fn new(stream: S) -> Self {
        Self { stream: Some(stream), chunk: None, start: 0 }
    }

    /// One that has ended.
    pub(super) fn ended() -> Self {
        Self { stream: None, chunk: None, start: 0 }
    }
}

impl<S, B, E> PollRead for Chunks<S, B>
where
    S: Stream<Item = Result<B, E>>,
    B: AsRef<[u8]>,
    E: Into<Box<dyn StdError + Send + Sync>>,
{
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        let mut this = self.project();
        for _ in 0..MOST_EMPTY {
            if let Some(chunk) = this.chunk {
                let rest = &chunk.as_ref()[*this.start..];
                let len = rest.len().min(buf.len());
                buf[..len].copy_from_slice(&rest[..len]);
                *this.start += len;
                if len > 0 {
                    return Poll::Ready(Ok(len));
                }
            }
            let Some(stream) = this.stream.as_mut().as_pin_mut() else {
                return Poll::Ready(Ok(0));
            };
            *this.chunk = None;
            match ready!(stream.poll_next(cx)) {
                Some(Ok(chunk)) => (*this.chunk, *this.start) = (Some(chunk), 0),
                Some(Err(error)) => {
                    this.stream.set(None);
                    return Poll::Ready(Err(io_error(error.into())));
                }
                None => this.stream.set(None),
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

/// Makes an error of input of any error, of the kind that the system gave at its bottom.
///
/// One that has nothing of the system below it counts as a broken connection, and so does an early
/// end: that is how the clients of HTTP tell of one.
pub(super) fn io_error(error: Box<dyn StdError + Send + Sync>) -> io::Error {
    let error = match error.downcast::<io::Error>() {
        Ok(error) if says_why(error.kind()) => return *error,
        Ok(error) => error,
        Err(error) => error,
    };
    let first: Option<&(dyn StdError + 'static)> = error.source();
    let causes = iter::successors(first, |&cause| cause.source());
    let kinds = causes.filter_map(|cause| cause.downcast_ref().map(io::Error::kind));
    let kind = kinds.filter(|&kind| says_why(kind)).last();
    io::Error::new(kind.unwrap_or(io::ErrorKind::ConnectionAborted), error)
}

/// What would have a reader read on, where nothing is left to be read, says nothing.
fn says_why(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{Interrupted, Other, UnexpectedEof, WouldBlock};

    !matches!(kind, Interrupted | Other | UnexpectedEof | WouldBlock)
}
