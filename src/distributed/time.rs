use serde::{Deserialize, Serialize};
use timely::order::PartialOrder;
use timely::progress::timestamp::{PathSummary, Refines, Timestamp};

/// The time of an item in a dataflow: which item of which worker it is.
///
/// Items of different workers are not ordered among each other. So the progress of a worker can be
/// told apart from that of all others, and one that is slow holds nobody up; with a number as the
/// time, as timely's examples have it, all would wait for the slowest.
///
/// # Examples
///
/// ```
/// use headwater::distributed::Time;
/// use timely::PartialOrder;
///
/// let second = Time::Item { worker: 0, number: 1 };
/// assert!(Time::Start.less_than(&second) && second.less_than(&Time::End));
/// assert!(!second.less_equal(&Time::Item { worker: 1, number: 7 }));
/// ```
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize,
)]
pub enum Time {
    /// Before all items.
    #[default]
    Start,
    /// That of one item.
    Item {
        /// The index of the worker whose share it is in.
        worker: usize,
        /// How many items of this worker came before it.
        number: u64,
    },
    /// After all items, of all workers.
    End,
}

impl PartialOrder for Time {
    fn less_equal(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Start, _) | (_, Self::End) => true,
            (Self::Item { worker, number }, Self::Item { worker: other_worker, number: other }) => {
                worker == other_worker && number <= other
            }
            _ => false,
        }
    }
}

impl Timestamp for Time {
    type Summary = ();

    fn minimum() -> Self {
        Self::Start
    }
}

/// No operator changes it: there are no loops but those of nested scopes, which have a time of their
/// own.
impl PathSummary<Time> for () {
    fn results_in(&self, time: &Time) -> Option<Time> {
        Some(*time)
    }

    fn followed_by(&self, (): &()) -> Option<()> {
        Some(())
    }
}

impl Refines<()> for Time {
    fn to_inner((): ()) -> Self {
        Self::Start
    }

    fn to_outer(self) {}

    fn summarize((): ()) {}
}
