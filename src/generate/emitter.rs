use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use crate::generate::slot::Giver;

/// Gives items out of the body of a generator.
///
/// The body of [`generate`](crate::generate()) gets one. It may lend it to functions that emit on
/// its behalf, several of which may wait at once: each pull lets one of them go on with its item.
///
/// # Panics
///
/// An emit that is polled anywhere but in its own generator's body panics: on another thread, in a
/// task of its own, or after the generator is gone. Items from there come through a channel.
///
/// # Examples
///
/// A function that emits, and gives a result too, as `yield from` does:
///
/// ```
/// use headwater::generate::Emitter;
///
/// async fn emit_twice(out: &Emitter<u32>, n: u32) -> u32 {
///     out.emit(n).await;
///     out.emit(n).await;
///     n + 1
/// }
///
/// let pairs = headwater::generate(|out| async move {
///     let mut n = 0;
///     loop {
///         n = emit_twice(&out, n).await;
///     }
/// });
/// assert_eq!(pairs.take(5).collect::<Vec<_>>(), [0, 0, 1, 1, 2]);
/// ```
pub struct Emitter<T> {
    giver: Giver<T, ()>,
}

impl<T> Emitter<T> {
    pub(super) fn new(giver: Giver<T, ()>) -> Self {
        Self { giver }
    }

    /// Gives one item, and waits until the next is asked for.
    ///
    /// # Panics
    ///
    /// When it is polled outside of the generator's body.
    ///
    /// # Cancel safety
    ///
    /// Once it was polled, the item is given, even if the wait is dropped then. An emit that waits
    /// for another one to go first keeps its item, which is dropped with it.
    ///
    /// An emit that was given is done at its next poll. The body is polled once a pull, so that is in
    /// the next one, unless the body itself polls it again, as a loop around `select!` does: then the
    /// body runs on to its next emit, which waits.
    ///
    /// # Examples
    ///
    /// ```
    /// let mut words = headwater::generate(|out| async move {
    ///     out.emit("source").await;
    ///     out.emit("mouth").await;
    /// });
    /// assert_eq!(words.next(), Some("source"));
    /// assert_eq!(words.next(), Some("mouth"));
    /// assert_eq!(words.next(), None);
    /// ```
    #[inline]
    pub fn emit(&self, item: T) -> Emit<'_, T> {
        Emit::new(&self.giver, item)
    }

    /// Gives all items of an iterator, one a pull: Python's `yield from`.
    ///
    /// # Panics
    ///
    /// When it is polled outside of the generator's body.
    ///
    /// # Examples
    ///
    /// A tree, in order:
    ///
    /// ```
    /// struct Tree(Vec<Tree>, u32);
    ///
    /// fn walk(tree: &Tree) -> Box<dyn Iterator<Item = u32> + '_> {
    ///     Box::new(headwater::generate(move |out| async move {
    ///         for branch in &tree.0 {
    ///             out.emit_all(walk(branch)).await;
    ///         }
    ///         out.emit(tree.1).await;
    ///     }))
    /// }
    ///
    /// let tree = Tree(vec![Tree(vec![Tree(vec![], 1)], 2), Tree(vec![], 3)], 4);
    /// assert_eq!(walk(&tree).collect::<Vec<_>>(), [1, 2, 3, 4]);
    /// ```
    pub async fn emit_all(&self, items: impl IntoIterator<Item = T>) {
        for item in items {
            self.emit(item).await;
        }
    }
}

/// The wait for an item to be taken.
///
/// This struct is created by [`Emitter::emit`] and the other emitters. See there for more.
#[must_use = "nothing is emitted unless it is awaited"]
pub struct Emit<'a, T> {
    /// The item and through what to give it, until that is done.
    waiting: Option<(&'a Giver<T, ()>, T)>,
}

impl<'a, T> Emit<'a, T> {
    #[inline]
    fn new(giver: &'a Giver<T, ()>, item: T) -> Self {
        Self { waiting: Some((giver, item)) }
    }

    #[cold]
    #[inline(never)]
    fn give_or_wait(&mut self, giver: &'a Giver<T, ()>, item: T, waker: &Waker) {
        let mut item = Some(item);
        let waits = giver.give_or_wait(&mut item, waker);
        self.waiting = item.map(|item| (giver, item));
        waits.unwrap_or_else(|| outside());
    }
}

/// Nothing is pinned in it.
impl<T> Unpin for Emit<'_, T> {}

impl<T> Future for Emit<'_, T> {
    type Output = ();

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        // It is looked at before it is taken, so that one that is done is not written again.
        if self.waiting.is_none() {
            return Poll::Ready(());
        }
        if let Some((giver, item)) = self.waiting.take()
            && let Err(item) = giver.give(item, cx.waker())
        {
            self.give_or_wait(giver, item, cx.waker());
        }
        Poll::Pending
    }
}

/// Says what went wrong where an emit is polled out of turn.
#[cold]
pub(super) fn outside() -> ! {
    panic!(
        "an item was emitted outside of its generator's body: on another thread, in another task \
         or after the generator was gone; send it through a channel, and emit it in the body"
    )
}

impl<T> fmt::Debug for Emitter<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emitter").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Emit<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emit").field("is_given", &self.waiting.is_none()).finish_non_exhaustive()
    }
}
