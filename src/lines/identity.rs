#[cfg(feature = "compression")]
use std::fs;
use std::io;
#[cfg(feature = "compression")]
use std::path::Path;

use twox_hash::XxHash3_64;

use crate::lines::read_at::{ReadAt, fill_at};

/// What tells a file from another that took its name.
///
/// The system's numbers alone do not: a new file can get the inode of one that was deleted.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
pub(super) struct Identity {
    device: u64,
    file: u64,
    /// How many bytes of its start are hashed: a file that grows keeps its identity.
    head_len: usize,
    head_hash: u64,
}

impl Identity {
    const HEAD: usize = 1 << 10;

    /// Takes the identity of `file`.
    ///
    /// What can't be read of its start is not part of it: reading will find that.
    pub(super) fn of(file: &impl ReadAt) -> io::Result<Self> {
        let (device, number) = file.ids()?;
        let mut head = [0; Self::HEAD];
        let (head_len, _) = fill_at(file, &mut head, 0);
        let head_hash = XxHash3_64::oneshot(&head[..head_len]);
        Ok(Self { device, file: number, head_len, head_hash })
    }

    /// Tells whether a file that it was taken of is at `path`.
    #[cfg(feature = "compression")]
    pub(super) fn is_of_path(&self, path: &Path) -> bool {
        // A pipe that nobody writes to must not be opened.
        let is_file = fs::metadata(path).is_ok_and(|metadata| metadata.is_file());
        let file = is_file.then(|| fs::File::open(path));
        file.is_some_and(|file| file.is_ok_and(|file| matches!(self.is_of(&file), Ok(true))))
    }

    /// Tells whether `file`, which may have grown, is the one that it was taken of. An error comes
    /// with its offset.
    pub(super) fn is_of(&self, file: &impl ReadAt) -> Result<bool, (u64, io::Error)> {
        let ids = file.ids().map_err(|cause| (0, cause))?;
        let mut head = [0; Self::HEAD];
        let head = &mut head[..self.head_len.min(Self::HEAD)];
        let (len, result) = fill_at(file, head, 0);
        result.map_err(|cause| (len as u64, cause))?;
        // The number of a device may change with each boot: what a long head tells needs it not.
        let same_device = self.device == ids.0 || self.head_len == Self::HEAD;
        let same_file = same_device && self.file == ids.1;
        Ok(same_file && len == head.len() && XxHash3_64::oneshot(head) == self.head_hash)
    }
}
