use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::lines::meter::Meter;
use crate::lines::wait::Wait;

/// Gives bytes when it is polled: what all async readers are made to be.
pub trait PollRead {
    /// Reads some bytes, and returns how many; 0 is the end.
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut [u8],
    ) -> Poll<io::Result<usize>>;
}

/// An async reader as a reader, which fails with `WouldBlock` where the other is pending.
pub(super) struct Input<R> {
    reader: Pin<Box<R>>,
    wait: Wait,
    meter: Meter,
}

impl<R: PollRead> Input<R> {
    pub(super) fn new(reader: R, wait: &Wait, meter: &Meter) -> Self {
        Self { reader: Box::pin(reader), wait: wait.clone(), meter: meter.clone() }
    }
}

impl<R: PollRead> io::Read for Input<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self.wait.poll(|cx| self.reader.as_mut().poll_read(cx, buf)) {
            None => Err(io::ErrorKind::WouldBlock.into()),
            // One that is async has to be pending instead.
            Some(Err(error)) if error.kind() == io::ErrorKind::WouldBlock => {
                Err(io::Error::other(error))
            }
            Some(read) => read.inspect(|&bytes| self.meter.add(bytes)),
        }
    }
}
