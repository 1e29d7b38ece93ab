//! `resource`: when it opens, what it gives, in which order.

use headwater::{Outcome, resource};

use super::ends::{End, Fails, Gives, Panics, told};
use super::journal::release;
use crate::support::contract::contract;
use crate::support::log::Log;

type Item = Result<u32, String>;

/// A program of three closures: how each ends, `next` after it gave 1, 2 and 3.
#[derive(Clone, Copy)]
pub(super) struct Program {
    pub(super) open: End,
    pub(super) next: End,
    pub(super) close: End,
}

/// Everything goes well.
pub(super) const WELL: Program = Program { open: Gives, next: Gives, close: Gives };

impl Program {
    pub(super) fn run(self, log: &Log) -> impl Iterator<Item = Item> + use<> {
        let Self { open, next, close } = self;
        let opened = log.clone();
        let open = move || {
            opened.note("open");
            open.of("open").map(|()| 0)
        };
        let close = release(log, close);
        resource(open, numbers_up_to_three(next), move |_, outcome| close("close", outcome))
    }
}

pub(super) fn numbers_up_to_three(
    end: End,
) -> impl FnMut(&mut u32) -> Result<Option<u32>, String> + use<> {
    move |last| {
        if *last == 3 {
            return end.of("next").map(|()| None);
        }
        *last += 1;
        Ok(Some(*last))
    }
}

/// One pull, as text.
pub(super) fn pull(items: &mut impl Iterator<Item = Item>) -> String {
    told(|| match items.next() {
        Some(Ok(item)) => Err(format!("item {item}")),
        Some(Err(error)) => Err(format!("error {error}")),
        None => Ok(()),
    })
}

#[test]
fn it_is_opened_at_the_first_pull() {
    let log = Log::default();
    drop(WELL.run(&log));
    assert_eq!(log.take(), "");
    let mut items = WELL.run(&log);
    assert_eq!(items.size_hint(), (0, None));
    assert_eq!(log.take(), "", "asking is not pulling");
    assert_eq!(items.next(), Some(Ok(1)));
    assert_eq!(log.take(), "open");
    assert_eq!(items.next(), Some(Ok(2)));
    assert_eq!(log.take(), "", "once");
}

#[test]
fn it_is_closed_in_the_pull_that_ends_it_and_gives_none_for_ever() {
    let well = ("close:Finished", &["gave"] as &[_]);
    #[rustfmt::skip]
    let table = [
        (Gives, Gives, well),
        (Gives, Fails, ("close:Finished", &["failed: error close"])),
        (Gives, Panics, ("close:Finished", &["panicked: close"])),
        (Fails, Gives, ("close:Failed", &["failed: error next"])),
        (Fails, Fails, ("close:Failed", &["failed: error next"])),
        (Fails, Panics, ("close:Failed", &["panicked: close"])),
        (Panics, Gives, ("close:Abandoned", &["panicked: next"])),
        (Panics, Fails, ("close:Abandoned", &["panicked: next"])),
        (Panics, Panics, ("close:Abandoned", &["panicked: next"])),
    ];
    for (next, close, (closed, last)) in table {
        let log = Log::default();
        let context = format!("{next:?}, {close:?}");
        let mut items = Program { next, close, ..WELL }.run(&log);
        for item in 1..=3 {
            assert_eq!(pull(&mut items), format!("failed: item {item}"));
        }
        assert_eq!(log.take(), "open", "{context}");
        assert_eq!(pull(&mut items), last[0], "{context}");
        assert_eq!(log.take(), closed, "{context}: in the same pull");
        for _ in 0..3 {
            assert_eq!(items.size_hint(), (0, Some(0)), "{context}");
            assert_eq!(pull(&mut items), "gave", "{context}");
        }
        drop(items);
        assert_eq!(log.take(), "", "{context}: once");
    }
}

#[test]
fn one_that_is_not_opened_is_not_closed_and_is_over() {
    for (open, came) in [(Fails, "failed: error open"), (Panics, "panicked: open")] {
        let log = Log::default();
        let mut items = Program { open, ..WELL }.run(&log);
        assert_eq!(pull(&mut items), came);
        for _ in 0..3 {
            assert_eq!(pull(&mut items), "gave");
            assert_eq!(items.size_hint(), (0, Some(0)));
        }
        drop(items);
        assert_eq!(log.take(), "open", "once");
    }
}

#[test]
fn it_keeps_the_contract_of_an_iterator() {
    let log = Log::default();
    contract(|| WELL.run(&log), |item| item);
    contract(|| Program { next: Fails, ..WELL }.run(&log), |item| item);
    contract(|| Program { close: Fails, ..WELL }.run(&log), |item| item);
    contract(|| Program { open: Fails, ..WELL }.run(&log), |item| item);
}

#[test]
fn an_error_that_is_skipped_is_still_the_last_item() {
    let log = Log::default();
    for program in [Program { next: Fails, ..WELL }, Program { close: Fails, ..WELL }] {
        assert_eq!(program.run(&log).filter_map(Result::ok).sum::<u32>(), 6);
        assert_eq!(program.run(&log).count(), 4);
        assert!(program.run(&log).collect::<Result<Vec<_>, _>>().is_err());
    }
}

#[test]
fn closures_may_borrow_and_the_resource_need_not_be_send() {
    let (mut outcome, numbers) = (None, [1, 2]);
    let items = resource(
        || Ok::<_, ()>(std::rc::Rc::new(std::cell::RefCell::new(numbers.iter()))),
        |rest| Ok(rest.borrow_mut().next()),
        |_, told| {
            outcome = Some(told);
            Ok(())
        },
    );
    assert!(items.eq([Ok(&1), Ok(&2)]));
    assert_eq!(outcome, Some(Outcome::Finished));
}
