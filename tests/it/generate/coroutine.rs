//! Coroutines: what is sent arrives where it is waited for.

use std::future::poll_fn;
use std::iter;
use std::pin::pin;
use std::task::Poll;

use futures::future::join_all;
use futures::poll;
use headwater::coroutine;

use crate::support::caught::panic_of;
use crate::support::log::Log;

#[test]
fn the_first_value_is_the_argument_and_each_reply_is_what_the_emit_gives() {
    let mut received = Vec::new();
    let mut body = coroutine(|out, first| async move {
        received.push(first);
        for n in 1..=3 {
            received.push(out.emit(vec![n]).await);
        }
        out.emit(received).await;
    });
    let given: Vec<_> = (10..).map_while(|n| body.send(n)).collect();
    assert_eq!(given, [vec![1], vec![2], vec![3], vec![10, 11, 12, 13]]);
}

#[test]
fn nothing_follows_the_end() {
    let mut body = coroutine(|out, n| async move {
        out.emit(n).await;
    });
    assert_eq!(body.send(1), Some(1));
    assert!(iter::repeat_with(|| body.send(2)).take(4).all(|item| item.is_none()));
    let mut empty = coroutine(|out, _| async move { drop(out.emit(1)) });
    assert_eq!((empty.send(1), empty.send(2)), (None, None));
}

#[test]
fn a_panic_passes_to_the_send_and_ends_the_coroutine() {
    let mut divide = coroutine(|out, mut divisor: u32| async move {
        loop {
            divisor = out.emit(12_u32.checked_div(divisor).expect("a divisor")).await;
        }
    });
    assert_eq!((divide.send(3), divide.send(4)), (Some(4), Some(3)));
    assert_eq!(panic_of(|| divide.send(0)), "a divisor");
    assert_eq!((divide.send(3), divide.send(3)), (None, None));
}

#[test]
fn a_function_may_emit_for_the_body_and_receive() {
    use headwater::generate::CoroutineEmitter;

    async fn ask(out: &CoroutineEmitter<String, &str>, what: &str) -> usize {
        out.emit(format!("{what}?")).await.len()
    }
    let mut form = coroutine(|out, _| async move {
        let len = ask(&out, "name").await + ask(&out, "river").await;
        out.emit(len.to_string()).await;
    });
    assert_eq!(form.send("").as_deref(), Some("name?"));
    assert_eq!(form.send("Ada").as_deref(), Some("river?"));
    assert_eq!(form.send("Rhine").as_deref(), Some("8"));
    assert_eq!(form.send(""), None);
}

#[test]
fn a_reply_that_nobody_waits_for_is_not_given_to_the_next() {
    let mut body = coroutine(|out, _| async move {
        let _ = poll!(Box::pin(out.emit(0)));
        let reply = out.emit(1).await;
        out.emit(reply).await;
    });
    let given: Vec<_> = [5, 6, 7, 8].map(|n| body.send(n)).into_iter().flatten().collect();
    assert_eq!(given, [0, 1, 7], "6 answered the 0, which nobody waited for");
}

#[test]
fn a_reply_waits_for_the_emit_whose_item_it_answers() {
    let mut body = coroutine(|out, _| async move {
        let mut early = pin!(out.emit(0));
        assert!(poll!(&mut early).is_pending());
        let late = out.emit(1).await;
        out.emit(10 * early.await + late).await;
    });
    assert_eq!([1, 2, 3, 4].map(|n| body.send(n)), [Some(0), Some(1), Some(23), None]);
}

#[test]
fn emits_that_are_joined_get_the_replies_to_their_items() {
    let mut body = coroutine(|out, _| async move {
        let ask = async |n: usize| (n, out.emit(vec![n]).await);
        let mut replies = join_all((0..100).map(ask)).await;
        let (n, reply) = replies.swap_remove(70);
        assert_eq!(reply, [70, 70]);
        assert!(replies.iter().all(|(n, reply)| reply == &[*n, *n]));
        out.emit(vec![n]).await;
    });
    let mut sent = Vec::new();
    for _ in 0..100 {
        let n = body.send(sent).unwrap()[0];
        sent = vec![n, n];
    }
    assert_eq!(body.send(sent), Some(vec![70]));
    assert_eq!(body.send(vec![]), None);
}

#[test]
fn an_emit_that_is_polled_again_in_its_pull_gets_no_reply_of_another() {
    let mut body = coroutine(|out, _| async move {
        assert!(poll!(Box::pin(out.emit(0))).is_pending());
        let mut emit = pin!(out.emit(1));
        let reply = poll_fn(|cx| match emit.as_mut().poll(cx) {
            Poll::Pending => emit.as_mut().poll(cx),
            ready @ Poll::Ready(_) => ready,
        });
        out.emit(reply.await).await;
    });
    assert_eq!([5, 6, 7, 8].map(|n| body.send(n)), [Some(0), Some(1), Some(7), None]);
}

#[test]
fn what_is_sent_to_nobody_is_dropped_at_once() {
    let log = Log::default();
    let noting = log.clone();
    let mut body = coroutine(|out, _| async move {
        assert!(poll!(Box::pin(out.emit(0))).is_pending());
        let _ = out.emit(1).await;
        noting.note("before-2");
        out.emit(2).await;
    });
    assert_eq!(body.send(log.drops("argument")), Some(0));
    assert_eq!(log.take(), "argument");
    assert_eq!(body.send(log.drops("to-0")), Some(1));
    assert_eq!(log.take(), "to-0", "its emit is gone");
    assert_eq!(body.send(log.drops("to-1")), Some(2));
    assert_eq!(log.take(), "to-1 before-2");
}

#[test]
fn a_reply_is_dropped_with_the_emit_that_did_not_take_it() {
    let log = Log::default();
    let noting = log.clone();
    let mut body = coroutine(|out, _| async move {
        let mut kept = Box::pin(out.emit(0));
        assert!(poll!(&mut kept).is_pending());
        out.emit(1).await;
        drop(kept);
        noting.note("before-2");
        out.emit(2).await;
    });
    assert_eq!(body.send(log.drops("argument")), Some(0));
    assert_eq!(body.send(log.drops("to-0")), Some(1));
    assert_eq!(log.take(), "argument");
    assert_eq!(body.send(log.drops("to-1")), Some(2));
    assert_eq!(log.take(), "to-1 to-0 before-2");
}

#[test]
fn an_item_and_the_end_in_one_send_come_one_after_the_other() {
    let mut body = coroutine(|out, n: u32| async move {
        let _ = poll!(Box::pin(out.emit(n)));
    });
    assert_eq!((body.send(1), body.send(2), body.send(3)), (Some(1), None, None));
}

#[test]
fn many_values_go_to_and_fro() {
    let mut sums = coroutine(|out, mut n: u64| async move {
        let mut sum = 0;
        loop {
            sum += n;
            n = out.emit(sum).await;
        }
    });
    let last = (1..=100_000).map(|n| sums.send(n)).last();
    assert_eq!(last, Some(Some(5_000_050_000)));
}
