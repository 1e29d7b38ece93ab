use std::fmt;
use std::ops::{Index, IndexMut};
use std::sync::Arc;

use crate::scope::entries::{Entries, Key, Pushed};
use crate::scope::outcome::Outcome;
use crate::scope::stream::panics::{caught, contained};
use crate::scope::stream::unreleased::{Releasing, Unreleased};
use crate::scope::stream::unwinding::{AsyncEntry, Release, Unwinding};
use crate::scope::unwound::Unwound;

/// Who gets the releases of a stack that was dropped.
type Abandoned<E> = Arc<dyn Fn(Unreleased<Unwinding<E>>) + Send + Sync>;

/// Holds any number of resources, and awaits their releases in the reverse order: Python's
/// `AsyncExitStack`.
///
/// It is [`Stack`](crate::Stack) with releases that are futures, which are told the [`Outcome`] and
/// are all run, one after the other, whatever the others do. One that does not await is
/// `std::future::ready`. What it holds is `Send` and owned, so that it, and what is left of it, can
/// go to another task; lend it as `&mut`, since it is not `Sync`.
///
/// # Panics
///
/// If a release does: once all have been run, the first panic goes on.
///
/// # Resources
///
/// What was pushed, until its release has it. Two allocations for each, at most, of which one when
/// it is released; besides, the list, the hook, and the future of all releases.
///
/// # Cancel safety
///
/// A stack that is dropped can't await, nor can a [`close`](Stack::close) or a
/// [`scope`](Stack::scope) that is. Then the hook that the stack was made with is called with the
/// releases that are left. If none had begun, they are told [`Outcome::Abandoned`]; else they go
/// on where they were. [`Unreleased`] says what it can do with them. Nothing is skipped unless the
/// hook does.
///
/// # Examples
///
/// ```
/// use futures::executor::block_on;
/// use headwater::stream::Stack;
///
/// block_on(async {
///     let mut stack = Stack::new(drop);
///     let one = stack.push(1, async |_, _| Err("below"));
///     stack.defer(async |_| Err("above"));
///     assert_eq!(stack[one], 1);
///     assert!(stack.close().await.unwrap_err().errors().eq(&["above", "below"]));
/// });
/// ```
#[must_use = "a stack that is dropped releases what it holds"]
pub struct Stack<E> {
    entries: Entries<AsyncEntry<E>>,
    abandoned: Abandoned<E>,
}

impl<E> Stack<E> {
    /// Makes a stack that holds nothing. If it is dropped while it holds something, `abandoned` is
    /// called.
    ///
    /// # Examples
    ///
    /// ```
    /// let stack = headwater::stream::Stack::<std::io::Error>::new(drop);
    /// assert!(stack.is_empty());
    /// ```
    pub fn new(abandoned: impl Fn(Unreleased<Unwinding<E>>) + Send + Sync + 'static) -> Self {
        Self { entries: Entries::new(), abandoned: Arc::new(abandoned) }
    }

    /// Lends a new stack to `body`, and awaits the releases of what it holds then: `async with
    /// AsyncExitStack() as stack`.
    ///
    /// # Errors
    ///
    /// The error of the body, and those of the releases.
    ///
    /// # Panics
    ///
    /// If the body does, once all has been released, or if a release does.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped, `abandoned` gets the releases that are left.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures::executor::block_on;
    /// use headwater::stream::Stack;
    ///
    /// let sum = block_on(Stack::scope(
    ///     async |stack| {
    ///         let numbers = stack.push(vec![1, 2, 3], async |_, _| Ok::<_, std::io::Error>(()));
    ///         Ok(stack[numbers].iter().sum::<i32>())
    ///     },
    ///     drop,
    /// ));
    /// assert_eq!(sum.unwrap(), 6);
    /// ```
    pub async fn scope<T>(
        body: impl AsyncFnOnce(&mut Self) -> Result<T, E>,
        abandoned: impl Fn(Unreleased<Unwinding<E>>) + Send + Sync + 'static,
    ) -> Result<T, Unwound<E>> {
        let mut stack = Self::new(abandoned);
        match caught(async { body(&mut stack).await }).await {
            Ok(Ok(value)) => stack.close().await.map(|()| value),
            Ok(Err(first)) => Err(Unwound::new(first, stack.unwind(Outcome::Failed).await)),
            Err(payload) => {
                contained(stack.unwind(Outcome::Abandoned)).await;
                payload.resume()
            }
        }
    }

    /// Takes a value and its release. The value is reached by the key: `stack[key]`.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::stream::Stack;
    ///
    /// let mut stack = Stack::<std::io::Error>::new(drop);
    /// let words = stack.push(vec!["source"], async |_, _| Ok(()));
    /// stack[words].push("mouth");
    /// assert_eq!(stack[words].len(), 2);
    /// ```
    pub fn push<V, Fut>(
        &mut self,
        value: V,
        release: impl FnOnce(V, Outcome) -> Fut + Send + 'static,
    ) -> Key<V>
    where
        V: Send + 'static,
        Fut: Future<Output = Result<(), E>> + Send + 'static,
    {
        let release = |value, outcome| Box::pin(release(value, outcome)) as Release<E>;
        self.entries.push(Box::new(Pushed { value, release }))
    }

    /// Takes something to be done on release: `AsyncExitStack.push_async_callback`.
    ///
    /// # Examples
    ///
    /// ```
    /// let mut stack = headwater::stream::Stack::new(drop);
    /// stack.defer(async |_| Err("below"));
    /// assert!(futures::executor::block_on(stack.close()).is_err());
    /// ```
    pub fn defer<Fut>(&mut self, release: impl FnOnce(Outcome) -> Fut + Send + 'static)
    where
        Fut: Future<Output = Result<(), E>> + Send + 'static,
    {
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
    /// let mut stack = headwater::stream::Stack::<std::io::Error>::new(drop);
    /// let from = stack.push(vec![1, 2], async |_, _| Ok(()));
    /// let to = stack.push(vec![0], async |_, _| Ok(()));
    /// let (from, to) = stack.pair_mut(from, to);
    /// to.append(from);
    /// assert_eq!(to, &[0, 1, 2]);
    /// ```
    pub fn pair_mut<V: 'static, W: 'static>(
        &mut self,
        first: Key<V>,
        second: Key<W>,
    ) -> (&mut V, &mut W) {
        self.entries.pair_mut(first, second)
    }

    /// Moves everything to a new stack, with the same hook, and leaves this one empty:
    /// `AsyncExitStack.pop_all`.
    ///
    /// # Examples
    ///
    /// ```
    /// let mut stack = headwater::stream::Stack::<std::io::Error>::new(drop);
    /// stack.defer(async |_| Ok(()));
    /// let kept = stack.keep();
    /// assert_eq!((stack.len(), kept.len()), (0, 1));
    /// ```
    pub fn keep(&mut self) -> Self {
        Self { entries: self.entries.take(), abandoned: Arc::clone(&self.abandoned) }
    }

    /// Releases everything, the last one first, with the outcome [`Outcome::Finished`], and waits
    /// for that.
    ///
    /// # Errors
    ///
    /// The errors of the releases.
    ///
    /// # Panics
    ///
    /// If a release does, once all have been run.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped, the hook gets the releases that are left.
    ///
    /// # Examples
    ///
    /// ```
    /// let mut stack = headwater::stream::Stack::new(drop);
    /// stack.defer(async |outcome| Err(format!("below: {outcome:?}")));
    /// stack.defer(async |outcome| Err(format!("above: {outcome:?}")));
    /// let errors = futures::executor::block_on(stack.close()).unwrap_err();
    /// assert!(errors.errors().eq(&["above: Finished", "below: Failed"]));
    /// ```
    pub async fn close(self) -> Result<(), Unwound<E>> {
        self.close_with(Outcome::Finished).await
    }

    /// Releases everything, the last one first, with this outcome, and waits for that.
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
    /// # Cancel safety
    ///
    /// If it is dropped, the hook gets the releases that are left. If none had begun, they are told
    /// [`Outcome::Abandoned`].
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::Outcome;
    ///
    /// let mut stack = headwater::stream::Stack::new(drop);
    /// stack.defer(async |outcome| Err(outcome));
    /// let errors = futures::executor::block_on(stack.close_with(Outcome::Failed)).unwrap_err();
    /// assert_eq!(errors.first(), &Outcome::Failed);
    /// ```
    pub async fn close_with(mut self, outcome: Outcome) -> Result<(), Unwound<E>> {
        Unwound::of(self.unwind(outcome).await)
    }

    /// Returns how many releases there are to run.
    ///
    /// # Examples
    ///
    /// ```
    /// let mut stack = headwater::stream::Stack::<std::io::Error>::new(drop);
    /// stack.defer(async |_| Ok(()));
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
    /// assert!(headwater::stream::Stack::<std::io::Error>::new(drop).is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn unwind(&mut self, outcome: Outcome) -> impl Future<Output = Vec<E>> + use<E> {
        let abandoned = Arc::clone(&self.abandoned);
        Releasing::new(Unwinding::new(self.entries.take(), outcome), move |late| abandoned(late))
    }
}

impl<E> Drop for Stack<E> {
    fn drop(&mut self) {
        if !self.is_empty() {
            drop(self.unwind(Outcome::Abandoned));
        }
    }
}

/// # Panics
///
/// If the key is of another stack.
impl<V: 'static, E> Index<Key<V>> for Stack<E> {
    type Output = V;

    fn index(&self, key: Key<V>) -> &V {
        self.entries.get(key)
    }
}

impl<V: 'static, E> IndexMut<Key<V>> for Stack<E> {
    fn index_mut(&mut self, key: Key<V>) -> &mut V {
        self.entries.get_mut(key)
    }
}

impl<E> fmt::Debug for Stack<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stack").field("len", &self.len()).finish_non_exhaustive()
    }
}
