use std::fmt;
use std::path::Path;
use std::sync::Arc;

use crate::lines::place::Place;

/// Where the next line begins, in which file; and where the last one ends, where that is set.
///
/// It is what [`Source::position`](crate::Source::position) gives and
/// [`Lines::from`](crate::lines::Lines::from) takes. It knows its file: the inode (on Windows, the
/// time of creation), a hash of the first 1 KiB and, if there is less than that, the device, so that
/// going on in another file is an error. Of a reader it knows the offset alone. A bare offset in bytes makes one as well, which fits any
/// file.
///
/// With the feature `serde` it can be written down and read back (a path that is not Unicode
/// can't).
///
/// # Examples
///
/// ```
/// use headwater::{Source, lines::Position};
///
/// let mut log = headwater::lines("fixtures/rotated/access.log")?;
/// let offset = log.nth(9).unwrap()?.offset();
/// assert!(log.position().offset() > offset);
///
/// let tenth = headwater::lines("fixtures/rotated/access.log")?.from(Position::from(offset)).next();
/// assert_eq!(tenth.unwrap()?.offset(), offset);
/// # Ok::<(), headwater::Error>(())
/// ```
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Deserialize, serde::Serialize),
    serde(from = "written::Position", into = "written::Position")
)]
pub struct Position {
    pub(super) place: Arc<Place>,
    /// The first byte that is still to be given, counted in the (decompressed) data.
    pub(super) front: u64,
    /// Behind the last byte that is still to be given; `None` where that is the end of the data.
    pub(super) back: Option<u64>,
    /// Whether these are the bounds of a range, in which lines begin, and not yet those of lines.
    pub(super) rough: bool,
}

impl Position {
    /// Returns the byte at which the next line begins, in the (decompressed) data; before the first
    /// pull of a range, where the range begins.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::lines::Position;
    ///
    /// assert_eq!(Position::from(4096).offset(), 4096);
    /// ```
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.front
    }

    /// Returns where the next line from the back ends, if lines were taken from there, or the lines
    /// are those of a range.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::Source;
    ///
    /// let mut log = headwater::lines("fixtures/rotated/access.log")?;
    /// assert_eq!(log.position().back(), None);
    /// let last = log.next_back().unwrap()?;
    /// assert_eq!(log.position().back(), Some(last.offset()));
    /// # Ok::<(), headwater::Error>(())
    /// ```
    #[must_use]
    pub fn back(&self) -> Option<u64> {
        self.back
    }

    /// Returns what a server said of the version of a remote file, such as an `ETag`.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::lines::Position;
    ///
    /// assert_eq!(Position::from(4096).validator(), None);
    /// ```
    #[must_use]
    pub fn validator(&self) -> Option<&str> {
        self.place.validator.as_deref()
    }

    /// Returns the path of the file, as it was given, if it is one.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::Source;
    ///
    /// let log = headwater::lines("fixtures/rotated/access.log")?;
    /// assert_eq!(log.position().path(), Some("fixtures/rotated/access.log".as_ref()));
    /// # Ok::<(), headwater::Error>(())
    /// ```
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.place.path.as_deref()
    }
}

/// Makes a position of an offset in bytes, which should be that of a line's first byte: what
/// follows it is a line, whatever precedes it.
impl From<u64> for Position {
    fn from(offset: u64) -> Self {
        Self { front: offset, ..Self::default() }
    }
}

/// Writes the path, if there is one, the offset, and the end, if there is one: `app.log:4096..8192`.
impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = self.path() {
            write!(f, "{}:", path.display())?;
        }
        write!(f, "{}", self.front)?;
        self.back.map_or(Ok(()), |back| write!(f, "..{back}"))
    }
}

/// How a position is written down.
#[cfg(feature = "serde")]
mod written {
    use std::path::PathBuf;
    use std::sync::Arc;

    use crate::lines::identity::Identity;
    use crate::lines::place::Place;

    #[derive(serde::Deserialize, serde::Serialize)]
    pub(super) struct Position {
        path: Option<PathBuf>,
        index: usize,
        identity: Option<Identity>,
        #[serde(default)]
        validator: Option<Box<str>>,
        front: u64,
        back: Option<u64>,
        #[serde(default)]
        rough: bool,
    }

    impl From<super::Position> for Position {
        fn from(position: super::Position) -> Self {
            let Place { path, index, identity, validator } = &*position.place;
            let path = path.as_deref().map(PathBuf::from);
            let validator = validator.as_deref().map(Box::from);
            let (index, identity) = (*index, *identity);
            let super::Position { front, back, rough, .. } = position;
            Self { path, index, identity, validator, front, back, rough }
        }
    }

    impl From<Position> for super::Position {
        fn from(written: Position) -> Self {
            let Position { path, index, identity, validator, front, back, rough } = written;
            let (path, validator) = (path.map(Arc::from), validator.map(Arc::from));
            let place = Place { path, index, identity, validator };
            Self { place: Arc::new(place), front, back, rough }
        }
    }
}
