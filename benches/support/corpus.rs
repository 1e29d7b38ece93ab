//! The generated log on disk, plain and as gzip, and the answers that every job has to give.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::log;

/// What the searches look for. It is rare: most blocks are left without a hit.
pub const NEEDLE: &str = " 500 ";

/// What the searches by regular expression look for: the server's own errors.
pub const PATTERN: &str = "\" 50[0-9] ";

/// Of so many lines, the jobs that keep lines keep the first.
pub const KEPT: usize = 1000;

/// One log, plain and as gzip.
#[derive(Debug)]
pub struct Corpus {
    /// The log as it is.
    pub plain: PathBuf,
    /// The same, compressed.
    pub gzip: PathBuf,
}

impl Corpus {
    /// Finds the log of `mib` MiB in `folder`, or makes it there.
    ///
    /// A file appears under its name only when it is whole, so one that is there is used again.
    ///
    /// # Errors
    ///
    /// That of reading or writing the folder.
    pub fn at(folder: &Path, mib: u32) -> io::Result<Self> {
        let plain = Self::plain_at(folder, mib)?;
        let corpus = Self { gzip: plain.with_extension("log.gz"), plain };
        if gzip_len(&corpus.gzip).ok() != Some(u64::from(mib) << 20) {
            create(&corpus.gzip, |file| compress(&corpus.plain, file))?;
        }
        Ok(corpus)
    }

    /// Finds or makes the same log, and not its gzip form.
    ///
    /// # Errors
    ///
    /// That of reading or writing the folder.
    pub fn plain_at(folder: &Path, mib: u32) -> io::Result<PathBuf> {
        let plain = folder.join(format!("access-v{}-{mib}-mib.log", log::VERSION));
        let bytes = u64::from(mib) << 20;
        fs::create_dir_all(folder)?;
        if fs::metadata(&plain).map(|found| found.len()).ok() != Some(bytes) {
            create(&plain, |file| log::write_log(BufWriter::new(file), bytes))?;
        }
        Ok(plain)
    }

    /// Reads both files once, so that they are in the page cache, and says what is in them.
    ///
    /// # Errors
    ///
    /// That of reading them.
    pub fn answers(&self) -> io::Result<Answers> {
        io::copy(&mut File::open(&self.gzip)?, &mut io::sink())?;
        let mut answers = Answers::default();
        for (index, line) in BufReader::new(File::open(&self.plain)?).lines().enumerate() {
            let line = line?;
            let len = line.len() as u64;
            answers.lines += 1;
            answers.bytes += len;
            answers.containing += u64::from(line.contains(NEEDLE));
            // In this log a quotation mark and a space stand before nothing that begins so but a
            // status code: the pattern, without a regular expression.
            answers.matching += u64::from(line.contains("\" 50"));
            answers.kept += if index % KEPT == 0 { len } else { 0 };
        }
        Ok(answers)
    }
}

/// What is true of a log; a job that answers otherwise is not measured but refused.
#[derive(Clone, Copy, Debug, Default)]
pub struct Answers {
    /// The lines.
    pub lines: u64,
    /// The bytes of all lines, without their newlines.
    pub bytes: u64,
    /// The lines that contain [`NEEDLE`].
    pub containing: u64,
    /// The lines that match [`PATTERN`].
    pub matching: u64,
    /// The bytes of the first of every [`KEPT`] lines, without their newlines.
    pub kept: u64,
}

/// Writes a file under another name and renames it when it is whole.
fn create(path: &Path, write: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let unfinished = path.with_extension(format!("unfinished-{}", std::process::id()));
    let written = File::create(&unfinished).and_then(|mut file| write(&mut file));
    let placed = written.and_then(|()| fs::rename(&unfinished, path));
    if placed.is_err() {
        // The first error is the one to tell.
        let _ = fs::remove_file(&unfinished);
    }
    placed
}

fn compress(plain: &Path, gzip: &mut File) -> io::Result<()> {
    let mut encoder = GzEncoder::new(BufWriter::new(gzip), Compression::new(6));
    io::copy(&mut File::open(plain)?, &mut encoder)?;
    encoder.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
    Ok(())
}

/// Reads from a gzip file of one member how long its content is: its last four bytes say so.
fn gzip_len(path: &Path) -> io::Result<u64> {
    let mut file = File::open(path)?;
    let mut len = [0; 4];
    file.seek(SeekFrom::End(-4))?;
    file.read_exact(&mut len)?;
    Ok(u64::from(u32::from_le_bytes(len)))
}
