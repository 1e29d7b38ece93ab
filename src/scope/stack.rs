use std::fmt;
use std::ops::{Index, IndexMut};

use crate::scope::entries::{Entries, Entry, Key, Pushed};
use crate::scope::outcome::Outcome;
use crate::scope::panics::{Payload, contained};
use crate::scope::unwound::Unwound;

/// Holds any number of resources, and releases them in the reverse order: Python's `ExitStack`.
///
/// It is for what is not known before it runs: as many files as there are names, the parts of an
/// object that may fail half-way. Every release is run, whatever the others do, and is told the
/// [`Outcome`] so far: after a release that failed, the ones below it are told
/// [`Failed`](Outcome::Failed).
///
/// The outcome is that of what came before it: a release that has been run is not undone by the
/// failure of one below it, which is run later.
///
/// Its releases may borrow what outlives it, so it stays on its thread, unlike a
/// `stream::Stack`; and so do the values that it holds, which are `'static`, since a typed [`Key`]
/// gets at them.
///
/// A stack that is dropped releases all, with the outcome [`Abandoned`](Outcome::Abandoned), and
/// can't say what failed: [`close`](Stack::close) it, or run all of the work in
/// [`scope`](Stack::scope). To leave the work to a later owner, return or [`keep`](Stack::keep) it;
/// if that one knows how the use ended, it says so with [`close_with`](Stack::close_with).
///
/// # Panics
///
/// If a release does: once all have been run, the first panic goes on. During another panic it goes
/// no further.
///
/// # Resources
///
/// What was pushed, until its release has it. One allocation for each, at most, besides the list.
///
/// # Examples
///
/// ```
/// use headwater::{Outcome, Stack};
/// use std::{fs, io};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = |name: &str| folder.path().join(name);
/// let made = Stack::scope(|stack| {
///     for name in ["a", "b", "no/such/folder"] {
///         let path = path(name);
///         fs::write(&path, name)?;
///         stack.defer(move |outcome| match outcome {
///             Outcome::Finished => Ok(()),
///             Outcome::Failed | Outcome::Abandoned => fs::remove_file(path),
///         });
///     }
///     Ok(())
/// });
/// assert_eq!(made.unwrap_err().first().kind(), io::ErrorKind::NotFound);
/// assert!(!path("a").exists() && !path("b").exists());
/// # Ok::<(), io::Error>(())
/// ```
#[must_use = "a stack that is dropped releases what it holds"]
pub struct Stack<'a, E> {
    entries: Entries<dyn Entry<Result<(), E>> + 'a>,
}

impl<'a, E> Stack<'a, E> {
    /// Makes a stack that holds nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// let stack = headwater::Stack::<std::io::Error>::new();
    /// assert!(stack.is_empty() && stack.close().is_ok());
    /// ```
    pub fn new() -> Self {
        Self { entries: Entries::new() }
    }

    /// Lends a new stack to `body`, and releases what it holds then: `with ExitStack() as stack`.
    ///
    /// # Errors
    ///
    /// The error of the body, and those of the releases.
    ///
    /// # Panics
    ///
    /// If the body does, once all has been released, or if a release does.
    ///
    /// # Examples
    ///
    /// Its errors fit into an [`io::Error`](std::io::Error), and into a boxed one. Of others, a
    /// function that returns a single error returns the [first](Unwound::into_first).
    ///
    /// ```
    /// use headwater::Stack;
    /// use std::{fs::File, io};
    ///
    /// fn sizes(paths: &[&str]) -> io::Result<u64> {
    ///     let sum = Stack::scope(|stack| {
    ///         let mut sum = 0;
    ///         for path in paths {
    ///             let file = stack.push(File::open(path)?, |file, _| file.sync_all());
    ///             sum += stack[file].metadata()?.len();
    ///         }
    ///         Ok(sum)
    ///     })?;
    ///     Ok(sum)
    /// }
    /// let error = sizes(&["README.md", "no such file"]).unwrap_err();
    /// assert_eq!(error.kind(), io::ErrorKind::NotFound);
    /// ```
    pub fn scope<T>(body: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, Unwound<E>> {
        let mut stack = Self::new();
        match body(&mut stack) {
            Ok(value) => stack.close().map(|()| value),
            Err(first) => Err(Unwound::new(first, stack.unwind(Outcome::Failed))),
        }
    }

    /// Takes a value and its release. The value is reached by the key: `stack[key]`.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::Stack;
    /// use std::{fs::File, io::{self, Write}};
    ///
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("log");
    /// let mut stack = Stack::new();
    /// let log = stack.push(File::create(path)?, |log, _| log.sync_all());
    /// writeln!(stack[log], "a line")?;
    /// assert!(stack.close().is_ok());
    /// # Ok::<(), io::Error>(())
    /// ```
    pub fn push<V: 'static>(
        &mut self,
        value: V,
        release: impl FnOnce(V, Outcome) -> Result<(), E> + 'a,
    ) -> Key<V> {
        self.entries.push(Box::new(Pushed { value, release }))
    }

    /// Takes something to be done on release: `ExitStack.callback`.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::{Outcome, Stack};
    /// use std::cell::Cell;
    ///
    /// let told = Cell::new(None);
    /// let mut stack = Stack::<()>::new();
    /// stack.defer(|outcome| Ok(told.set(Some(outcome))));
    /// assert_eq!(stack.close(), Ok(()));
    /// assert_eq!(told.get(), Some(Outcome::Finished));
    /// ```
    pub fn defer(&mut self, release: impl FnOnce(Outcome) -> Result<(), E> + 'a) {
        self.push((), |(), outcome| release(outcome));
    }

    /// Lends two values at once.
    ///
    /// # Panics
    ///
    /// If the keys are the same, or one is of another stack.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::Stack;
    /// use std::{fs::File, io};
    ///
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("copy");
    /// let copied = Stack::scope(|stack| {
    ///     let from = stack.push(File::open("fixtures/rotated/access.log")?, |_, _| Ok(()));
    ///     let to = stack.push(File::create(path)?, |to, _| to.sync_all());
    ///     let (from, to) = stack.pair_mut(from, to);
    ///     io::copy(from, to)
    /// })?;
    /// assert_eq!(copied, std::fs::metadata("fixtures/rotated/access.log")?.len());
    /// # Ok::<(), io::Error>(())
    /// ```
    pub fn pair_mut<V: 'static, W: 'static>(
        &mut self,
        first: Key<V>,
        second: Key<W>,
    ) -> (&mut V, &mut W) {
        self.entries.pair_mut(first, second)
    }

    /// Moves everything to a new stack, and leaves this one empty: `ExitStack.pop_all`.
    ///
    /// # Examples
    ///
    /// Parts that are taken down again unless all could be built:
    ///
    /// ```
    /// use headwater::Stack;
    ///
    /// fn build(parts: u32) -> Result<Stack<'static, String>, String> {
    ///     let built = Stack::scope(|stack| {
    ///         for part in 0..parts {
    ///             if part == 3 {
    ///                 return Err(format!("no room for part {part}"));
    ///             }
    ///             stack.defer(|_| Ok(()));
    ///         }
    ///         Ok(stack.keep())
    ///     });
    ///     built.map_err(|error| error.to_string())
    /// }
    /// assert_eq!(build(2).map(|stack| stack.len()), Ok(2));
    /// assert!(build(4).is_err());
    /// ```
    pub fn keep(&mut self) -> Self {
        Self { entries: self.entries.take() }
    }

    /// Releases everything, the last one first, with the outcome [`Outcome::Finished`].
    ///
    /// # Errors
    ///
    /// The errors of the releases.
    ///
    /// # Panics
    ///
    /// If a release does, once all have been run.
    ///
    /// # Examples
    ///
    /// ```
    /// let mut stack = headwater::Stack::new();
    /// stack.defer(|outcome| Err(format!("below: {outcome:?}")));
    /// stack.defer(|outcome| Err(format!("above: {outcome:?}")));
    /// let errors = stack.close().unwrap_err();
    /// assert!(errors.errors().eq(&["above: Finished", "below: Failed"]));
    /// ```
    pub fn close(self) -> Result<(), Unwound<E>> {
        self.close_with(Outcome::Finished)
    }

    /// Releases everything, the last one first, with this outcome.
    ///
    /// It is for a stack that is itself held by something with a release, which is told an outcome.
    ///
    /// # Errors
    ///
    /// The errors of the releases.
    ///
    /// # Panics
    ///
    /// If a release does, once all have been run.
    ///
    /// # Examples
    ///
    /// A resource of several parts, which hear whether it was read to its end:
    ///
    /// ```
    /// use headwater::{Outcome, Stack, resource};
    /// use std::{cell::Cell, io};
    ///
    /// let told = Cell::new(None);
    /// let numbers = resource(
    ///     || {
    ///         let mut stack = Stack::new();
    ///         stack.defer(|outcome| Ok(told.set(Some(outcome))));
    ///         Ok::<_, io::Error>((0..3, stack))
    ///     },
    ///     |(numbers, _)| Ok(numbers.next()),
    ///     |(numbers, stack), outcome| {
    ///         drop(numbers); // before what they may need
    ///         Ok(stack.close_with(outcome)?)
    ///     },
    /// );
    /// assert_eq!(numbers.map(Result::unwrap).sum::<i32>(), 3);
    /// assert_eq!(told.get(), Some(Outcome::Finished));
    /// ```
    pub fn close_with(mut self, outcome: Outcome) -> Result<(), Unwound<E>> {
        Unwound::of(self.unwind(outcome))
    }

    /// Returns how many releases there are to run.
    ///
    /// # Examples
    ///
    /// ```
    /// let mut stack = headwater::Stack::<std::io::Error>::new();
    /// stack.defer(|_| Ok(()));
    /// assert_eq!(stack.len(), 1);
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Tells whether it holds nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// assert!(headwater::Stack::<std::io::Error>::new().is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn unwind(&mut self, mut outcome: Outcome) -> Vec<E> {
        let mut errors = Vec::new();
        let mut panic = None;
        while let Some(entry) = self.entries.pop() {
            match Payload::catch(|| entry.release(outcome)) {
                Ok(Ok(())) => {}
                Ok(Err(error)) => {
                    errors.push(error);
                    outcome = outcome.and_failed();
                }
                Err(payload) => {
                    panic.get_or_insert(payload);
                    outcome = Outcome::Abandoned;
                }
            }
        }
        if let Some(payload) = panic {
            payload.resume();
        }
        errors
    }
}

impl<E> Default for Stack<'_, E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<E> Drop for Stack<'_, E> {
    fn drop(&mut self) {
        contained(|| _ = self.unwind(Outcome::Abandoned));
    }
}

/// # Panics
///
/// If the key is of another stack.
impl<V: 'static, E> Index<Key<V>> for Stack<'_, E> {
    type Output = V;

    fn index(&self, key: Key<V>) -> &V {
        self.entries.get(key)
    }
}

impl<V: 'static, E> IndexMut<Key<V>> for Stack<'_, E> {
    fn index_mut(&mut self, key: Key<V>) -> &mut V {
        self.entries.get_mut(key)
    }
}

impl<E> fmt::Debug for Stack<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stack").field("len", &self.len()).finish_non_exhaustive()
    }
}
