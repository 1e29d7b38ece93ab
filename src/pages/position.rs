use std::fmt;

/// Where the next item is: on which page, and how many of its items come before it.
///
/// It is a small value that can be kept, and with the feature `serde` be written down. It is worth as
/// long as its cursor is: some servers let theirs expire.
///
/// # Examples
///
/// ```
/// use headwater::pages::Position;
///
/// let position = Position::from("page 2");
/// assert_eq!((position.cursor(), position.index()), (Some(&"page 2"), 0));
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Position<C> {
    pub(super) cursor: Option<C>,
    pub(super) index: u64,
}

impl<C> Position<C> {
    /// Makes the position before an item of a page, counted from 0.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::{Source, pages::{Page, Position, pages}};
    ///
    /// let mut items = pages(1, |_| Ok::<_, String>(Page::new(["a", "b", "c"]))).items();
    /// items.resume_at(Position::new(1, 2));
    /// assert_eq!(items.next().unwrap().ok(), Some("c"));
    /// ```
    #[must_use]
    pub fn new(cursor: C, index: u64) -> Self {
        Self { cursor: Some(cursor), index }
    }

    /// Returns the cursor of the page; `None` behind the last one.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::{Source, pages::{Page, pages}};
    ///
    /// let mut items = pages(1, |_| Ok::<_, String>(Page::new(["a", "b"]))).items();
    /// assert_eq!(items.position().cursor(), Some(&1));
    /// items.by_ref().for_each(drop);
    /// assert_eq!(items.position().cursor(), None);
    /// ```
    #[must_use]
    pub fn cursor(&self) -> Option<&C> {
        self.cursor.as_ref()
    }

    /// Returns how many items of the page come before.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::{Source, pages::{Page, pages}};
    ///
    /// let mut items = pages(1, |_| Ok::<_, String>(Page::new(["a", "b"]))).items();
    /// items.next();
    /// assert_eq!(items.position().index(), 1);
    /// ```
    #[must_use]
    pub fn index(&self) -> u64 {
        self.index
    }
}

/// The beginning of a page.
impl<C> From<C> for Position<C> {
    fn from(cursor: C) -> Self {
        Self::new(cursor, 0)
    }
}

impl<C: fmt::Debug> fmt::Display for Position<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cursor {
            Some(cursor) => write!(f, "page {cursor:?}, item {}", self.index),
            None => f.write_str("behind the last page"),
        }
    }
}

/// How it is written down: a cursor can itself be nothing, and is then not taken for the end.
#[cfg(feature = "serde")]
#[derive(serde::Deserialize, serde::Serialize)]
#[serde(rename = "Position", rename_all = "snake_case")]
enum Written<C> {
    Page { cursor: C, index: u64 },
    End,
}

#[cfg(feature = "serde")]
impl<C: serde::Serialize> serde::Serialize for Position<C> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.cursor {
            Some(cursor) => Written::Page { cursor, index: self.index },
            None => Written::End,
        }
        .serialize(serializer)
    }
}

#[cfg(feature = "serde")]
impl<'de, C: serde::Deserialize<'de>> serde::Deserialize<'de> for Position<C> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Written::deserialize(deserializer)? {
            Written::Page { cursor, index } => Self::new(cursor, index),
            Written::End => Self { cursor: None, index: 0 },
        })
    }
}
