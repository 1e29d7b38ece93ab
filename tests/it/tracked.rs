//! Positions that are read behind adapters, and those behind which they run ahead.

use std::sync::mpsc;
use std::{iter, thread};

use headwater::lines::{self, Position};
use headwater::{Retry, Tracked, Tracker, Unfold, prelude::*, try_unfold, unfold};
use itertools::Itertools;

use crate::support::caught::panic_of;
use crate::support::contract::{contract, contract_of_both_ends};
use crate::support::handles::Handles;
use crate::support::resume::{resume_law, resume_law_in_place, resume_law_of_both_ends};
use crate::support::seen::Seen;

const LOG: &[u8] = b"one\n22\n\nfour\n5\nsix six\n";

fn log()
-> impl DoubleEndedIterator<Item = Result<lines::Line, headwater::Error>> + Source<Position = Position>
{
    lines::random_access(|| Ok(LOG))
}

type Numbers = Unfold<u32, fn(&u32) -> Option<(u32, u32)>>;

/// The numbers from 0 to 19. The position behind each is the next.
fn numbers() -> (Tracked<Numbers>, Tracker<Numbers>) {
    let next: fn(&u32) -> Option<(u32, u32)> = |&n| (n < 20).then_some((n, n + 1));
    unfold(0, next).tracked()
}

/// Asserts that the position is behind each item when the consumer has it.
fn in_step<I: Iterator>(
    adapt: impl FnOnce(Tracked<Numbers>) -> I,
    number: impl Fn(I::Item) -> u32,
) {
    let (numbers, place) = numbers();
    assert_eq!(place.position(), 0);
    let mut seen = 0;
    for item in adapt(numbers) {
        assert_eq!(place.position(), number(item) + 1);
        seen += 1;
    }
    assert!(seen > 3);
}

#[test]
fn adapters_that_pull_when_they_are_asked_are_in_step() {
    let same = |n| n;
    in_step(|numbers| numbers, same);
    in_step(|numbers| numbers.map(|n| n * 2), |twice| twice / 2);
    in_step(|numbers| numbers.filter(|n| n % 3 == 1), same);
    in_step(|numbers| numbers.filter_map(|n| (n % 4 == 2).then_some(n * 2)), |twice| twice / 2);
    in_step(|numbers| numbers.inspect(|_| ()), same);
    in_step(Iterator::enumerate, |(_, n)| n);
    in_step(|numbers| numbers.skip(7).take(9), same);
    in_step(|numbers| numbers.skip_while(|&n| n < 5), same);
    in_step(|numbers| numbers.scan(0, |_, n| Some(n)), same);
    in_step(|numbers| numbers.step_by(4), same);
    in_step(Iterator::fuse, same);
    in_step(|numbers| numbers.chain(iter::empty()), same);
    let tried = |numbers: Tracked<Numbers>| {
        numbers.map(|n| if n % 2 == 1 { Ok(n) } else { Err("it is even") })
    };
    in_step(|numbers| tried(numbers).flatten(), same);
    in_step(|numbers| numbers.batching(Iterator::next), same);
    // Up to their end.
    in_step(|numbers| numbers.take_while(|&n| n < 9), same);
    in_step(|numbers| numbers.zip(0..9), |(n, _)| n);
}

#[test]
fn a_position_behind_a_filter_is_behind_what_it_left_out() {
    let (numbers, place) = numbers();
    let mut odd = numbers.filter(|&n| n == 3);
    assert_eq!((odd.next(), place.position()), (Some(3), 4));
    assert_eq!((odd.next(), place.position()), (None, 20));
}

/// Pulls once by `pull`, and asserts what the consumer has then, and where the source is.
fn ahead<T, U: PartialEq + std::fmt::Debug>(
    adapt: impl FnOnce(Tracked<Numbers>) -> T,
    pull: impl FnOnce(&mut T) -> U,
    seen: U,
    position: u32,
) {
    let (numbers, place) = numbers();
    let mut adapted = adapt(numbers);
    assert_eq!((pull(&mut adapted), place.position()), (seen, position));
}

#[test]
fn adapters_that_look_ahead_are_ahead() {
    ahead(Iterator::peekable, |it| (it.next(), it.peek().copied()), (Some(0), Some(1)), 2);
    let chunk_by = |it: &mut Tracked<Numbers>| {
        it.by_ref().chunk_by(|n| n / 5).into_iter().map(|(_, group)| group.collect_vec()).next()
    };
    ahead(|it| it, chunk_by, Some(vec![0, 1, 2, 3, 4]), 6);
}

#[test]
fn adapters_that_end_at_an_item_have_taken_it() {
    ahead(|it| it.take_while(|&n| n < 5), |it| it.count(), 5, 6);
    ahead(|it| it.map_while(|n| (n < 5).then_some(n)), |it| it.count(), 5, 6);
    // It holds that item back, and gives it next.
    let next_if = |it: &mut iter::Peekable<Tracked<Numbers>>| {
        let taken = iter::from_fn(|| it.next_if(|&n| n < 5)).count();
        (taken, it.next())
    };
    ahead(Iterator::peekable, next_if, (5, Some(5)), 6);
}

#[test]
fn a_zip_that_ends_on_its_right_is_ahead_by_one() {
    ahead(|it| it.zip(0..5), |it| it.count(), 5, 6);
    ahead(|it| (0..5).zip(it), |it| it.count(), 5, 5);
}

#[test]
fn adapters_that_take_many_at_once_are_ahead_within_them() {
    ahead(Itertools::tuples, |it| it.next(), Some((0, 1, 2)), 3);
    ahead(Itertools::tuple_windows, |it| it.next(), Some((0, 1, 2)), 3);
    let chunk = |it: &mut Tracked<Numbers>| {
        it.by_ref().chunks(4).into_iter().map(Itertools::collect_vec).next()
    };
    ahead(|it| it, chunk, Some(vec![0, 1, 2, 3]), 5);
    let many = |it: Tracked<Numbers>| it.flat_map(|n| [n, n]);
    ahead(many, |it| it.next(), Some(0), 1);
}

#[test]
fn what_is_read_on_another_thread_is_ahead_by_what_is_under_way() {
    let (numbers, place) = numbers();
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || numbers.for_each(|n| sender.send(n).unwrap())).join().unwrap();
    assert_eq!((receiver.recv(), place.position()), (Ok(0), 20));
}

#[test]
fn lines_that_are_read_ahead_are_not_given_ahead() {
    let size = std::num::NonZeroUsize::MIN;
    let read = lines::random_access(|| Ok(LOG)).block_size(size).read_ahead(size);
    let (log, place) = read.tracked();
    for line in log {
        let line = line.unwrap();
        assert_eq!(place.position().offset(), line.offset() + line.len() as u64 + 1);
    }
}

#[test]
fn a_handle_works_on_other_threads() {
    fn is_shared<T: Send + Sync>(_: &T) {}
    let (numbers, place) = numbers();
    is_shared(&numbers);
    is_shared(&place);
    let (give, given) = mpsc::channel();
    let (go_on, told) = mpsc::channel::<()>();
    let reader = thread::spawn(move || {
        for n in numbers.take(5) {
            give.send(n).unwrap();
            told.recv().unwrap();
        }
    });
    for n in given {
        assert_eq!(place.position(), n + 1);
        go_on.send(()).unwrap();
    }
    reader.join().unwrap();
    assert_eq!(place.clone().position(), 5);
}

#[test]
fn a_handle_holds_nothing_open() {
    let handles = Handles::default();
    let log = lines::random_access(|| Ok(handles.handle(LOG.to_vec())));
    let (log, place) = log.block_size(std::num::NonZeroUsize::MIN).tracked();
    let mut log = log.map(Result::unwrap);
    assert_eq!(log.next().unwrap(), "one");
    assert_eq!(handles.live(), 1);
    drop(log);
    assert_eq!((handles.live(), place.position().offset()), (0, 4));
}

/// A source whose end asks for the position.
struct Asks(Numbers, mpsc::Receiver<Tracker<Asks>>);

impl Source for Asks {
    type Position = u32;

    fn position(&self) -> u32 {
        self.0.position()
    }

    fn resume_at(&mut self, at: u32) {
        self.0.resume_at(at);
    }
}

impl Drop for Asks {
    fn drop(&mut self) {
        assert_eq!(self.1.recv().unwrap().position(), 3);
    }
}

#[test]
fn the_drop_of_a_source_may_ask() {
    let (sender, receiver) = mpsc::channel();
    let (source, place) = Asks(unfold(3, |_| None), receiver).tracked();
    sender.send(place).unwrap();
    drop(source);
}

#[test]
fn a_panic_leaves_the_handle_useful() {
    let (mut source, place) =
        unfold(0, |&n| if n == 2 { panic!("spilt") } else { Some((n, n + 1)) }).tracked();
    assert_eq!((source.next(), source.next()), (Some(0), Some(1)));
    assert_eq!(panic_of(|| source.next()), "spilt");
    assert_eq!((place.position(), source.position()), (2, 2));
    source.resume_at(7);
    assert_eq!((source.next(), place.position()), (Some(7), 8));
}

#[test]
fn a_tracked_source_keeps_the_laws() {
    contract(|| log().tracked().0, Seen::of);
    contract_of_both_ends(|| log().tracked().0, Seen::of);
    resume_law(|| log().tracked().0);
    resume_law_in_place(|| log().tracked().0);
    resume_law_of_both_ends(|| log().tracked().0);
    let (log, place) = log().tracked();
    let mut backward = log.rev();
    assert_eq!(backward.next().unwrap().unwrap(), "six six");
    assert_eq!(place.position().back(), Some(LOG.len() as u64 - 8));
}

#[test]
fn it_heals_on_either_side() {
    let once = |n: u32| {
        try_unfold((0, n), |&(n, left)| match (n, left) {
            (4, 1) => Err("once"),
            (9, _) => Ok(None),
            _ => Ok(Some((n, (n + 1, left)))),
        })
    };
    let (mut broken, place) = once(1).tracked();
    assert_eq!(broken.by_ref().filter_map(Result::ok).last(), Some(3));
    assert!(broken.can_recover());
    let (_, left) = place.position();
    assert_eq!(left, 1);
    broken.resume_at((4, 0));
    assert!(broken.map(Result::unwrap).eq(4..9));
    let retry = Retry::immediately().max_attempts(2);
    let (healed, place) = once(0).retry(retry).tracked();
    assert_eq!((healed.flatten().count(), place.position()), (9, (9, 0)));
}

#[test]
fn both_can_be_printed() {
    let (numbers, place) = numbers();
    assert!(format!("{numbers:?}").starts_with("Tracked(Unfold {"), "{numbers:?}");
    assert_eq!(format!("{place:?}"), "Tracker(0)");
}

#[cfg(feature = "async")]
mod streams {
    use futures::executor::block_on;
    use futures::future::ready;
    use futures::stream::FusedStream;
    use futures::{Stream, StreamExt};
    use headwater::{prelude::*, stream};

    fn numbers() -> impl FusedStream<Item = u32> + Source<Position = u32> + Unpin {
        stream::unfold(0, |n: u32| ready((n < 20).then_some((n, n + 1))))
    }

    #[test]
    fn a_stream_is_tracked_behind_adapters() {
        let (numbers, place) = numbers().tracked();
        let mut odd = numbers.filter(|n| ready(n % 5 == 3)).map(|n| n * 10);
        assert_eq!(block_on(odd.next()), Some(30));
        assert_eq!(place.position(), 4);
        assert_eq!(block_on(odd.next()), Some(80));
        assert_eq!(place.position(), 9);
        drop(odd);
        assert_eq!(place.position(), 9);
    }

    #[test]
    fn buffered_streams_are_ahead() {
        let (numbers, place) = numbers().tracked();
        let mut buffered = numbers.map(ready).buffered(6);
        assert_eq!(block_on(buffered.next()), Some(0));
        assert!(place.position() > 1, "{}", place.position());
        let (numbers, place) = self::numbers().tracked();
        assert_eq!(block_on(numbers.take_while(|&n| ready(n < 5)).count()), 5);
        assert_eq!(place.position(), 6);
    }

    #[test]
    fn it_ends_and_goes_on_as_the_stream_does() {
        let (mut numbers, place) = numbers().tracked();
        assert_eq!(numbers.size_hint(), (0, None));
        assert_eq!(block_on(numbers.by_ref().count()), 20);
        assert!(numbers.is_terminated());
        assert_eq!(numbers.size_hint(), (0, Some(0)));
        numbers.resume_at(18);
        assert_eq!((block_on(numbers.next()), place.position()), (Some(18), 19));
    }
}
