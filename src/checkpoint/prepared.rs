use std::fmt;

use serde::Serialize;

use crate::checkpoint::error::{Error, Matter};
use crate::checkpoint::file::Checkpoint;
use crate::checkpoint::replace::Partial;

impl<P> Checkpoint<P> {
    /// Writes a position that is to be saved, once what it is the position of is done.
    ///
    /// What takes long is done here: the position is on the disk, beside the one before. To
    /// [`save`](Prepared::save) it is to rename a file. So a program that is killed is hardly ever
    /// killed between the two, where [`Checkpoint::save`] has it wait for the disk.
    ///
    /// # Errors
    ///
    /// Those of [`Checkpoint::save`]. What was kept before is still there.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::Checkpoint;
    ///
    /// # let path = std::env::temp_dir().join(format!("headwater-ready-{}", std::process::id()));
    /// # let mut kept = Checkpoint::new(&path);
    /// kept.save(&7_u64)?;
    /// let prepared = kept.prepare(&8)?;
    /// println!("the eighth item");
    /// prepared.save()?;
    /// assert_eq!(kept.load()?, Some(8));
    /// # kept.remove()?;
    /// # Ok::<(), headwater::checkpoint::Error>(())
    /// ```
    pub fn prepare(&mut self, position: &P) -> Result<Prepared<'_, P>, Error>
    where
        P: Serialize,
    {
        let text = self.text(position)?;
        let partial = Partial::write(self.path(), text.as_bytes());
        let partial = partial.map_err(|cause| self.error(Matter::Write).because(cause))?;
        Ok(Prepared { checkpoint: self, partial })
    }
}

/// A position that is ready to be saved. If it is dropped, it is not.
///
/// This struct is created by [`Checkpoint::prepare`]. See its documentation for more.
#[must_use = "it is not saved yet"]
pub struct Prepared<'a, P> {
    checkpoint: &'a mut Checkpoint<P>,
    partial: Partial,
}

impl<P> Prepared<'_, P> {
    /// Saves the position in the place of the one before.
    ///
    /// When this returns, it is on the disk.
    ///
    /// # Errors
    ///
    /// As [`Checkpoint::save`].
    pub fn save(self) -> Result<(), Error> {
        let saved = self.partial.rename(self.checkpoint.path());
        self.checkpoint.saved(saved)
    }
}

impl<P> fmt::Debug for Prepared<'_, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prepared").field("checkpoint", &self.checkpoint).finish_non_exhaustive()
    }
}
