//! `stream::Resource::close`, when a close is under way already.

use std::task::{Poll, Waker};

use futures::executor::block_on;
use headwater::stream;

use super::journal::{Late, Release, never, release, waits};
use super::runs::{polled, told};
use crate::scope::ends::{End, Fails, Gives, Panics};
use crate::support::log::Log;
use crate::support::polls::poll_next;

/// Makes a resource whose first pull ends it in some way, and which waits in its close.
macro_rules! ended {
    ($log:expr, $next:expr, $close:expr, $hook:expr) => {{
        let next: End = $next;
        let pull = async move |_: &mut &str| next.of("next").map(|()| None::<u32>);
        let mut items =
            stream::resource(async || Ok("close"), pull, release($log, 1, $close), $hook);
        assert_eq!(poll_next(&mut items, Waker::noop()), Poll::Pending);
        items
    }};
}

#[test]
fn a_close_goes_on_with_the_one_under_way_and_tells_what_began_it() {
    let table = [
        (Gives, Gives, "Finished", "gave"),
        (Gives, Fails, "Finished", "failed: close"),
        (Gives, Panics, "Finished", "panicked: close"),
        (Fails, Gives, "Failed", "failed: next"),
        (Fails, Fails, "Failed", "failed: next"),
        (Panics, Gives, "Abandoned", "panicked: next"),
        (Panics, Panics, "Abandoned", "panicked: next"),
    ];
    for (next, close, outcome, came) in table {
        let log = Log::default();
        let items = ended!(&log, next, close, never);
        assert_eq!(log.take(), format!("close:{outcome}"));
        assert_eq!(block_on(told(items.close())), came, "{next:?}, {close:?}");
        assert_eq!(log.take(), "/close", "{next:?}, {close:?}");
    }
}

#[test]
fn a_close_that_goes_on_with_one_and_is_dropped_hands_it_over() {
    for next in End::ALL {
        let (log, late) = (Log::default(), Late::<Release>::new());
        let items = ended!(&log, next, Fails, late.hook());
        log.take();
        assert_eq!(polled(0, items.close()), None);
        assert_eq!(log.take(), "");
        assert_eq!(late.run(), Some(Fails.of("close")), "{next:?}");
        assert_eq!(log.take(), "/close");
    }
}

#[test]
fn a_close_that_panics_is_heard_once() {
    for waiting in 0..2 {
        let log = Log::default();
        let next = async move |_: &mut &str| {
            waits(1).await;
            Ok(Some(1))
        };
        let mut items =
            stream::resource(async || Ok("close"), next, release(&log, waiting, Panics), never);
        assert_eq!(poll_next(&mut items, Waker::noop()), Poll::Pending);
        assert_eq!(block_on(told(items.close())), "panicked: close");
        assert_eq!(log.take(), "close:Abandoned /close");
    }
}
