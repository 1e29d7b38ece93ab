//! What Unix and Windows do differently.

#[cfg(not(any(unix, windows)))]
compile_error!("headwater reads files on Unix and Windows only");

#[cfg(unix)]
pub(super) use unix::{file_ids, read_at};
#[cfg(windows)]
pub(super) use windows::{file_ids, read_at};

#[cfg(unix)]
mod unix {
    use std::fs::{File, Metadata};
    use std::io;
    use std::os::unix::fs::{FileExt, MetadataExt};

    pub(crate) fn read_at(file: &File, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        file.read_at(buf, offset)
    }

    /// The device and the inode.
    pub(crate) fn file_ids(metadata: &Metadata) -> (u64, u64) {
        (metadata.dev(), metadata.ino())
    }
}

#[cfg(windows)]
mod windows {
    use std::fs::{File, Metadata};
    use std::io;
    use std::os::windows::fs::{FileExt, MetadataExt};

    /// Moves the file's cursor as well.
    pub(crate) fn read_at(file: &File, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        file.seek_read(buf, offset)
    }

    /// The time of creation: the volume and the index are not in stable std.
    pub(crate) fn file_ids(metadata: &Metadata) -> (u64, u64) {
        (0, metadata.creation_time())
    }
}
