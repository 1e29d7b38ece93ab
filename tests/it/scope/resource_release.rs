//! `resource`: closed exactly once, whoever stops it and where.

use std::iter;
use std::panic::{self, AssertUnwindSafe};

use headwater::resource;

use super::ends::{End, Fails, Gives, Panics, told, told_of_drop};
use super::journal::release;
use super::resource::{Program, WELL, numbers_up_to_three, pull};
use crate::support::log::Log;

/// What is noted by a resource that is stopped after so many pulls, of which the fourth ends it.
fn noted(pulls: usize) -> &'static str {
    match pulls {
        0 => "",
        1..=3 => "open close:Abandoned",
        _ => "open close:Finished",
    }
}

#[test]
fn it_is_closed_once_when_it_is_dropped_after_any_item() {
    for close in [Gives, Fails] {
        for pulls in 0..=5 {
            let log = Log::default();
            let mut items = Program { close, ..WELL }.run(&log);
            (0..pulls).for_each(|_| drop(pull(&mut items)));
            drop(items);
            assert_eq!(log.take(), noted(pulls), "after {pulls} pulls");
        }
    }
}

#[test]
fn it_is_closed_once_when_its_consumer_panics_after_any_item() {
    for close in End::ALL {
        for pulls in 0..=3 {
            let log = Log::default();
            let panicked = panic::catch_unwind(AssertUnwindSafe(|| {
                let mut items = Program { close, ..WELL }.run(&log);
                (0..pulls).for_each(|_| drop(pull(&mut items)));
                panic::resume_unwind(Box::new("the consumer"));
            }));
            assert_eq!(panicked.unwrap_err().downcast_ref(), Some(&"the consumer"));
            assert_eq!(log.take(), noted(pulls), "after {pulls} pulls, {close:?}");
        }
    }
}

#[test]
fn a_close_that_panics_in_a_drop_is_heard() {
    let log = Log::default();
    let mut items = Program { close: Panics, ..WELL }.run(&log);
    assert_eq!(items.next(), Some(Ok(1)));
    assert_eq!(told_of_drop(items), "panicked: close");
    assert_eq!(log.take(), "open close:Abandoned");
}

#[test]
fn close_says_what_a_drop_can_not() {
    for close in End::ALL {
        for pulls in 0..=5 {
            let log = Log::default();
            let shut = release(&log, close);
            let mut items = resource(
                || Ok(0),
                numbers_up_to_three(Gives),
                move |_, outcome| shut("close", outcome),
            );
            (0..pulls).for_each(|_| drop(pull(&mut items)));
            let before = log.take();
            assert_eq!(before, if pulls > 3 { "close:Finished" } else { "" });
            let came = told(|| items.close());
            let is_open = (1..=3).contains(&pulls);
            let context = format!("after {pulls} pulls, {close:?}");
            assert_eq!(log.take(), if is_open { "close:Abandoned" } else { "" }, "{context}");
            let expected = if is_open { told(|| close.of("close")) } else { "gave".to_owned() };
            assert_eq!(came, expected, "{context}");
        }
    }
}

#[test]
fn what_takes_a_part_closes_it_when_it_goes() {
    let log = Log::default();
    let mut taken = WELL.run(&log).take(2);
    assert_eq!(taken.by_ref().count(), 2);
    assert_eq!(log.take(), "open", "`take` pulls no more than it gives");
    drop(taken);
    assert_eq!(log.take(), "close:Abandoned");

    let mut items = WELL.run(&log);
    assert_eq!(items.by_ref().take(2).count(), 2);
    assert_eq!(items.by_ref().next(), Some(Ok(3)));
    assert_eq!(log.take(), "open");
    assert_eq!(items.count(), 0);
    assert_eq!(log.take(), "close:Finished");

    let mut peeked = WELL.run(&log).peekable();
    assert_eq!(log.take(), "");
    assert_eq!(peeked.peek(), Some(&Ok(1)));
    assert_eq!(log.take(), "open");
    assert!(peeked.by_ref().nth(2).is_some());
    assert_eq!(log.take(), "");
    assert_eq!(peeked.peek(), None);
    assert_eq!(log.take(), "close:Finished");
    drop(peeked);
    assert_eq!(log.take(), "");
}

#[test]
fn a_loop_that_is_left_closes_it() {
    fn first_above(log: &Log, least: u32) -> Result<u32, String> {
        for item in WELL.run(log) {
            let item = item?;
            if item > least {
                return Ok(item);
            }
        }
        Err("none".to_owned())
    }
    let log = Log::default();
    assert_eq!((first_above(&log, 1), log.take().as_str()), (Ok(2), "open close:Abandoned"));
    assert_eq!(first_above(&log, 3), Err("none".to_owned()));
    assert_eq!(log.take(), "open close:Finished");
}

/// A resource whose items come from another that it opened.
fn within_another(log: &Log, end: End) -> impl Iterator<Item = Result<u32, String>> {
    let inner = log.clone();
    let close = release(log, Gives);
    resource(
        move || Ok(Program { next: end, ..WELL }.run(&inner)),
        |items| items.next().transpose(),
        move |items, outcome| {
            drop(items);
            close("outer", outcome)
        },
    )
}

#[test]
fn nested_ones_are_closed_in_the_reverse_order() {
    #[rustfmt::skip]
    let table = [
        (Gives, "open close:Finished outer:Finished"),
        (Fails, "open close:Failed outer:Failed"),
        (Panics, "open close:Abandoned outer:Abandoned"),
    ];
    for (end, noted) in table {
        let log = Log::default();
        drop(told(|| within_another(&log, end).collect::<Result<Vec<_>, _>>()));
        assert_eq!(log.take(), noted);
        within_another(&log, end).take(2).for_each(drop);
        let journal = log.take();
        assert!(journal.contains("close:Abandoned") && journal.ends_with("outer:Abandoned"));
    }
}

#[test]
fn flattened_ones_are_open_one_at_a_time() {
    let log = Log::default();
    let all = iter::repeat_with(|| WELL.run(&log)).take(2).flatten();
    assert_eq!(all.take(4).count(), 4);
    assert_eq!(log.take(), "open close:Finished open close:Abandoned");
}
