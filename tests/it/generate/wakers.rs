//! Emits that are polled with wakers of their own, wherever those lie.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

use futures::future::{join, join_all};
use headwater::generate;
use headwater::generate::Emitter;

/// Joins futures, and polls each of them only when that one was woken.
struct Choosy<'a>(Vec<Child<'a>>);

struct Child<'a> {
    future: Pin<Box<dyn Future<Output = ()> + Send + 'a>>,
    alarm: Arc<Alarm>,
}

struct Alarm {
    is_woken: AtomicBool,
    parent: Mutex<Waker>,
}

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        self.is_woken.store(true, Ordering::SeqCst);
        self.parent.lock().unwrap().wake_by_ref();
    }
}

impl<'a> Choosy<'a> {
    fn new<F: Future<Output = ()> + Send + 'a>(futures: impl IntoIterator<Item = F>) -> Self {
        let child = |future| {
            let parent = Mutex::new(Waker::noop().clone());
            let alarm = Arc::new(Alarm { is_woken: AtomicBool::new(true), parent });
            Child { future: Box::pin(future), alarm }
        };
        Self(futures.into_iter().map(child).collect())
    }
}

impl Future for Choosy<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.0.retain_mut(|Child { future, alarm }| {
            alarm.parent.lock().unwrap().clone_from(cx.waker());
            // Each lies where the one before it lay.
            let waker = Waker::from(Arc::clone(alarm));
            let is_woken = alarm.is_woken.swap(false, Ordering::SeqCst);
            !is_woken || future.as_mut().poll(&mut Context::from_waker(&waker)).is_pending()
        });
        if self.0.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    }
}

async fn emit_two(out: &Emitter<usize>, n: usize) {
    out.emit(2 * n).await;
    out.emit(2 * n + 1).await;
}

/// Emits 0 to 199, joined in many ways.
async fn emit_all_ways(out: &Emitter<usize>) {
    Choosy::new((0..20).map(|n| emit_two(out, n))).await;
    let row = |n: usize| Choosy::new((10 * n..10 * (n + 1)).map(|n| emit_two(out, n)));
    Choosy::new((2..5).map(row)).await;
    join(row(5), join_all((120..200).map(|n| out.emit(n)))).await;
}

#[test]
fn emits_are_woken_whose_wakers_lie_where_others_lay() {
    let mut items: Vec<_> = generate(|out| async move { emit_all_ways(&out).await }).collect();
    items.sort_unstable();
    assert!(items.into_iter().eq(0..200));
}

#[cfg(feature = "async")]
mod of_streams {
    use std::hint::black_box;
    use std::pin::pin;

    use super::{Arc, Context, Poll, Waker, emit_all_ways};
    use crate::support::polls::{Wakes, poll_next};
    use futures::Stream;
    use headwater::stream;

    /// Polls with a waker that lies so deep down the stack.
    fn poll_below<S: Stream + Unpin>(
        stream: &mut S,
        waker: &Waker,
        depth: u32,
    ) -> Poll<Option<S::Item>> {
        let here = black_box(waker.clone());
        if depth == 0 { poll_next(stream, &here) } else { poll_below(stream, &here, depth - 1) }
    }

    #[test]
    fn a_stream_may_be_polled_with_wakers_that_lie_where_its_emits_had_theirs() {
        let mut stream = stream::generate(|out| async move { emit_all_ways(&out).await });
        let waker = Waker::from(Arc::new(Wakes::default()));
        let mut items = Vec::new();
        for depth in (0..50).cycle() {
            match poll_below(&mut stream, &waker, depth) {
                Poll::Ready(Some(item)) => items.push(item),
                Poll::Ready(None) => break,
                Poll::Pending => unreachable!("it waits for nothing but its pulls"),
            }
        }
        items.sort_unstable();
        assert!(items.into_iter().eq(0..200));
    }

    #[test]
    fn an_emit_that_waits_with_another_clone_of_the_task_wakes_nobody() {
        let mut stream = stream::generate(|out| async move {
            let mut emits = pin!(async { out.emit_all(0..10).await });
            std::future::poll_fn(|cx| {
                let waker = cx.waker().clone();
                emits.as_mut().poll(&mut Context::from_waker(&waker))
            })
            .await;
        });
        let wakes = Arc::new(Wakes::default());
        let task = Waker::from(Arc::clone(&wakes));
        for n in 0..10 {
            assert_eq!(poll_next(&mut stream, &task), Poll::Ready(Some(n)));
        }
        assert_eq!(poll_next(&mut stream, &task), Poll::Ready(None));
        assert_eq!(wakes.count(), 0, "it is polled with each pull anyway");
    }
}
