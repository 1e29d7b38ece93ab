use std::fmt;
use std::iter::FusedIterator;
use std::mem;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::checkpoint::error::Error;
use crate::checkpoint::failed::Failed;
use crate::checkpoint::file::Checkpoint;
use crate::source::Source;

/// Keeps the position of sources: every [`Source`] whose position can be written has this method.
///
/// It is in the [`prelude`](crate::prelude).
pub trait CheckpointSource: Source + Sized {
    /// Goes on at the position that was kept, if there is one, and keeps it from then on.
    ///
    /// **An item counts as done when the next one is asked for.** So this belongs at the source,
    /// before all adapters: what a `filter` leaves out counts, and a stretch without a hit does not
    /// begin again from its start. When enough is done, the pull saves the position before it goes
    /// on, and so it does at the end of the source, and before it gives an error of the source.
    ///
    /// What was given and not done when the program is killed is given again. Nothing is lost, as
    /// long as all that was done with an item is safe when the next is asked for: not in a buffer
    /// that is still to be flushed, and not behind an adapter that
    /// [runs ahead](crate::prelude::TrackSource::tracked). For those, there is the loop of
    /// [`Checkpoint`].
    ///
    /// A loop that is left early calls [`finish`](Checkpointed::finish), once the last item is done.
    /// A drop saves nothing: it does not know whether that is so.
    ///
    /// The position is saved between items. A source that takes long for a single one, as a search
    /// does that finds nothing, is not saved meanwhile. Streams have no such method, since a save
    /// blocks its thread for as long as the disk takes.
    ///
    /// Around a source that [heals](crate::prelude::RetrySource::retry) it comes last:
    /// `lines(path)?.retry(policy).checkpointed(kept)?`. How often it saves is said to the
    /// [`Checkpoint`]: each second, unless it is told otherwise.
    ///
    /// # Files that grow
    ///
    /// The last line of a file that is still written may be half a line. It is given, and the position
    /// is behind it, so that the next start begins in its middle. Where that can be, leave such a line
    /// for the next time: the loop of [`Checkpoint`] saves the position before a line that is not
    /// [complete](crate::Line::is_complete). If another file is there, each start fails with
    /// [`ErrorKind::SourceChanged`](crate::ErrorKind::SourceChanged), until the checkpoint is
    /// [removed](Checkpoint::remove); [`lines::each`](mod@crate::lines) goes along a rotation.
    ///
    /// # Errors
    ///
    /// Those of [`Checkpoint::load`]. After that, each item may be [`Failed::Checkpoint`]: what
    /// [`Checkpoint::save`] has to say. The next pull goes on, and saves again one item later.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::{Checkpoint, Lines, checkpoint::Checkpointed, lines, prelude::*};
    /// use std::{error::Error, path::Path};
    ///
    /// fn log(kept: &Path) -> Result<Checkpointed<Lines>, Box<dyn Error>> {
    ///     Ok(lines("fixtures/rotated/access.log")?.checkpointed(Checkpoint::new(kept))?)
    /// }
    ///
    /// # let path = std::env::temp_dir().join(format!("headwater-adapter-{}", std::process::id()));
    /// let mut today = log(&path)?;
    /// for line in today.by_ref().take(60) {
    ///     println!("{}", line?);
    /// }
    /// today.finish()?;
    ///
    /// assert_eq!(log(&path)?.count(), 40);
    /// assert_eq!(log(&path)?.count(), 0);
    /// # Checkpoint::<headwater::lines::Position>::new(path).remove()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn checkpointed(
        mut self,
        checkpoint: Checkpoint<Self::Position>,
    ) -> Result<Checkpointed<Self>, Error>
    where
        Self::Position: DeserializeOwned,
    {
        if let Some(position) = checkpoint.load()? {
            self.resume_at(position);
        }
        Ok(Checkpointed {
            source: self,
            checkpoint,
            items: Items::Saved,
            is_over: false,
            has_failed_to_save: false,
        })
    }
}

impl<S: Source> CheckpointSource for S {}

/// A source whose position is kept on disk.
///
/// This struct is created by [`CheckpointSource::checkpointed`]. See its documentation for more.
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Checkpointed<S: Source> {
    source: S,
    checkpoint: Checkpoint<S::Position>,
    items: Items,
    /// Whether the source has ended.
    is_over: bool,
    /// Whether the last error was one of saving, which resuming the source does not mend.
    has_failed_to_save: bool,
}

/// What became of the items that were given.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Items {
    /// The position is behind all of them.
    Saved,
    /// Some were given since, and all are done.
    Done,
    /// The last one counts as done with the next pull.
    Given,
}

impl<S: Source> Checkpointed<S> {
    /// Returns the source.
    pub fn get_ref(&self) -> &S {
        &self.source
    }

    /// Saves the position behind the last item that was given.
    ///
    /// # Errors
    ///
    /// Those of [`Checkpoint::save`].
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::{Checkpoint, lines, prelude::*};
    ///
    /// # let path = std::env::temp_dir().join(format!("headwater-finish-{}", std::process::id()));
    /// let kept = Checkpoint::new(&path);
    /// let mut log = lines("fixtures/rotated/access.log")?.checkpointed(kept)?;
    /// let first = log.next().unwrap()?;
    /// println!("{first}");
    /// log.finish()?;
    ///
    /// let kept: lines::Position = Checkpoint::new(&path).load()?.unwrap();
    /// assert_eq!(kept.offset(), first.len() as u64 + 1);
    /// # Checkpoint::<lines::Position>::new(path).remove()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn finish(mut self) -> Result<(), Error>
    where
        S::Position: Serialize,
    {
        self.save()
    }

    fn save(&mut self) -> Result<(), Error>
    where
        S::Position: Serialize,
    {
        self.has_failed_to_save = true;
        self.checkpoint.save(&self.source.position())?;
        (self.items, self.has_failed_to_save) = (Items::Saved, false);
        Ok(())
    }

    #[inline]
    fn pull<T, E>(
        &mut self,
        pull: impl FnOnce(&mut S) -> Option<Result<T, E>>,
    ) -> Option<Result<T, Failed<E>>>
    where
        S::Position: Serialize,
    {
        if self.items == Items::Given {
            self.items = Items::Done;
            if self.checkpoint.item_done()
                && let Err(error) = self.save()
            {
                return Some(Err(Failed::Checkpoint(error)));
            }
        }
        match pull(&mut self.source) {
            Some(Ok(item)) => {
                self.items = Items::Given;
                Some(Ok(item))
            }
            Some(Err(error)) => {
                if self.items == Items::Done {
                    // If it can't be, the source's error still comes first: the end saves again.
                    _ = self.save();
                }
                self.has_failed_to_save = false;
                Some(Err(Failed::Source(error)))
            }
            None => self.end().err().map(|error| Err(Failed::Checkpoint(error))),
        }
    }

    /// Saves at the end, once: without an item, too, the position may have changed.
    fn end(&mut self) -> Result<(), Error>
    where
        S::Position: Serialize,
    {
        let was_over = mem::replace(&mut self.is_over, true);
        let items = mem::replace(&mut self.items, Items::Saved);
        if items == Items::Done || !was_over { self.save() } else { Ok(()) }
    }
}

impl<S: Source + fmt::Debug> fmt::Debug for Checkpointed<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Checkpointed")
            .field("source", &self.source)
            .field("checkpoint", &self.checkpoint)
            .finish_non_exhaustive()
    }
}

impl<S, T, E> Iterator for Checkpointed<S>
where
    S: Source<Position: Serialize> + Iterator<Item = Result<T, E>>,
{
    type Item = Result<T, Failed<E>>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.pull(S::next)
    }

    /// At least what the source gives: errors of the checkpoint come besides.
    fn size_hint(&self) -> (usize, Option<usize>) {
        let (least, most) = self.source.size_hint();
        (least, most.filter(|&most| most == 0 && self.is_over && self.items == Items::Saved))
    }
}

impl<S, T, E> DoubleEndedIterator for Checkpointed<S>
where
    S: Source<Position: Serialize> + DoubleEndedIterator<Item = Result<T, E>>,
{
    #[inline]
    fn next_back(&mut self) -> Option<Self::Item> {
        self.pull(S::next_back)
    }
}

impl<S, T, E> FusedIterator for Checkpointed<S> where
    S: Source<Position: Serialize> + FusedIterator<Item = Result<T, E>>
{
}

impl<S: Source> Source for Checkpointed<S> {
    type Position = S::Position;

    fn position(&self) -> S::Position {
        self.source.position()
    }

    fn resume_at(&mut self, at: S::Position) {
        self.source.resume_at(at);
        if self.items == Items::Given {
            self.items = Items::Done;
        }
        self.is_over = false;
    }

    fn can_recover(&self) -> bool {
        !self.has_failed_to_save && self.source.can_recover()
    }
}
