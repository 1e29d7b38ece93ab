use std::fmt;
use std::hash::Hash;
use std::iter::FusedIterator;

use crate::pages::items::Items;
use crate::pages::recent::Recent;
use crate::source::Source;

impl<T, C, F> Items<T, C, F> {
    /// Leaves out items whose key is one of the last `window` distinct ones, for servers that give some
    /// more than once.
    ///
    /// With the errors of the source it is as it was. What was seen is no part of the position: one that
    /// is resumed elsewhere may give again what it gave before.
    ///
    /// # Resources
    ///
    /// 60 bytes at the most for each of `window` keys, of which 64 bits of a hash are kept: a key is taken
    /// for another, and its item lost, once in 10¹⁹ divided by `window`.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::pages::{Page, pages};
    ///
    /// let feed = || pages(1, |n| Ok::<_, String>(Page::new([n, 1, n]).next((n < 3).then_some(n + 1))));
    /// assert!(feed().items().distinct_by(2, |id| *id).map(Result::unwrap).eq([1, 2, 3, 1]));
    /// assert!(feed().items().distinct_by(3, |id| *id).map(Result::unwrap).eq([1, 2, 3]));
    /// ```
    pub fn distinct_by<K, G>(self, window: usize, key: G) -> Distinct<Self, G>
    where
        K: Hash,
        G: FnMut(&T) -> K,
    {
        Distinct { items: self, key, recent: Recent::new(window) }
    }
}

/// Items without those that came before, lately.
///
/// This struct is created by [`Items::distinct_by`]. See its documentation for more.
#[derive(Clone)]
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Distinct<I, G> {
    items: I,
    key: G,
    recent: Recent,
}

impl<I: fmt::Debug, G> fmt::Debug for Distinct<I, G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Distinct").field("items", &self.items).finish_non_exhaustive()
    }
}

impl<T, E, K, I, G> Iterator for Distinct<I, G>
where
    I: Iterator<Item = Result<T, E>>,
    G: FnMut(&T) -> K,
    K: Hash,
{
    type Item = Result<T, E>;

    fn next(&mut self) -> Option<Result<T, E>> {
        let Self { items, key, recent } = self;
        items.find(|item| {
            let hash = item.as_ref().ok().map(|item| recent.hash(&key(item)));
            !hash.is_some_and(|hash| recent.note(hash))
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, self.items.size_hint().1)
    }
}

impl<T, E, K, I, G> FusedIterator for Distinct<I, G>
where
    I: FusedIterator<Item = Result<T, E>>,
    G: FnMut(&T) -> K,
    K: Hash,
{
}

impl<I: Source<Position: PartialEq>, G> Source for Distinct<I, G> {
    type Position = I::Position;

    fn position(&self) -> I::Position {
        self.items.position()
    }

    fn resume_at(&mut self, at: I::Position) {
        if at != self.items.position() {
            self.recent.clear();
        }
        self.items.resume_at(at);
    }

    fn can_recover(&self) -> bool {
        self.items.can_recover()
    }
}
