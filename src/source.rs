/// An iterator, or a stream, that says where it is, and can be opened there again.
///
/// From this one idea come retries that lose nothing and repeat nothing, checkpoints, and sharing
/// the work out.
///
/// # The resume law
///
/// For every `k`: a source that is resumed at the position it had after its `k`-th item gives
/// exactly the items after the `k`-th. After an error, [`position`](Source::position) is that of
/// the last item *delivered*: what was read but not delivered will be read again.
///
/// Delivered is what the source gave to whoever pulled it. An adapter may have pulled an item that
/// nobody has seen: `zip`, `peekable`, `take_while`, `map_while`, `scan`, `chunk_by`. Note the position before them, or
/// have the item carry what is needed. [`tracked`](crate::prelude::TrackSource::tracked) tells the
/// position behind adapters, and its documentation which of them run ahead.
///
/// # Through a reference
///
/// [`Iterator`] has a method `position` too, and behind `&mut`, where Rust finds it first, that is
/// the one called. There, say `Source::position(&*source)`, or `(*source).position()`.
///
/// # Examples
///
/// ```
/// use headwater::Source;
///
/// let mut lines = headwater::lines("fixtures/rotated/access.log")?;
/// let first = lines.next().unwrap()?;
/// let noted = lines.position();
/// let second = lines.next().unwrap()?;
///
/// lines.resume_at(noted);
/// assert_eq!(lines.next().unwrap()?, second);
/// assert_ne!(first, second);
/// # Ok::<(), headwater::Error>(())
/// ```
pub trait Source {
    /// Where the next item begins: a small value that can be kept.
    type Position: Clone;

    /// Returns the position behind the last item delivered.
    fn position(&self) -> Self::Position;

    /// Goes to a position, from which the next pull goes on.
    ///
    /// It only lets go of what is open and remembers the place. The next pull opens again and gives
    /// an error if the place can't be reached, or is no longer what it was.
    fn resume_at(&mut self, at: Self::Position);

    /// Goes to a position, and returns the source: for what is made and resumed in one expression.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::{Source, unfold};
    ///
    /// let halves = unfold(40_u32, |&n| (n > 0).then_some((n, n / 2)));
    /// assert!(halves.resumed_at(5).eq([5, 2, 1]));
    /// ```
    #[must_use]
    fn resumed_at(mut self, at: Self::Position) -> Self
    where
        Self: Sized,
    {
        self.resume_at(at);
        self
    }

    /// Tells whether going on at the position may do better than the error that was given last.
    ///
    /// A connection that broke may be opened again; corrupt data stays corrupt. A source that can't
    /// tell says that it may. [`retry`](crate::prelude::RetrySource::retry) asks, where the policy
    /// does not say which errors are worth it.
    fn can_recover(&self) -> bool {
        true
    }
}

impl<S: Source + ?Sized> Source for &mut S {
    type Position = S::Position;

    fn position(&self) -> Self::Position {
        (**self).position()
    }

    fn resume_at(&mut self, at: Self::Position) {
        (**self).resume_at(at);
    }

    fn can_recover(&self) -> bool {
        (**self).can_recover()
    }
}

impl<S: Source + ?Sized> Source for Box<S> {
    type Position = S::Position;

    fn position(&self) -> Self::Position {
        (**self).position()
    }

    fn resume_at(&mut self, at: Self::Position) {
        (**self).resume_at(at);
    }

    fn can_recover(&self) -> bool {
        (**self).can_recover()
    }
}
