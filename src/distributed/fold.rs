use timely::dataflow::StreamVec;
use timely::dataflow::channels::pact::ParallelizationContract;
use timely::dataflow::operators::generic::Operator as _;

use crate::distributed::time::Time;

/// So many items are given before others have their turn.
const AT_ONCE: usize = 1024;

/// Combines all items that a worker receives, and gives what becomes of them at the end.
///
/// `add` adds an item to the state, in the order in which they come, which is that of the share for
/// [`Pipeline`](timely::dataflow::channels::pact::Pipeline). After the last one, of whichever worker,
/// `finish` makes of the state what is given, at [`Time::End`]. Each worker has a state, also one that
/// receives nothing.
///
/// It lets the progress of its input be seen: what it has added is done. An operator that keeps the
/// time of the first item until the end, as aggregations usually do, would hold a
/// [`source`](crate::distributed::source()) back for ever.
///
/// # Resources
///
/// The state. What `finish` returns is given in steps of 1,024 items, so that each worker can take
/// what it is sent in between, but it is not held back: at the end it may be in memory twice, here as
/// it is and in the network's queue as bytes.
///
/// # Examples
///
/// The longest line of each share, then of all:
///
/// ```
/// use std::num::NonZeroUsize;
///
/// use headwater::distributed::{fold, source};
/// use timely::dataflow::channels::pact::{Exchange, Pipeline};
/// use timely::dataflow::operators::Inspect;
///
/// timely::execute_directly(|worker| {
///     worker.dataflow(|scope| {
///         let lines = headwater::lines("fixtures/apache_access.log").unwrap();
///         let (longest, _) = source(scope, lines, NonZeroUsize::MIN, |lines| {
///             let max = |longest: &mut usize, line: headwater::Line| {
///                 *longest = line.len().max(*longest);
///             };
///             fold(lines, Pipeline, 0, max, Some)
///         });
///         let max = |longest: &mut usize, len: usize| *longest = len.max(*longest);
///         fold(longest, Exchange::new(|_: &usize| 0), 0, max, Some)
///             .inspect(|longest| assert_eq!(*longest, 1363));
///     });
/// });
/// ```
pub fn fold<T, P, S, R>(
    stream: StreamVec<'_, Time, T>,
    pact: P,
    state: S,
    mut add: impl FnMut(&mut S, T) + 'static,
    finish: impl FnOnce(S) -> R + 'static,
) -> StreamVec<'_, Time, R::Item>
where
    T: 'static,
    P: ParallelizationContract<Time, Vec<T>>,
    S: 'static,
    R: IntoIterator<Item: 'static, IntoIter: 'static>,
{
    let scope = stream.scope();
    stream.unary_frontier(pact, "fold", |first, info| {
        let activator = scope.activator_for(info.address);
        // Not the time of the first item, which would say that nothing is done before the end.
        let end = first.delayed(&Time::End);
        drop(first);
        let mut folding = Some((state, finish, end));
        // `None` before the end, and again once all was given.
        let mut giving = None;
        move |(input, frontier), output| {
            if let Some((state, ..)) = &mut folding {
                input.for_each(|_, items| items.drain(..).for_each(|item| add(state, item)));
            }
            if frontier.is_empty()
                && let Some((state, finish, end)) = folding.take()
            {
                giving = Some((finish(state).into_iter(), end));
            }
            let Some((items, end)) = &mut giving else { return };
            let mut session = output.session(end);
            for _ in 0..AT_ONCE {
                let Some(item) = items.next() else {
                    drop(session);
                    giving = None;
                    return;
                };
                session.give(item);
            }
            activator.activate();
        }
    })
}
