use std::fmt;
use std::iter::FusedIterator;
use std::task::Context;

use crate::generate::body::{Body, Pulled};
use crate::generate::emitter::Emitter;
use crate::generate::slot::ASLEEP;

/// Makes an iterator of an async block that emits its items.
///
/// The block is written as if it had the thread to itself, and is suspended at each emit until the
/// next item is asked for: Python's generators, without macros. It runs in the pulls of the
/// iterator, on whatever thread these are; the iterator is `Send` if what is in the block is.
///
/// Nothing of it runs before the first pull. What it holds is dropped when the block ends or
/// panics or the iterator is dropped, in the reverse order of its declarations. After that the
/// iterator gives `None` for ever.
///
/// # Panics
///
/// A pull panics where the body does, and where it awaits anything but its emitter, since nothing
/// would ever wake it: `stream::generate` (feature `async`) is for bodies that do. Emits that are
/// joined (`join!`, `join_all`) are fine.
///
/// # Resources
///
/// Two allocations, at the first pull: the body with what it holds, and a slot for one item.
///
/// # Examples
///
/// ```
/// let fibonacci = headwater::generate(|out| async move {
///     let (mut a, mut b) = (0_u64, 1);
///     loop {
///         out.emit(a).await;
///         (a, b) = (b, a + b);
///     }
/// });
/// assert!(fibonacci.take(8).eq([0, 1, 1, 2, 3, 5, 8, 13]));
/// ```
///
/// An async closure is a body, too, and the shorter one. With `move` it takes along what it uses, as
/// one that a function returns has to. Its type has no name: return it as `impl Iterator`, keep it in
/// a field of a type parameter, or in a box.
///
/// ```
/// use headwater::generate;
///
/// fn count_up_to(last: u32) -> impl Iterator<Item = u32> {
///     generate(async move |out| {
///         for n in 1..=last {
///             out.emit(n).await;
///         }
///     })
/// }
///
/// struct Numbered<I> {
///     numbers: I,
///     spare: Box<dyn Iterator<Item = u32> + Send>,
/// }
///
/// let mut page = Numbered { numbers: count_up_to(3), spare: Box::new(count_up_to(9)) };
/// assert!(page.numbers.by_ref().eq([1, 2, 3]));
/// assert_eq!(page.spare.next(), Some(1));
/// ```
pub fn generate<T, F, Fut>(body: F) -> Generate<T, F, Fut>
where
    F: FnOnce(Emitter<T>) -> Fut,
    Fut: Future<Output = ()>,
{
    Generate { body: Body::Unstarted(body) }
}

/// An iterator of what an async block emits.
///
/// This struct is created by [`generate`]. See its documentation for more.
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Generate<T, F, Fut: Future> {
    body: Body<T, (), F, Fut>,
}

impl<T, F, Fut: Future> fmt::Debug for Generate<T, F, Fut> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Generate").field("is_over", &self.body.is_over()).finish_non_exhaustive()
    }
}

impl<T, F, Fut> Iterator for Generate<T, F, Fut>
where
    F: FnOnce(Emitter<T>) -> Fut,
    Fut: Future<Output = ()>,
{
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        let mut cx = Context::from_waker(ASLEEP);
        match self.body.pull(&mut cx, |body, giver| body(Emitter::new(giver))) {
            Ok(item) => Some(item),
            Err(rest) => match self.body.settle(rest) {
                Pulled::Item(item) => Some(item),
                Pulled::Ended(()) | Pulled::Over => None,
                Pulled::Waits => asleep(&mut self.body),
            },
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, self.body.is_over().then_some(0))
    }
}

impl<T, F, Fut> FusedIterator for Generate<T, F, Fut>
where
    F: FnOnce(Emitter<T>) -> Fut,
    Fut: Future<Output = ()>,
{
}

/// Says what went wrong where a body waits for what nobody will wake it for.
#[cold]
#[inline(never)]
pub(super) fn asleep<T, X, F, Fut: Future>(body: &mut Body<T, X, F, Fut>) -> ! {
    *body = Body::Over;
    panic!(
        "the body of a generator awaited something other than its emitter, which nothing would \
         wake it for: make it a stream, `headwater::stream::generate`, which may await anything"
    )
}
