//! Streams: bodies that await anything.

use std::future::ready;
use std::sync::Arc;
use std::task::{Poll, Waker};
use std::thread;

use futures::Stream;
use futures::channel::{mpsc, oneshot};
use futures::executor::block_on;
use futures::future::{join, join_all};
use futures::stream::{self, FusedStream, StreamExt as _, TryStreamExt as _};
use headwater::generate::Emitter;
use headwater::stream::{generate, try_generate};

use crate::support::log::Log;
use crate::support::polls::{Wakes, poll_next, yield_now};

#[test]
fn nothing_runs_before_the_first_poll_nor_further_than_it_must() {
    let log = Log::default();
    let (closure, block) = (log.clone(), log.clone());
    let mut stream = generate(move |out| {
        closure.note("closure");
        async move {
            block.note("before-1");
            out.emit(1).await;
            block.note("before-2");
            yield_now().await;
            block.note("yielded");
            out.emit(2).await;
            block.note("end");
        }
    })
    .map(|n| 10 * n);
    drop(stream.next());
    assert_eq!((log.take(), stream.size_hint()), (String::new(), (0, None)));
    let mut polls = || (poll_next(&mut stream, Waker::noop()), log.take());
    assert_eq!(polls(), (Poll::Ready(Some(10)), "closure before-1".to_owned()));
    assert_eq!(polls(), (Poll::Pending, "before-2".to_owned()));
    assert_eq!(polls(), (Poll::Ready(Some(20)), "yielded".to_owned()));
    assert_eq!(polls(), (Poll::Ready(None), "end".to_owned()));
    assert_eq!(polls(), (Poll::Ready(None), String::new()));
}

#[test]
fn a_body_may_await_anything() {
    let (send, mut receive) = mpsc::channel(1);
    let numbers = generate(|out| async move {
        while let Some(n) = receive.next().await {
            yield_now().await;
            out.emit(n).await;
            out.emit(ready(n).await).await;
        }
    });
    let sending = stream::iter(0..100).map(Ok).forward(send);
    let summing = numbers.fold(0, async |sum, n| sum + n);
    assert_eq!(block_on(join(sending, summing)), (Ok(()), 9900));
}

#[test]
fn a_stream_runs_as_a_task_of_an_executor_with_threads() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let (send, mut receive) = tokio::sync::mpsc::channel(1);
    let doubled = try_generate(|out| async move {
        while let Some(n) = receive.recv().await {
            tokio::task::yield_now().await;
            out.emit(2 * n).await;
            join_all((0..40).map(|_| out.emit(0))).await;
        }
        Err("dry")
    });
    let sender = runtime.spawn(async move {
        for n in 0..100 {
            send.send(n).await.unwrap();
        }
    });
    let receiver = runtime.spawn(doubled.collect::<Vec<_>>());
    let items = runtime.block_on(async {
        sender.await.unwrap();
        receiver.await.unwrap()
    });
    assert_eq!((items.len(), items.last()), (100 * 41 + 1, Some(&Err("dry"))));
    assert_eq!(items.into_iter().flatten().sum::<i32>(), 9900);
}

#[test]
fn what_a_body_waits_for_wakes_the_stream() {
    let (send, receive) = oneshot::channel();
    let mut stream = generate(|out| async move {
        out.emit(0).await;
        out.emit(receive.await.unwrap()).await;
    });
    let (first, second) = (Arc::new(Wakes::default()), Arc::new(Wakes::default()));
    assert_eq!(poll_next(&mut stream, &first.clone().into()), Poll::Ready(Some(0)));
    assert_eq!(poll_next(&mut stream, &first.clone().into()), Poll::Pending);
    assert_eq!(poll_next(&mut stream, &second.clone().into()), Poll::Pending);
    thread::spawn(move || send.send(7)).join().unwrap().unwrap();
    assert_eq!((first.count(), second.count()), (0, 1), "the last that polled it is woken");
    assert_eq!(poll_next(&mut stream, &first.clone().into()), Poll::Ready(Some(7)));
    assert_eq!(poll_next(&mut stream, Waker::noop()), Poll::Ready(None));
}

#[test]
fn a_thread_that_sends_later_wakes_an_executor() {
    let (ask, asked) = std::sync::mpsc::channel::<oneshot::Sender<u32>>();
    let answering = thread::spawn(move || {
        asked.into_iter().zip(1..).for_each(|(answer, n)| answer.send(n).unwrap());
    });
    let answers = generate(|out| async move {
        for _ in 0..100 {
            let (answer, answered) = oneshot::channel();
            ask.send(answer).unwrap();
            out.emit(answered.await.unwrap()).await;
        }
    });
    assert_eq!(block_on(answers.collect::<Vec<_>>()), (1..=100).collect::<Vec<_>>());
    answering.join().unwrap();
}

#[test]
fn joined_emits_come_once_whatever_polls_the_stream() {
    let mut stream = generate(|out| async move {
        let late = async |n| {
            yield_now().await;
            out.emit(n).await;
        };
        join_all((0..100).map(|n| out.emit(n))).await;
        join_all((100..200).map(late)).await;
        futures::join!(out.emit(200), late(201), out.emit_all(202..210));
    });
    let mut items = Vec::new();
    loop {
        // Each poll is that of another task, at another place.
        let waker: Box<Waker> = Box::new(Arc::new(Wakes::default()).into());
        match poll_next(&mut stream, &waker) {
            Poll::Ready(Some(item)) => items.push(item),
            Poll::Ready(None) => break,
            Poll::Pending => {}
        }
    }
    items.sort_unstable();
    assert!(items.into_iter().eq(0..210));
}

#[test]
fn joined_emits_come_once_with_one_task() {
    let stream = generate(|out| async move {
        let late = async |n| {
            yield_now().await;
            out.emit(n).await;
            yield_now().await;
            out.emit(n + 100).await;
        };
        join_all((0..100).map(late)).await;
    });
    let mut items: Vec<_> = block_on(stream.collect());
    items.sort_unstable();
    assert!(items.into_iter().eq(0..200));
}

#[test]
fn streams_can_be_emitted_as_a_whole() {
    fn below(n: u32) -> impl Stream<Item = u32> {
        generate(async move |out: Emitter<u32>| {
            for n in 0..n {
                yield_now().await;
                out.emit(n).await;
            }
        })
    }
    let stream = generate(|out| async move {
        for n in 0..4 {
            out.emit_stream(below(n)).await;
        }
        out.emit_stream(stream::empty()).await;
        out.emit_stream(stream::repeat(9)).await;
    });
    assert_eq!(block_on(stream.take(8).collect::<Vec<_>>()), [0, 0, 1, 0, 1, 2, 9, 9]);
}

#[test]
fn the_first_error_ends_the_stream_that_is_emitted() {
    let log = Log::default();
    let (held, noting) = (log.drops("held"), log.clone());
    let mut stream = try_generate(|out| async move {
        out.emit_stream(stream::iter([1, 2])).await;
        out.emit_err("a rapid").await;
        let failing = try_generate(|out| async move {
            let _held = held;
            out.emit(3).await;
            yield_now().await;
            out.emit_err("a fall").await;
            unreachable!("nobody asks for more")
        });
        assert_eq!(out.try_emit_stream(failing).await, Err("a fall"));
        noting.note("returned");
        out.try_emit_stream(stream::iter([Ok(4), Err("dry"), Ok(5)])).await
    });
    let items = block_on(stream.by_ref().collect::<Vec<_>>());
    let expected = [Ok(1), Ok(2), Err("a rapid"), Ok(3), Ok(4), Err("dry")];
    assert_eq!(items, expected);
    assert_eq!(log.take(), "held returned");
    assert_eq!(block_on(stream.try_next()), Ok(None));
}

#[test]
fn the_results_of_a_stream_are_emitted_as_they_are() {
    let log = Log::default();
    let (held, noting) = (log.drops("held"), log.clone());
    let stream = try_generate(|out| async move {
        let failing = try_generate(|out| async move {
            let _held = held;
            out.emit(1).await;
            yield_now().await;
            out.emit_err("a rapid").await;
            out.emit(2).await;
            Err("a fall")
        });
        out.emit_result_stream(failing).await;
        noting.note("returned");
        out.emit_result_stream(stream::empty()).await;
        out.emit(3).await;
        Err("dry")
    });
    let items = block_on(stream.collect::<Vec<_>>());
    assert_eq!(items, [Ok(1), Err("a rapid"), Ok(2), Err("a fall"), Ok(3), Err("dry")]);
    assert_eq!(log.take(), "held returned");
}

#[test]
fn an_iterator_may_emit_a_stream_that_is_always_ready() {
    let ready = headwater::generate(|out| async move {
        out.emit_stream(stream::iter(0..3)).await;
    });
    assert!(ready.eq(0..3));
    let ready = headwater::try_generate(|out| async move {
        out.try_emit_stream(stream::iter([Ok(0), Err("dry")])).await
    });
    assert!(ready.eq([Ok(0), Err("dry")]));
}

#[test]
fn a_stream_tells_that_it_is_over() {
    let mut stream = generate(|out| async move {
        yield_now().await;
        assert!(futures::poll!(out.emit(1)).is_pending());
    });
    let mut poll = |expected, is_over: bool| {
        assert!(poll_next(&mut stream, Waker::noop()) == expected);
        assert_eq!(stream.is_terminated(), is_over);
        assert_eq!(stream.size_hint(), (0, is_over.then_some(0)));
    };
    poll(Poll::Pending, false);
    poll(Poll::Ready(Some(1)), false);
    poll(Poll::Ready(None), true);
    poll(Poll::Ready(None), true);

    let mut stream = try_generate(|out| async move {
        out.emit(1).await;
        Err("dry")
    });
    assert_eq!(block_on(stream.next()), Some(Ok(1)));
    assert!(!stream.is_terminated());
    assert_eq!(block_on(stream.next()), Some(Err("dry")));
    assert!(stream.is_terminated());
    assert_eq!((block_on(stream.next()), stream.size_hint()), (None, (0, Some(0))));
}

#[test]
fn streams_are_send_if_their_bodies_are_and_can_be_moved_and_printed() {
    fn is_send<T: Send + Unpin + std::fmt::Debug>(stream: &T, name: &str) {
        let text = format!("{stream:?}");
        assert!(text.starts_with(name) && text.ends_with(".. }"), "{text}");
    }
    struct Opaque;
    is_send(&generate(|out| async move { out.emit(Opaque).await }), "Generate");
    is_send(
        &try_generate(|out| async move {
            out.emit(Opaque).await;
            out.emit_stream(stream::empty()).await;
            Err(Opaque)
        }),
        "TryGenerate",
    );
}
