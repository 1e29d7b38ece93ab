use std::fmt;

use crate::generate::emitter::{Emit, Emitter};
use crate::generate::slot::Giver;

/// Gives items and errors out of the body of a generator that may fail.
///
/// The body of [`try_generate`](crate::try_generate) gets one. There are two ways to fail: the body
/// that returns an error (`?` does) ends with it; [`emit_err`](TryEmitter::emit_err) gives one and
/// goes on. All that is said of [`Emitter`] holds for it.
///
/// # Panics
///
/// An emit that is polled anywhere but in its own generator's body panics.
///
/// # Examples
///
/// ```
/// let numbers = headwater::try_generate(|out| async move {
///     for word in ["1", "two", "3"] {
///         match word.parse::<u32>() {
///             Ok(number) => out.emit(number).await,
///             Err(error) => out.emit_err(error).await,
///         }
///     }
///     out.emit("four".parse()?).await;
///     unreachable!("`?` ended it")
/// });
/// assert!(numbers.map(|number| number.is_ok()).eq([true, false, true, false]));
/// ```
pub struct TryEmitter<T, E> {
    pub(super) results: Emitter<Result<T, E>>,
}

impl<T, E> TryEmitter<T, E> {
    pub(super) fn new(giver: Giver<Result<T, E>, ()>) -> Self {
        Self { results: Emitter::new(giver) }
    }

    /// Gives one item, and waits until the next is asked for.
    ///
    /// # Panics
    ///
    /// When it is polled outside of the generator's body.
    ///
    /// # Cancel safety
    ///
    /// That of [`Emitter::emit`].
    ///
    /// # Examples
    ///
    /// ```
    /// use std::fmt::Error;
    ///
    /// let mut words = headwater::try_generate(|out| async move {
    ///     out.emit("source").await;
    ///     Err(Error)
    /// });
    /// assert_eq!(words.next(), Some(Ok("source")));
    /// assert_eq!(words.next(), Some(Err(Error)));
    /// assert_eq!(words.next(), None);
    /// ```
    #[inline]
    pub fn emit(&self, item: T) -> Emit<'_, Result<T, E>> {
        self.results.emit(Ok(item))
    }

    /// Gives an error that is not the end, and waits until the next item is asked for.
    ///
    /// # Panics
    ///
    /// When it is polled outside of the generator's body.
    ///
    /// # Cancel safety
    ///
    /// That of [`Emitter::emit`].
    ///
    /// # Examples
    ///
    /// ```
    /// let mut words = headwater::try_generate(|out| async move {
    ///     out.emit_err("a rapid").await;
    ///     out.emit("mouth").await;
    ///     Ok(())
    /// });
    /// assert_eq!(words.next(), Some(Err("a rapid")));
    /// assert_eq!(words.next(), Some(Ok("mouth")));
    /// ```
    #[inline]
    pub fn emit_err(&self, error: E) -> Emit<'_, Result<T, E>> {
        self.results.emit(Err(error))
    }

    /// Gives an item or an error as it is, and waits until the next is asked for. An error is not the
    /// end: `emit(result?)` is for those that are.
    ///
    /// # Panics
    ///
    /// When it is polled outside of the generator's body.
    ///
    /// # Cancel safety
    ///
    /// That of [`Emitter::emit`].
    ///
    /// # Examples
    ///
    /// ```
    /// let numbers = headwater::try_generate(|out| async move {
    ///     for word in ["1", "two", "3"] {
    ///         out.emit_result(word.parse::<u32>()).await;
    ///     }
    ///     Ok(())
    /// });
    /// assert!(numbers.map(|number| number.is_ok()).eq([true, false, true]));
    /// ```
    #[inline]
    pub fn emit_result(&self, result: Result<T, E>) -> Emit<'_, Result<T, E>> {
        self.results.emit(result)
    }

    /// Gives all items of an iterator, one a pull: Python's `yield from`.
    ///
    /// # Panics
    ///
    /// When it is polled outside of the generator's body.
    ///
    /// # Examples
    ///
    /// ```
    /// let numbers = headwater::try_generate(|out| async move {
    ///     out.emit_all(0..3).await;
    ///     Err("dry")
    /// });
    /// assert!(numbers.eq([Ok(0), Ok(1), Ok(2), Err("dry")]));
    /// ```
    pub async fn emit_all(&self, items: impl IntoIterator<Item = T>) {
        self.results.emit_all(items.into_iter().map(Ok)).await;
    }

    /// Gives all items and errors of an iterator as they are, one a pull. No error is the end.
    ///
    /// # Panics
    ///
    /// When it is polled outside of the generator's body.
    ///
    /// # Examples
    ///
    /// ```
    /// let numbers = headwater::try_generate(|out| async move {
    ///     out.emit_results([Ok(0), Err("a rapid"), Ok(1)]).await;
    ///     Err("dry")
    /// });
    /// assert!(numbers.eq([Ok(0), Err("a rapid"), Ok(1), Err("dry")]));
    /// ```
    pub async fn emit_results(&self, results: impl IntoIterator<Item = Result<T, E>>) {
        self.results.emit_all(results).await;
    }

    /// Gives all items of an iterator that may fail, up to its first error, which is returned: `?`
    /// makes it the generator's.
    ///
    /// # Errors
    ///
    /// The first error of the iterator, which is dropped then.
    ///
    /// # Panics
    ///
    /// When it is polled outside of the generator's body.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::lines;
    ///
    /// let paths = ["fixtures/rotated/access.log", "fixtures/missing.log"];
    /// let log = headwater::try_generate(|out| async move {
    ///     for path in paths {
    ///         out.try_emit_all(lines(path)?).await?;
    ///     }
    ///     Ok::<_, headwater::Error>(())
    /// });
    /// assert_eq!(log.filter(Result::is_ok).count(), 100);
    /// ```
    pub async fn try_emit_all<X>(
        &self,
        results: impl IntoIterator<Item = Result<T, X>>,
    ) -> Result<(), X> {
        for result in results {
            self.emit(result?).await;
        }
        Ok(())
    }
}

impl<T, E> fmt::Debug for TryEmitter<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TryEmitter").finish_non_exhaustive()
    }
}
