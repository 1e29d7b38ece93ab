//! Compressed files: whole, growing, cut and damaged.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use flate2::Compression;
use flate2::write::GzEncoder;
use headwater::lines::{self, Decompressed};
use headwater::{ErrorKind, Lines};

use crate::expect::broken;

mod damaged;
mod decoder;
mod gzip;
mod resuming;
mod zstandard;

/// Compresses into one gzip member.
fn member(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// Compresses into one zstd frame with a checksum.
fn frame(text: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).unwrap();
    encoder.include_checksum(true).unwrap();
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// Lines of several lengths, which compress as logs do.
fn text(lines: usize) -> Vec<u8> {
    let line =
        |n: usize| format!("{:x} GET /{} 200\n", n.wrapping_mul(0x9E37_79B9), "a/".repeat(n % 7));
    (0..lines).map(line).collect::<String>().into_bytes()
}

/// A file, and the folder that it is deleted with.
struct File {
    folder: tempfile::TempDir,
}

impl File {
    fn new(bytes: impl AsRef<[u8]>) -> Self {
        let file = Self { folder: tempfile::tempdir().unwrap() };
        fs::write(file.path(), bytes).unwrap();
        file
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("app.log.gz")
    }

    fn write(&self, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(), bytes).unwrap();
    }

    fn lines(&self) -> Lines<Decompressed> {
        lines::decompressed(self.path()).unwrap()
    }

    /// Checks that the lines that are whole in the first bytes are given, up to the offset of an
    /// error of this kind; returns that offset.
    fn breaks_off(&self, text: &[u8], kind: ErrorKind) -> usize {
        let (good, error) = broken(self.lines());
        assert_eq!(error.kind(), kind, "{error}");
        assert_eq!(error.path(), Some(self.path().as_path()));
        let offset = usize::try_from(error.offset().unwrap()).unwrap();
        let whole = text[..offset].split_inclusive(|&byte| byte == b'\n');
        let whole = whole.filter_map(|line| line.strip_suffix(b"\n"));
        assert!(good.iter().map(|line| &line[..]).eq(whole), "up to {offset}: {good:?}");
        offset
    }
}
