//! `stream::resource`, dropped or closed at any poll.

use std::task::{Poll, Waker};

use futures::StreamExt;
use futures::executor::block_on;
use headwater::stream;

use super::journal::{Late, Release, never, release, waits};
use super::runs::{everywhere, polled};
use crate::scope::ends::{End, Fails, Gives};
use crate::support::log::Log;
use crate::support::polls::poll_next;

/// Makes a resource that gives 1 and 2 in nine polls, and can be dropped and closed by its name:
/// an `impl Stream` has no `close`.
///
/// | polls | then |
/// |---|---|
/// | 1 | `open` waits |
/// | 2 | it is open, and `next` waits |
/// | 3 | 1 is given |
/// | 4 | `next` waits |
/// | 5 | 2 is given |
/// | 6 | `next` waits |
/// | 7, 8 | `close` waits |
/// | 9 | it is over |
macro_rules! numbers {
    ($log:expr, $close:expr, $hook:expr) => {{
        let (opened, pulled) = ($log.clone(), $log.clone());
        let mut last = 0;
        // On its own: where it stands, the compiler would take it to be for one lifetime.
        let next = async move |_: &mut &str| {
            let _held = pulled.drops("/next");
            waits(1).await;
            last += 1;
            Ok((last < 3).then_some(last))
        };
        stream::resource(
            async move || {
                let _held = opened.drops("/open");
                waits(1).await;
                Ok("close")
            },
            next,
            release($log, 2, $close),
            $hook,
        )
    }};
}

const POLLS: usize = 9;

/// What the journal has after so many polls.
fn noted(polls: usize) -> String {
    let steps = ["", "", "/open", "/next", "", "/next", "", "/next close:Finished", "", "/close"];
    let steps = steps[..=polls].iter().filter(|step| !step.is_empty());
    steps.copied().collect::<Vec<_>>().join(" ")
}

/// What is dropped then, because it was under way.
fn under_way(polls: usize) -> &'static str {
    match polls {
        1 => "/open",
        2 | 4 | 6 => "/next",
        _ => "",
    }
}

/// What is noted by a close, or by a late release, after so many polls.
fn closing(polls: usize) -> &'static str {
    match polls {
        2..=6 => "close:Abandoned /close",
        7 | 8 => "/close",
        _ => "",
    }
}

#[test]
fn one_that_is_dropped_at_any_poll_hands_its_close_over_once() {
    for close in [Gives, Fails] {
        for polls in 0..=POLLS {
            let (log, late) = (Log::default(), Late::new());
            let mut items = numbers!(&log, close, late.hook());
            (0..polls).for_each(|_| drop(poll_next(&mut items, Waker::noop())));
            assert_eq!(log.take(), noted(polls), "after {polls} polls");
            drop(items);
            assert_eq!(log.take(), under_way(polls), "after {polls} polls");
            let released = late.run();
            let is_late = !closing(polls).is_empty();
            assert_eq!(released, is_late.then(|| close.of("close")), "after {polls} polls");
            assert_eq!(log.take(), closing(polls), "after {polls} polls");
            assert_eq!(late.run(), None);
        }
    }
}

#[test]
fn one_that_is_closed_at_any_poll_drops_what_is_under_way_and_awaits_its_close() {
    for close in [Gives, Fails] {
        for polls in 0..=POLLS {
            let log = Log::default();
            let mut items = numbers!(&log, close, never);
            (0..polls).for_each(|_| drop(poll_next(&mut items, Waker::noop())));
            log.take();
            let closed = block_on(items.close());
            let noted = [under_way(polls), closing(polls)].join(" ");
            assert_eq!(log.take(), noted.trim(), "after {polls} polls");
            let expected = if closing(polls).is_empty() { Ok(()) } else { close.of("close") };
            assert_eq!(closed, expected, "after {polls} polls");
        }
    }
}

#[test]
fn a_close_that_is_dropped_at_any_poll_hands_over_what_is_left_of_it() {
    for polls in 0..=POLLS {
        let awaits = match polls {
            2..=6 => 2,
            7 => 1,
            _ => 0,
        };
        for closes in 0..=awaits + 1 {
            let (log, late) = (Log::default(), Late::<Release>::new());
            let mut items = numbers!(&log, Gives, late.hook());
            (0..polls).for_each(|_| drop(poll_next(&mut items, Waker::noop())));
            log.take();
            let closed = polled(closes, items.close());
            let context = format!("closed after {polls} polls, dropped after {closes}");
            assert_eq!(closed, (closes > awaits).then_some(Ok(())), "{context}");
            let is_late = closes <= awaits && !closing(polls).is_empty();
            assert_eq!(late.run().is_some(), is_late, "{context}");
            let noted = [under_way(polls), closing(polls)].join(" ");
            assert_eq!(log.take(), noted.trim(), "{context}");
        }
    }
}

#[test]
fn a_hook_may_give_the_close_up() {
    for polls in 0..=POLLS {
        let (log, late) = (Log::default(), Late::<Release>::new());
        let mut items = numbers!(&log, Gives, late.hook());
        (0..polls).for_each(|_| drop(poll_next(&mut items, Waker::noop())));
        drop(items);
        let is_late = usize::from(!closing(polls).is_empty());
        assert_eq!(late.give_up(), is_late, "after {polls} polls");
        assert_eq!(log.take().matches("/close").count(), usize::from(polls == POLLS));
    }
}

#[test]
fn a_next_that_is_dropped_loses_nothing() {
    let log = Log::default();
    let mut items = numbers!(&log, Gives, never);
    let mut given = Vec::new();
    for _ in 0..POLLS {
        given.extend(polled(1, items.next()).flatten());
    }
    assert_eq!(given, [Ok(1), Ok(2)]);
    assert_eq!(poll_next(&mut items, Waker::noop()), Poll::Ready(None));
}

#[test]
fn a_close_in_a_task_says_what_a_drop_can_not() {
    async fn run(items: usize, close: End) -> String {
        let log = Log::default();
        let mut numbers = numbers!(&log, close, never);
        for _ in 0..items {
            numbers.next().await.expect("an item").expect("a number");
        }
        let closed = numbers.close().await;
        format!("{} {closed:?}", log.take())
    }
    everywhere("unopened", || run(0, Fails), " Ok(())");
    let one = "/open /next close:Abandoned /close";
    everywhere("one", || run(1, Gives), &format!("{one} Ok(())"));
    everywhere("failing", || run(1, Fails), &format!("{one} Err(\"close\")"));
}
