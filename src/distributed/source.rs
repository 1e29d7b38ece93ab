use std::cell::Cell;
use std::error::Error;
use std::num::NonZeroUsize;
use std::rc::Rc;

use timely::Container;
use timely::container::CapacityContainerBuilder;
use timely::dataflow::operators::generic::OutputBuilder;
use timely::dataflow::operators::generic::builder_rc::OperatorBuilder;
use timely::dataflow::{Scope, Stream, StreamVec};

use crate::distributed::failure::Failure;
use crate::distributed::failures::Failures;
use crate::distributed::time::Time;
use crate::distributed::watch::watch;

/// Makes a stream of a worker's share of the input, and holds it back while too much is under way.
///
/// `items` are pulled one at a time, each when the worker comes by, and only while fewer than
/// `in_flight` of this worker's items are under way. An item is under way until it has left what
/// `consume` builds, on whichever worker, and whatever it has become there: `consume` is given the
/// stream, and the stream that it returns is returned. What comes after it is not waited for. In it, an
/// operator must not keep the times of its items until the end; [`fold`](crate::distributed::fold())
/// does not.
///
/// An item may be a line, but each costs a word to all workers: give
/// [blocks](crate::lines::Lines::blocks), or as much as can be worked on in a tenth of a millisecond.
///
/// No worker waits for another one's source: one that is slow, has a small share or an empty one holds
/// up nobody. The first items are under way until all workers have built the dataflow.
///
/// # Errors
///
/// The first error of `items` ends all sources of this call, on all workers: they let go of what they
/// have open, and the dataflow ends, as if the shares ended there. Then the [`Failures`] are the same
/// on all workers, and say so: ask them before you use a result. An error that stands before the
/// source, such as that of opening a file, can be an item of its own; a worker that does not build the
/// dataflow keeps all others waiting.
///
/// # Resources
///
/// `items` are dropped at their end, at an error or with the worker. At most `in_flight` items of each
/// worker are in memory, all told; those of all may be with one, if `consume` sends them there. For the
/// blocks of a file that are consumed where they are read, a worker holds
/// `(in_flight + 8) × 128 KiB`, unless a line is longer.
///
/// # Examples
///
/// The pages of a slow server and those of a fast one, on two workers:
///
/// ```
/// use std::num::NonZeroUsize;
///
/// use headwater::distributed::source;
/// use headwater::pages::{Page, pages};
/// use timely::dataflow::operators::Inspect;
///
/// timely::execute(timely::Config::process(2), |worker| {
///     let index = worker.index();
///     let failures = worker.dataflow(|scope| {
///         let shelf = pages(1, move |number: u64| {
///             let next = (number < 3).then_some(number + 1);
///             std::io::Result::Ok(Page::new([format!("server {index}, page {number}")]).next(next))
///         });
///         let (_, failures) = source(scope, shelf.items(), NonZeroUsize::MIN, |items| {
///             items.inspect(|item| assert!(item.contains("page")))
///         });
///         failures
///     });
///     while worker.has_dataflows() {
///         worker.step_or_park(None);
///     }
///     assert_eq!(failures.first(), None);
/// })?;
/// # Ok::<(), String>(())
/// ```
pub fn source<'scope, I, T, E, C>(
    scope: Scope<'scope, Time>,
    items: I,
    in_flight: NonZeroUsize,
    consume: impl FnOnce(StreamVec<'scope, Time, T>) -> Stream<'scope, Time, C>,
) -> (Stream<'scope, Time, C>, Failures)
where
    I: IntoIterator<Item = Result<T, E>, IntoIter: 'static>,
    T: 'static,
    E: Error + 'static,
    C: Container,
{
    let mut builder = OperatorBuilder::new("source".to_owned(), scope);
    let address = builder.operator_info().address;
    let activator = || scope.activator_for(Rc::clone(&address));
    let (given, stream) = builder.new_output();
    let (failed, failed_stream) = builder.new_output();
    let mut given = OutputBuilder::<_, CapacityContainerBuilder<_>>::from(given);
    let mut failed = OutputBuilder::<_, CapacityContainerBuilder<_>>::from(failed);
    let (failures, done) = (Failures::default(), Rc::new(Cell::new(0)));
    let worker = scope.index();
    let mut share = Share {
        items: Some(items.into_iter()),
        given: 0,
        in_flight: u64::try_from(in_flight.get()).unwrap_or(u64::MAX),
        done: Rc::clone(&done),
        failures: failures.clone(),
    };

    let again = activator();
    builder.build(move |mut capabilities| {
        move |_| {
            let [giving, failing] = &mut capabilities[..] else { return };
            if *giving.time() == Time::Start {
                // Seen by all before the first pull, which may take long: until then nobody can tell
                // what of his own is under way.
                giving.downgrade(&Time::Item { worker, number: 0 });
                again.activate();
                return;
            }
            match share.pull() {
                Pulled::Nothing => return,
                Pulled::Item(item) => {
                    given.activate().session(giving).give(item);
                    giving.downgrade(&Time::Item { worker, number: share.given });
                    again.activate();
                    return;
                }
                Pulled::Error(error) => {
                    failed.activate().session(failing).give(Failure::new(worker, &error));
                }
                Pulled::End => {}
            }
            capabilities.clear();
        }
    });
    let heard = activator();
    failures.listen(failed_stream, move || heard.activate());
    let less = activator();
    (watch(consume(stream), done, move || less.activate()), failures)
}

/// A worker's share, and how much of it is under way.
struct Share<I> {
    /// `None` once all was given, or something failed, on whichever worker.
    items: Option<I>,
    given: u64,
    /// How many of those given are no longer under way.
    done: Rc<Cell<u64>>,
    in_flight: u64,
    failures: Failures,
}

enum Pulled<T, E> {
    /// Enough is under way.
    Nothing,
    Item(T),
    /// Nothing follows it.
    Error(E),
    End,
}

impl<T, E, I: Iterator<Item = Result<T, E>>> Share<I> {
    fn pull(&mut self) -> Pulled<T, E> {
        if self.failures.any() {
            self.items = None;
        }
        let Some(items) = &mut self.items else { return Pulled::End };
        if self.given.saturating_sub(self.done.get()) >= self.in_flight {
            return Pulled::Nothing;
        }
        match items.next() {
            Some(Ok(item)) => {
                self.given += 1;
                Pulled::Item(item)
            }
            Some(Err(error)) => {
                self.items = None;
                Pulled::Error(error)
            }
            None => {
                self.items = None;
                Pulled::End
            }
        }
    }
}
