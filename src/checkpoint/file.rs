use std::fmt;
use std::fs;
use std::io::{self, Read as _};
use std::marker::PhantomData;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::checkpoint::error::{Error, Matter};
use crate::checkpoint::pace::Pace;
use crate::checkpoint::{replace, written};
use crate::retry::{Clock, SystemClock};

/// A position on disk, replaced as a whole or not at all.
///
/// Any position that `serde` can write will do: those of [`lines`](mod@crate::lines), the state of
/// an `unfold`, a number. One process at a time may save to a path.
///
/// # Examples
///
/// A loop that writes, and goes on where it was when it is started again. What was written has to be
/// safe before the position is: a buffer is flushed first.
///
/// ```
/// use std::io::Write;
/// use headwater::{Checkpoint, Source, lines};
///
/// # let folder = std::env::temp_dir().join(format!("headwater-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # let (mut output, path) = (Vec::new(), folder.join("access.position"));
/// let mut kept = Checkpoint::new(&path).label("access log of web-1");
///
/// let mut log = lines("fixtures/rotated/access.log")?;
/// if let Some(position) = kept.load()? {
///     log.resume_at(position);
/// }
/// while let Some(line) = log.next() {
///     writeln!(output, "{}", line?)?;
///     if kept.item_done() {
///         output.flush()?;
///         kept.save(&log.position())?;
///     }
/// }
/// output.flush()?;
/// kept.save(&log.position())?;
///
/// assert_eq!(kept.load()?, Some(log.position()));
/// # std::fs::remove_dir_all(folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "a checkpoint does nothing unless it is loaded or saved"]
pub struct Checkpoint<P> {
    path: Arc<Path>,
    label: Option<String>,
    pace: Pace,
    clock: Arc<dyn Clock>,
    position: PhantomData<fn(P) -> P>,
}

impl<P> Checkpoint<P> {
    /// Names the file. Nothing is read or written, and it need not be there.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into().into(),
            label: None,
            pace: Pace::new(),
            clock: Arc::new(SystemClock),
            position: PhantomData,
        }
    }

    /// Says what it is the position of: a checkpoint with another label is not loaded.
    ///
    /// Without a label, one that has a label is not.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::Checkpoint;
    ///
    /// # let path = std::env::temp_dir().join(format!("headwater-label-{}", std::process::id()));
    /// Checkpoint::new(&path).label("orders, first page first").save(&7_u64)?;
    /// let error = Checkpoint::<u64>::new(&path).label("invoices").load().unwrap_err();
    /// assert!(error.to_string().ends_with(r#"is the checkpoint of "orders, first page first""#));
    /// # Checkpoint::<u64>::new(path).remove()?;
    /// # Ok::<(), headwater::checkpoint::Error>(())
    /// ```
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Says that it is time to save after so many items, if not before: the second of
    /// [`every`](Checkpoint::every) goes on beside it, unless that is `Duration::MAX`.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::Checkpoint;
    /// use std::num::NonZeroU64;
    ///
    /// let three = NonZeroU64::new(3).unwrap();
    /// let mut kept = Checkpoint::<u64>::new("feed.position").every_items(three);
    /// assert_eq!([(); 3].map(|()| kept.item_done()), [false, false, true]);
    /// ```
    pub fn every_items(mut self, items: NonZeroU64) -> Self {
        self.pace.items = Some(items);
        self
    }

    /// Says how long after it was saved, or after the first item, it is time to save, if not before.
    /// The default is a second.
    ///
    /// That reads the clock for each item, which takes about 25 ns. With [`Duration::MAX`] nobody
    /// does.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::Checkpoint;
    /// use std::time::Duration;
    ///
    /// assert!(Checkpoint::<u64>::new("feed.position").every(Duration::ZERO).item_done());
    /// assert!(!Checkpoint::<u64>::new("feed.position").every(Duration::MAX).item_done());
    /// ```
    pub fn every(mut self, time: Duration) -> Self {
        self.pace.time = Some(time).filter(|&time| time < Duration::MAX);
        self
    }

    /// Tells the time by another clock: in tests, a [`FakeClock`](crate::retry::FakeClock).
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Returns the path, as it was given.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Loads the position; `None` if there is no such file.
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::Read`]: the file is there and cannot be read.
    /// - [`ErrorKind::Corrupt`]: it was cut off or changed.
    /// - [`ErrorKind::Foreign`]: it is not a checkpoint, it has another label, or it holds a position
    ///   of another kind.
    /// - [`ErrorKind::Version`]: a later version of this crate has written it.
    ///
    /// [`ErrorKind::Read`]: crate::checkpoint::ErrorKind::Read
    /// [`ErrorKind::Corrupt`]: crate::checkpoint::ErrorKind::Corrupt
    /// [`ErrorKind::Foreign`]: crate::checkpoint::ErrorKind::Foreign
    /// [`ErrorKind::Version`]: crate::checkpoint::ErrorKind::Version
    pub fn load(&self) -> Result<Option<P>, Error>
    where
        P: DeserializeOwned,
    {
        let failed = |cause: io::Error| self.error(Matter::Read).because(cause);
        // A pipe that nobody writes to must not be opened.
        match fs::metadata(&self.path) {
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(cause) => return Err(failed(cause)),
            Ok(metadata) if !metadata.is_file() => return Err(self.error(Matter::NotOne)),
            Ok(_) => {}
        }
        let mut file = fs::File::open(&self.path).map_err(failed)?;
        // What is not a checkpoint may be of any size.
        let mut bytes = Vec::new();
        let head = io::Read::by_ref(&mut file).take(written::HEAD_LEN as u64);
        { head }.read_to_end(&mut bytes).map_err(failed)?;
        written::recognize(&bytes).map_err(|matter| self.error(matter))?;
        file.read_to_end(&mut bytes).map_err(failed)?;
        let position = written::read(&bytes, self.label.as_deref());
        position.map(Some).map_err(|(matter, cause)| match cause {
            Some(cause) => self.error(matter).because(cause),
            None => self.error(matter),
        })
    }

    /// Saves a position in the place of the one before.
    ///
    /// When this returns, it is on the disk.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Write`](crate::checkpoint::ErrorKind::Write): it cannot be written as JSON, or
    /// not to the disk. What was kept before is still there, unless syncing the folder is what
    /// failed: then either may be.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::Checkpoint;
    ///
    /// # let path = std::env::temp_dir().join(format!("headwater-save-{}", std::process::id()));
    /// let mut kept = Checkpoint::new(path);
    /// assert_eq!(kept.load()?, None);
    /// kept.save(&("page 7".to_owned(), 3))?;
    /// assert_eq!(kept.load()?, Some(("page 7".to_owned(), 3)));
    /// kept.remove()?;
    /// assert_eq!(kept.load()?, None);
    /// # Ok::<(), headwater::checkpoint::Error>(())
    /// ```
    pub fn save(&mut self, position: &P) -> Result<(), Error>
    where
        P: Serialize,
    {
        let text = self.text(position)?;
        let saved = replace::replace(&self.path, text.as_bytes());
        self.saved(saved)
    }

    /// Returns what is written of a position.
    pub(super) fn text(&self, position: &P) -> Result<String, Error>
    where
        P: Serialize,
    {
        let text = written::write(self.label.as_deref(), position);
        text.map_err(|cause| self.error(Matter::Write).because(cause))
    }

    /// Notes that it was saved, or says why not.
    pub(super) fn saved(&mut self, saved: io::Result<()>) -> Result<(), Error> {
        saved.map_err(|cause| self.error(Matter::Write).because(cause))?;
        self.pace.saved(|| self.clock.now());
        Ok(())
    }

    /// Counts an item whose work is done, and tells whether it is time to save.
    ///
    /// It is, once as many items were done as [`every_items`](Checkpoint::every_items) says, or as
    /// much time has passed as [`every`](Checkpoint::every) says, until it was saved.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::{Checkpoint, retry::FakeClock};
    /// use std::time::Duration;
    ///
    /// let clock = FakeClock::new();
    /// let mut kept = Checkpoint::<u64>::new("feed.position")
    ///     .every(Duration::from_secs(5))
    ///     .clock(clock.clone());
    /// assert!(!kept.item_done());
    /// clock.advance(Duration::from_secs(5));
    /// assert!(kept.item_done());
    /// ```
    #[must_use = "when it is time to save, somebody has to"]
    pub fn item_done(&mut self) -> bool {
        self.pace.item_done(|| self.clock.now())
    }

    /// Removes the file, if it is there: the next start is from the beginning.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Remove`](crate::checkpoint::ErrorKind::Remove), with the system's error.
    pub fn remove(&mut self) -> Result<(), Error> {
        replace::remove(&self.path).map_err(|cause| self.error(Matter::Remove).because(cause))
    }

    pub(super) fn error(&self, matter: Matter) -> Error {
        Error::new(&self.path, matter)
    }
}

impl<P> fmt::Debug for Checkpoint<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Checkpoint")
            .field("path", &self.path)
            .field("label", &self.label)
            .field("pace", &self.pace)
            .finish_non_exhaustive()
    }
}
