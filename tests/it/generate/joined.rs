//! Several emits that wait at once: each item is given once, one a pull.

use futures::future::{Either, join, join_all, select};
use futures::stream::{FuturesUnordered, StreamExt as _};
use futures::{join, poll};
use headwater::generate::Emitter;
use headwater::{coroutine, generate, try_generate};
use itertools::Itertools as _;

use crate::support::log::Log;

/// Holds that one item comes with a pull, each of 0 to `items` once, by `next` and by `fold`.
fn comes_once<I: Iterator<Item = usize>>(items: usize, make: impl Fn() -> I) {
    let mut generator = make();
    let pulled = (0..items).map(|_| generator.next().expect("one a pull")).sorted();
    assert!(pulled.eq(0..items));
    assert_eq!((generator.next(), generator.next()), (None, None));
    let folded = make().fold(Vec::new(), |items, item| [&items[..], &[item]].concat());
    assert!(folded.into_iter().sorted().eq(0..items));
}

#[test]
fn emits_that_are_joined_come_one_a_pull() {
    comes_once(4, || {
        generate(|out| async move {
            join!(out.emit(0), out.emit(1), out.emit(2));
            out.emit(3).await;
        })
    });
    comes_once(6, || {
        generate(|out| async move { join!(out.emit_all([0, 1, 2]), out.emit_all([3, 4, 5])).0 })
    });
    comes_once(4, || {
        generate(|out| async move {
            join(join(out.emit(0), out.emit(1)), join(out.emit(2), out.emit(3))).await;
        })
    });
}

/// Of more than 30, `join_all` polls only those that were woken.
#[test]
fn any_number_of_emits_can_be_joined() {
    for items in [0, 1, 2, 29, 30, 31, 32, 100, 500] {
        comes_once(items, || {
            generate(move |out| async move {
                join_all((0..items).map(|n| out.emit(n))).await;
            })
        });
    }
}

#[test]
fn joins_of_joins_come_once() {
    comes_once(3200, || {
        generate(|out| async move {
            let out = &out;
            let row = |n: usize| join_all((40 * n..40 * (n + 1)).map(|n| out.emit(n)));
            join_all((0..40).map(row)).await;
            for n in 40..80 {
                row(n).await;
            }
        })
    });
}

#[test]
fn functions_that_emit_can_be_joined() {
    async fn emit_two(out: &Emitter<usize>, n: usize) {
        out.emit(2 * n).await;
        out.emit(2 * n + 1).await;
    }
    comes_once(200, || {
        generate(|out| async move {
            join_all((0..100).map(|n| emit_two(&out, n))).await;
        })
    });
}

#[test]
fn emits_of_a_set_that_grows_come_once() {
    comes_once(100, || {
        generate(|out| async move {
            let out = &out;
            let number = |n| async move {
                out.emit(n).await;
                n
            };
            let mut waiting: FuturesUnordered<_> = (0..50).map(number).collect();
            while let Some(n) = waiting.next().await {
                if n < 50 {
                    waiting.push(number(n + 50));
                }
            }
        })
    });
}

#[test]
fn the_first_of_two_emits_goes_first_and_the_other_can_be_waited_for() {
    let mut generator = generate(|out| async move {
        match select(out.emit(1), out.emit(2)).await {
            Either::Left(((), other)) => other.await,
            Either::Right(_) => unreachable!("it was polled later"),
        }
        match select(out.emit(3), out.emit(4)).await {
            Either::Left(((), other)) => drop(other),
            Either::Right(_) => unreachable!("it was polled later"),
        }
        out.emit(5).await;
    });
    assert!(generator.by_ref().take(3).eq([1, 2, 3]));
    assert_eq!(generator.next(), Some(5), "the 4 waited, and was dropped");
    assert_eq!(generator.next(), None);
}

#[test]
fn an_emit_that_was_polled_gives_its_item_even_if_it_is_dropped() {
    comes_once(3, || {
        generate(|out| async move {
            assert!(poll!(out.emit(0)).is_pending());
            out.emit(1).await;
            assert!(poll!(out.emit(2)).is_pending());
        })
    });
}

#[test]
fn an_item_and_the_end_in_one_pull_come_one_after_the_other() {
    let log = Log::default();
    let held = log.drops("held");
    let mut generator = generate(|out| async move {
        let _held = held;
        let _ = (poll!(out.emit(1)), poll!(out.emit(2)));
    });
    assert_eq!(generator.size_hint(), (0, None));
    assert_eq!(generator.next(), Some(1));
    assert_eq!(log.take(), "held", "the body has ended");
    assert_eq!(generator.next(), None);
    assert_eq!(generator.size_hint(), (0, Some(0)));

    let mut generator = try_generate(|out| async move {
        let _ = poll!(out.emit(1));
        Err("dry")
    });
    assert_eq!(generator.next(), Some(Ok(1)));
    assert_eq!(generator.next(), Some(Err("dry")));
    assert_eq!(generator.next(), None);
}

#[test]
fn a_body_that_polls_an_emit_twice_in_a_pull_runs_on_to_its_next_emit() {
    let log = Log::default();
    let noting = log.clone();
    let mut generator = generate(|out| async move {
        let mut emit = out.emit(1);
        assert!(poll!(&mut emit).is_pending());
        assert!(poll!(&mut emit).is_ready(), "the body said to go on");
        noting.note("next-emit");
        out.emit(2).await;
        noting.note("end");
    });
    for (item, events) in [(Some(1), "next-emit"), (Some(2), ""), (None, "end"), (None, "")] {
        assert_eq!((generator.next(), &*log.take()), (item, events));
    }
}

#[test]
fn replies_go_to_the_emits_in_the_order_of_their_items() {
    let mut body = coroutine(|out, ()| async move {
        join!(async { out.emit("first").await }, async { out.emit("second").await });
        out.emit("third").await;
    });
    for item in [Some("first"), Some("second"), Some("third"), None] {
        assert_eq!(body.send(()), item);
    }
    let mut body = coroutine(|out, _| async move {
        let (one, two) = join!(out.emit(0), out.emit(0));
        out.emit(10 * one + two).await;
    });
    assert_eq!([body.send(7), body.send(1), body.send(2)], [Some(0), Some(0), Some(12)]);
}
