use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::{Context, Poll};
use std::thread;

use crate::pages::stream::calls::Calls;

/// What fetches pages ahead, several at once, and says what follows them.
pub(super) struct Fetcher<C, S, K> {
    calls: S,
    following: K,
    /// The cursors of the calls under way, by their numbers.
    cursors: Vec<(u64, C)>,
}

/// What was fetched: the number of the call, what it ended with, and the cursors that follow.
pub(super) type Outcome<C, X> = (u64, thread::Result<X>, Vec<C>);

impl<C, S, K> Fetcher<C, S, K>
where
    C: Clone,
    S: Calls<C>,
    K: FnMut(&C, &S::Fetched) -> Vec<C>,
{
    pub(super) fn new(calls: S, following: K) -> Self {
        Self { calls, following, cursors: Vec::new() }
    }

    /// Drops the calls that are not among these.
    pub(super) fn keep(&mut self, under_way: &[u64]) {
        self.cursors.retain(|call| under_way.contains(&call.0));
        self.calls.keep(|number| under_way.contains(&number));
    }

    /// Begins a call. A panic is what it ends with.
    pub(super) fn begin(&mut self, number: u64, cursor: C) -> Option<Outcome<C, S::Fetched>> {
        let begun = catch_unwind(AssertUnwindSafe(|| self.calls.begin(number, cursor.clone())));
        self.cursors.push((number, cursor));
        begun.err().map(|payload| (number, Err(payload), Vec::new()))
    }

    /// Polls all calls under way, and returns what they ended with.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Vec<Outcome<C, S::Fetched>> {
        let Self { calls, following, cursors } = self;
        let mut outcomes = Vec::new();
        cursors.retain(|(number, cursor)| {
            let poll = || {
                calls.poll(*number, cx).map(|fetched| {
                    let following = following(cursor, &fetched);
                    (fetched, following)
                })
            };
            let (fetched, following) = match catch_unwind(AssertUnwindSafe(poll)) {
                Ok(Poll::Pending) => return true,
                Ok(Poll::Ready((fetched, following))) => (Ok(fetched), following),
                Err(payload) => (Err(payload), Vec::new()),
            };
            outcomes.push((*number, fetched, following));
            false
        });
        outcomes
    }
}
