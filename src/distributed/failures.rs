use std::cell::RefCell;
use std::rc::Rc;

use timely::dataflow::StreamVec;
use timely::dataflow::channels::pact::Pipeline;
use timely::dataflow::operators::generic::Operator as _;
use timely::dataflow::operators::vec::Broadcast as _;

use crate::distributed::failure::Failure;
use crate::distributed::time::Time;

/// What failed in the shares of all workers, as far as this one has heard of it.
///
/// It is returned by [`source`](crate::distributed::source()). Once the dataflow has ended, it is the
/// same on all workers; what they computed is then not the whole.
#[derive(Clone, Debug, Default)]
pub struct Failures(Rc<RefCell<Option<Failure>>>);

impl Failures {
    /// Returns what failed, on the worker of the lowest index if it was on several.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::num::NonZeroUsize;
    ///
    /// use headwater::distributed::source;
    ///
    /// let failures = timely::execute_directly(|worker| {
    ///     let failures = worker.dataflow(|scope| {
    ///         let lines = headwater::lines::read(&b"far too long\n"[..]).max_len(3);
    ///         source(scope, lines, NonZeroUsize::MIN, |lines| lines).1
    ///     });
    ///     while worker.has_dataflows() {
    ///         worker.step();
    ///     }
    ///     failures.first()
    /// });
    /// assert_eq!(failures.unwrap().to_string(), "the line at byte 0 is longer than 3 bytes");
    /// ```
    #[must_use]
    pub fn first(&self) -> Option<Failure> {
        self.0.borrow().clone()
    }

    pub(super) fn any(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// Has all workers hear of what fails on one; `heard` is called when this one has.
    pub(super) fn listen(&self, failed: StreamVec<'_, Time, Failure>, heard: impl Fn() + 'static) {
        let first = Rc::clone(&self.0);
        failed.broadcast().sink(Pipeline, "failures", move |(input, _)| {
            input.for_each(|_, failures| {
                let mut first = first.borrow_mut();
                for failure in failures.drain(..) {
                    if first.as_ref().is_none_or(|first| failure < *first) {
                        *first = Some(failure);
                    }
                }
                heard();
            });
        });
    }
}
