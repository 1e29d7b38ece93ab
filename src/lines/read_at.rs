use std::fs::File;
use std::io;
use std::sync::Arc;

use crate::lines::os;

/// Bytes that can be read at any offset: a file, a buffer, an object in a store.
///
/// # Examples
///
/// ```
/// use headwater::lines::ReadAt;
///
/// let mut buf = [0; 4];
/// assert_eq!(b"one\ntwo\n".to_vec().read_at(&mut buf, 4)?, 4);
/// assert_eq!(&buf, b"two\n");
/// # Ok::<(), std::io::Error>(())
/// ```
pub trait ReadAt {
    /// Reads some bytes from `offset` on, and returns how many; 0 is the end.
    ///
    /// # Errors
    ///
    /// Those of the storage. The bytes before one that can't be read should be given, as `pread`
    /// does: the lines in them come before the error then. [`io::ErrorKind::Interrupted`] is tried again.
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize>;

    /// Returns the length in bytes; 0 where only reading to the end can tell.
    ///
    /// # Errors
    ///
    /// Those of the storage.
    fn size(&self) -> io::Result<u64>;

    /// Returns two numbers that tell it from other bytes that can take its place: a device and an
    /// inode, the hash of an `ETag`.
    ///
    /// # Errors
    ///
    /// Those of the storage.
    fn ids(&self) -> io::Result<(u64, u64)> {
        Ok((0, 0))
    }
}

impl ReadAt for File {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        os::read_at(self, buf, offset)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }

    fn ids(&self) -> io::Result<(u64, u64)> {
        Ok(os::file_ids(&self.metadata()?))
    }
}

impl ReadAt for [u8] {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let rest = usize::try_from(offset).ok().and_then(|offset| self.get(offset..));
        let rest = rest.unwrap_or_default();
        let len = rest.len().min(buf.len());
        buf[..len].copy_from_slice(&rest[..len]);
        Ok(len)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.len() as u64)
    }
}

impl ReadAt for Vec<u8> {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        self.as_slice().read_at(buf, offset)
    }

    fn size(&self) -> io::Result<u64> {
        self.as_slice().size()
    }
}

impl<R: ReadAt + ?Sized> ReadAt for &R {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        (**self).read_at(buf, offset)
    }

    fn size(&self) -> io::Result<u64> {
        (**self).size()
    }

    fn ids(&self) -> io::Result<(u64, u64)> {
        (**self).ids()
    }
}

impl<R: ReadAt + ?Sized> ReadAt for Arc<R> {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        (**self).read_at(buf, offset)
    }

    fn size(&self) -> io::Result<u64> {
        (**self).size()
    }

    fn ids(&self) -> io::Result<(u64, u64)> {
        (**self).ids()
    }
}

/// Reads until `buf` is full or the bytes end; returns how many came, and what stopped it.
pub(super) fn fill_at(
    storage: &(impl ReadAt + ?Sized),
    buf: &mut [u8],
    offset: u64,
) -> (usize, io::Result<()>) {
    let mut len = 0;
    while len < buf.len() {
        match storage.read_at(&mut buf[len..], offset + len as u64) {
            Ok(0) => break,
            Ok(read) if read > buf.len() - len => {
                let boast = "the storage says that it read more than it could";
                return (len, Err(io::Error::other(boast)));
            }
            Ok(read) => len += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return (len, Err(error)),
        }
    }
    (len, Ok(()))
}
