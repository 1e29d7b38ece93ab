//! Data that nobody could hold.

use std::io;

use headwater::lines::ReadAt;

/// As many bytes as it is told, in lines of the length that it is told; as a storage and a reader.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Vast {
    len: u64,
    line: u64,
    /// How far it was read, as a reader.
    read: u64,
}

impl Vast {
    pub(crate) const ENDLESS: Self = Self { len: u64::MAX / 2, line: u64::MAX, read: 0 };

    pub(crate) fn lines(len: u64, line: u64) -> Self {
        Self { len, line, read: 0 }
    }
}

impl ReadAt for Vast {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let left = usize::try_from(self.len - offset).unwrap_or(usize::MAX);
        let len = left.min(buf.len());
        buf[..len].fill(b'a');
        let to_end = |line: u64| usize::try_from(line).unwrap_or(usize::MAX);
        let ends = buf[..len].iter_mut().skip(to_end(self.line - 1 - offset % self.line));
        ends.step_by(to_end(self.line)).for_each(|end| *end = b'\n');
        Ok(len)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.len)
    }
}

impl io::Read for Vast {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.read_at(buf, self.read)?;
        self.read += read as u64;
        Ok(read)
    }
}
