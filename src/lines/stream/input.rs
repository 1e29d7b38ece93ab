use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
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
    /// Set at its end, which then is not one of the data, but pending.
    part_end: Option<Arc<AtomicBool>>,
}

impl<R: PollRead> Input<R> {
    pub(super) fn new(reader: R, wait: &Wait, meter: &Meter) -> Self {
        let (wait, meter) = (wait.clone(), meter.clone());
        Self { reader: Box::pin(reader), wait, meter, part_end: None }
    }

    /// Takes it for a part of the data, whose end is told in `part_end`.
    pub(super) fn part(self, part_end: &Arc<AtomicBool>) -> Self {
        Self { part_end: Some(Arc::clone(part_end)), ..self }
    }
}

impl<R: PollRead> io::Read for Input<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.wait.gives_way() {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        match self.wait.poll(|cx| self.reader.as_mut().poll_read(cx, buf)) {
            None => Err(io::ErrorKind::WouldBlock.into()),
            // One that is async has to be pending instead.
            Some(Err(error)) if error.kind() == io::ErrorKind::WouldBlock => {
                Err(io::Error::other(error))
            }
            Some(Ok(0)) if !buf.is_empty() && self.part_end.is_some() => {
                self.part_end.iter().for_each(|end| end.store(true, Ordering::Relaxed));
                Err(io::ErrorKind::WouldBlock.into())
            }
            Some(read) => read.inspect(|&bytes| {
                self.meter.add(bytes);
                self.wait.give(bytes as u64);
            }),
        }
    }
}
