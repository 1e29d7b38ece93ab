//! Some bytes in memory and in files, plain and compressed.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;

/// Bytes for sources, and the same bytes in files of a folder that is deleted in the end.
#[derive(Debug)]
pub(crate) struct Data {
    pub(crate) bytes: Arc<Vec<u8>>,
    folder: TempDir,
}

impl Data {
    pub(crate) fn new(bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = Self { bytes: Arc::new(bytes.to_vec()), folder };
        data.write(bytes);
        #[cfg(feature = "compression")]
        fs::write(data.empty(), b"").unwrap();
        data
    }

    /// Puts other bytes into the same files.
    pub(crate) fn write(&self, bytes: &[u8]) {
        fs::write(self.plain(), bytes).unwrap();
        #[cfg(feature = "compression")]
        {
            fs::write(self.gzip(), gzip(bytes)).unwrap();
            fs::write(self.zstd(), zstd(bytes)).unwrap();
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn plain(&self) -> PathBuf {
        self.folder().join("plain.log")
    }

    /// The same bytes in two gzip members.
    #[cfg(feature = "compression")]
    pub(crate) fn gzip(&self) -> PathBuf {
        self.folder().join("plain.log.gz")
    }

    /// The same bytes in two zstd frames.
    #[cfg(feature = "compression")]
    pub(crate) fn zstd(&self) -> PathBuf {
        self.folder().join("plain.log.zst")
    }

    /// A file without a byte.
    #[cfg(feature = "compression")]
    pub(crate) fn empty(&self) -> PathBuf {
        self.folder().join("empty.log")
    }
}

/// Compresses into two members, parted in the middle.
#[cfg(feature = "compression")]
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;

    let (one, two) = bytes.split_at(bytes.len() / 2);
    let member = |part: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(part).unwrap();
        encoder.finish().unwrap()
    };
    [member(one), member(two)].concat()
}

/// Compresses into two frames, parted in the middle.
#[cfg(feature = "compression")]
pub(crate) fn zstd(bytes: &[u8]) -> Vec<u8> {
    let (one, two) = bytes.split_at(bytes.len() / 2);
    [one, two].map(|part| zstd::encode_all(part, 1).unwrap()).concat()
}
