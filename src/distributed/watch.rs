use std::cell::Cell;
use std::rc::Rc;

use timely::Container;
use timely::container::CapacityContainerBuilder;
use timely::dataflow::Stream;
use timely::dataflow::channels::pact::Pipeline;
use timely::dataflow::operators::generic::Operator as _;
use timely::progress::frontier::AntichainRef;

use crate::distributed::time::Time;

/// Passes a stream on, and keeps in `done` how many items of this worker have gone through, wherever
/// they went; `changed` is called whenever there are more.
///
/// A probe of timely's tells as much, but only whoever asks: a source that is held back would have to
/// ask all the time.
pub(super) fn watch<C: Container>(
    stream: Stream<'_, Time, C>,
    done: Rc<Cell<u64>>,
    changed: impl Fn() + 'static,
) -> Stream<'_, Time, C> {
    let worker = stream.scope().index();
    stream.unary_frontier::<CapacityContainerBuilder<C>, _, _, _>(Pipeline, "watch", |first, _| {
        drop(first);
        move |(input, frontier), output| {
            input.for_each(|time, items| output.session(&time).give_container(items));
            let now = count(frontier.frontier(), worker);
            if done.replace(now) != now {
                changed();
            }
        }
    })
}

/// Returns how many items of a worker lie before a frontier.
fn count(frontier: AntichainRef<Time>, worker: usize) -> u64 {
    let before = |time: &Time| match time {
        Time::Start => Some(0),
        Time::Item { worker: other, number } => (*other == worker).then_some(*number),
        Time::End => None,
    };
    frontier.iter().find_map(before).unwrap_or(u64::MAX)
}
