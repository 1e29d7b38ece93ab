//! Items out, and how far they came onto the disk.

use std::fs::File;
use std::io::{self, Seek as _, SeekFrom, Write};
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, bail};
use headwater::Checkpoint;
use headwater::pages::Position;
use serde::{Deserialize, Serialize};

use crate::notes::Notes;
use crate::whole_lines::whole_lines;

/// Items that are not yet printed take so many bytes at the most, and one item.
const BUFFER: usize = 256 * 1024;

/// Prints items, and keeps the position behind them.
///
/// Items are printed when their page is at its end, and the position is saved at once, so that in
/// almost all cases what was printed is what was saved.
pub(crate) struct Printer {
    out: Out,
    checkpoint: Option<Checkpoint<Kept>>,
    kept: Kept,
    /// Items that are not yet printed, each with its line end.
    lines: Vec<u8>,
    /// How many these are.
    items: u64,
    /// How many more are to be printed.
    left: Option<u64>,
    notes: Notes,
    /// Is locked while the one is done without the other.
    gate: Gate,
}

/// Keeps the program from being ended in an awkward moment.
pub(crate) type Gate = Arc<Mutex<()>>;

/// Where items are printed.
pub(crate) enum Out {
    /// What is written there is gone.
    Stream(Box<dyn Write>),
    /// What is written there can be taken back.
    File(File),
}

/// What a checkpoint has.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Kept {
    position: Position<String>,
    /// How many items were printed.
    items: u64,
    /// How long that file is.
    bytes: u64,
}

/// Whether there is to be more.
pub(crate) enum Flow {
    Continue,
    Stop,
}

impl Printer {
    pub(crate) fn new(
        out: Out,
        checkpoint: Option<Checkpoint<Kept>>,
        take: Option<u64>,
        notes: &Notes,
    ) -> Self {
        let kept = Kept { position: Position::from(String::new()), items: 0, bytes: 0 };
        let (lines, items, gate) = (Vec::new(), 0, Gate::default());
        Self { out, checkpoint, kept, lines, items, left: take, notes: notes.clone(), gate }
    }

    /// Returns where to begin: where it was left, or else at the first page.
    ///
    /// # Errors
    ///
    /// Of loading and saving, and of a file that is not as it was left.
    pub(crate) fn begin(&mut self, first: Position<String>) -> anyhow::Result<Position<String>> {
        let loaded = self.checkpoint.as_ref().map(Checkpoint::load).transpose()?.flatten();
        if let Out::File(file) = &mut self.out {
            let len = file.metadata()?.len();
            let printed = loaded.as_ref().map_or(len, |kept| kept.bytes);
            if len < printed {
                bail!("the output has {len} bytes, of {printed} that were printed into it");
            }
            file.set_len(printed)?;
            file.seek(SeekFrom::Start(printed))?;
            self.kept.bytes = printed;
        }
        let is_new = loaded.is_none();
        self.kept = loaded.unwrap_or(Kept { position: first, ..self.kept.clone() });
        if is_new && let Some(checkpoint) = &mut self.checkpoint {
            checkpoint.save(&self.kept)?;
        }
        Ok(self.kept.position.clone())
    }

    /// Prints an item, at the end of its page at the latest. `behind` is the position behind it.
    ///
    /// # Errors
    ///
    /// Of printing and saving.
    pub(crate) fn print(&mut self, item: &str, behind: Position<String>) -> anyhow::Result<Flow> {
        if self.left == Some(0) {
            return Ok(Flow::Stop);
        }
        self.lines.extend_from_slice(item.as_bytes());
        self.lines.push(b'\n');
        self.items += 1;
        self.left = self.left.map(|left| left - 1);
        let is_last = self.left == Some(0);
        if is_last || behind.index() == 0 || self.lines.len() >= BUFFER {
            self.commit(behind)?;
        }
        Ok(if is_last { Flow::Stop } else { Flow::Continue })
    }

    /// Prints what is not yet printed, and saves the position behind it.
    ///
    /// # Errors
    ///
    /// Of printing and saving.
    pub(crate) fn commit(&mut self, behind: Position<String>) -> anyhow::Result<()> {
        let gate = Arc::clone(&self.gate);
        let _gate = gate.lock().unwrap_or_else(PoisonError::into_inner);
        self.kept.items += mem::take(&mut self.items);
        self.kept.bytes += self.lines.len() as u64;
        self.kept.position = behind;
        // It is ready before anything is printed: then only a moment is between the two.
        let prepared = self.checkpoint.as_mut().map(|kept| kept.prepare(&self.kept)).transpose()?;
        self.notes.beside(|| self.out.print(&self.lines)).context("cannot print")?;
        if let Some(prepared) = prepared {
            prepared.save()?;
        }
        self.lines.clear();
        self.notes.printed(self.kept.items);
        Ok(())
    }

    pub(crate) fn gate(&self) -> Gate {
        Arc::clone(&self.gate)
    }
}

impl Out {
    fn print(&mut self, lines: &[u8]) -> io::Result<()> {
        match self {
            Self::Stream(stream) => {
                whole_lines(lines).try_for_each(|lines| stream.write_all(lines))?;
                stream.flush()
            }
            Self::File(file) => {
                file.write_all(lines)?;
                // The position must not be on the disk before it.
                file.sync_data()
            }
        }
    }
}
