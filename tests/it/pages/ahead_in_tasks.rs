//! Tasks that fetch ahead: that they do, how far, and when they end.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::thread;

use futures::channel::oneshot;
use futures::executor::{LocalPool, block_on};
use futures::future::join;
use futures::task::SpawnExt;
use futures::{FutureExt, StreamExt};
use headwater::pages::{Page, Position};
use headwater::stream::pages::{Fetch, Pages, Task};
use headwater::{Source, stream};

use super::server::{Answer, Server, n};
use crate::support::caught::panic_of;
use crate::support::handles::Handles;
use crate::support::polls::{poll_next, yield_now};

/// A stream of what the server gives, which waits a while for each page.
pub(super) fn feed(
    server: &Server,
) -> Pages<usize, impl Fetch<usize, Fetched = Answer> + Send + use<>> {
    let server = server.clone();
    stream::pages(1, move |number| {
        let server = server.clone();
        async move {
            for _ in 0..number % 3 {
                yield_now().await;
            }
            server.answer(number)
        }
    })
}

/// Runs a task on a thread of its own.
pub(super) fn spawn(task: Task) {
    drop(thread::spawn(|| block_on(task)));
}

/// Tasks that a test polls itself.
#[derive(Default)]
struct ByHand(RefCell<Vec<Task>>);

impl ByHand {
    fn spawn(&self, task: Task) {
        self.0.borrow_mut().push(task);
    }

    /// Polls all of them once, and returns how many are still there.
    fn poll(&self) -> usize {
        let mut cx = Context::from_waker(Waker::noop());
        self.0.borrow_mut().retain_mut(|task| task.as_mut().poll(&mut cx).is_pending());
        self.0.borrow().len()
    }
}

/// A fetch of an endless feed that is done when it is polled again.
fn endless(
    live: &Handles,
) -> Pages<usize, impl Fetch<usize, Fetched = Result<Page<usize, usize>, ()>> + Send + use<>> {
    let live = live.clone();
    stream::pages(1, move |number: usize| {
        let held = live.handle(());
        async move {
            yield_now().await;
            drop(held);
            Ok(Page::new([number]).next(number + 1))
        }
    })
}

#[test]
fn a_page_is_fetched_while_the_consumer_has_the_one_before_it() {
    let mut pool = LocalPool::new();
    let spawner = pool.spawner();
    let (mut gates, mut waits) = (Vec::new(), Vec::new());
    for _ in 0..10 {
        let (open, wait) = oneshot::channel::<()>();
        gates.push(Some(open));
        waits.push(Some(wait));
    }
    let (mut done, mut fetched) = (Vec::new(), Vec::new());
    for _ in 0..10 {
        let (send, receive) = oneshot::channel::<usize>();
        done.push(Some(send));
        fetched.push(Some(receive));
    }
    let fetch = move |number: usize| {
        let (wait, done) = (waits[number].take().unwrap(), done[number].take().unwrap());
        async move {
            wait.await.unwrap();
            done.send(number).unwrap();
            Ok::<_, ()>(Page::new([number]).next((number < 9).then_some(number + 1)))
        }
    };
    let mut pages = stream::pages(1, fetch).prefetch_on(n(1), |task| spawner.spawn(task).unwrap());
    pool.run_until(async {
        for number in 1..=9 {
            // Nobody polls the stream meanwhile, but for the first page.
            gates[number].take().unwrap().send(()).unwrap();
            let ready = fetched[number].take().unwrap();
            if number == 1 {
                let (page, ready) = join(pages.next(), ready).await;
                assert_eq!((page.unwrap().unwrap().items, ready), (vec![1], Ok(1)));
            } else {
                assert_eq!(ready.await, Ok(number));
                assert_eq!(pages.next().await.unwrap().unwrap().items, [number]);
            }
        }
        assert!(pages.next().await.is_none());
    });
}

#[cfg(feature = "tokio")]
#[test]
fn on_tokio_a_page_is_fetched_while_the_consumer_blocks() {
    use std::sync::mpsc;
    use std::time::Duration;

    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
    let (done, fetched) = mpsc::channel();
    let fetch = move |number: usize| {
        let done = done.clone();
        async move {
            tokio::task::yield_now().await;
            done.send(number).unwrap();
            Ok::<_, ()>(Page::new([number]).next((number < 9).then_some(number + 1)).meta(9_usize))
        }
    };
    let patience = Duration::from_secs(20);
    let mut pages = stream::pages(1, fetch.clone()).prefetch(n(1));
    runtime.block_on(async {
        assert!(pages.next().await.unwrap().is_ok());
        assert_eq!(fetched.recv_timeout(patience), Ok(1));
        for number in 2..=9 {
            assert_eq!(fetched.recv_timeout(patience), Ok(number));
            assert_eq!(pages.next().await.unwrap().unwrap().items, [number]);
        }
        assert!(pages.next().await.is_none());
    });
    let pages = stream::pages(1, fetch).concurrent(n(4), |number, page| number + 1..=page.meta);
    let items = runtime.block_on(pages.items().map(Result::unwrap).collect::<Vec<_>>());
    assert!(items.into_iter().eq(1..=9));
    let outside = stream::pages(1, async |_| Ok::<_, ()>(Page::<(), usize>::new([])));
    assert!(panic_of(|| block_on(outside.prefetch(n(1)).next())).contains("no reactor running"));
}

#[test]
fn no_more_pages_are_there_than_are_allowed() {
    for ahead in 1..=4 {
        let (live, most) = (Handles::default(), Arc::new(AtomicUsize::new(0)));
        let fetch = {
            let (live, most) = (live.clone(), Arc::clone(&most));
            move |number: usize| {
                let (live, most) = (live.clone(), Arc::clone(&most));
                async move {
                    let page = Page::new([live.handle(number)]);
                    most.fetch_max(live.live(), Ordering::SeqCst);
                    yield_now().await;
                    Ok::<_, ()>(page.next((number < 50).then_some(number + 1)))
                }
            }
        };
        let feed = stream::pages(1, fetch);
        let following = |number: &usize, _: &_| number + 1..=50;
        let pages = feed.concurrent_on(n(ahead), following, spawn);
        assert_eq!(block_on(pages.map(Result::unwrap).fold(0, async |n, _| n + 1)), 50);
        let most = most.load(Ordering::SeqCst);
        assert!(most <= ahead + 1, "{most} pages with {ahead} ahead");
        live.none_before_long();
    }
}

#[test]
fn as_many_are_fetched_at_once_as_are_allowed() {
    for at_once in 1..=6 {
        for total in [1, 2, 7, 30] {
            let (under_way, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
            let counts = (Arc::clone(&under_way), Arc::clone(&most));
            let fetch = move |number: usize| {
                let (under_way, most) = (Arc::clone(&counts.0), Arc::clone(&counts.1));
                async move {
                    let count = under_way.fetch_add(1, Ordering::SeqCst) + 1;
                    most.fetch_max(count, Ordering::SeqCst);
                    // Long enough for the consumer to take all that is here.
                    for _ in 0..20 {
                        yield_now().await;
                    }
                    under_way.fetch_sub(1, Ordering::SeqCst);
                    Ok::<_, ()>(Page::new([number]).next((number < total).then_some(number + 1)))
                }
            };
            let mut pool = LocalPool::new();
            let spawner = pool.spawner();
            let pages = stream::pages(1, fetch).concurrent_on(
                n(at_once),
                move |number, _| number + 1..=total,
                |task| spawner.spawn(task).unwrap(),
            );
            let items = pool.run_until(pages.items().map(Result::unwrap).collect::<Vec<_>>());
            assert!(items.into_iter().eq(1..=total));
            let most = most.load(Ordering::SeqCst);
            assert_eq!(most, at_once.min(total - 1).max(1), "{total} pages, {at_once} at once");
        }
    }
}

#[test]
fn dropped_at_any_time_the_fetch_is_dropped_and_the_task_ends() {
    for polls in 0..12 {
        for at_once in [false, true] {
            let (live, tasks) = (Handles::default(), ByHand::default());
            let feed = endless(&live);
            let spawn = |task| tasks.spawn(task);
            let mut poll: Box<dyn FnMut() -> usize> = if at_once {
                let following = |number: &usize, _: &_| number + 1..;
                let mut pages = feed.concurrent_on(n(3), following, spawn);
                Box::new(move || usize::from(poll_next(&mut pages, Waker::noop()).is_ready()))
            } else {
                let mut pages = feed.prefetch_on(n(2), spawn);
                Box::new(move || usize::from(poll_next(&mut pages, Waker::noop()).is_ready()))
            };
            let mut given = 0;
            for _ in 0..polls {
                given += poll();
                assert_eq!(tasks.poll(), 1);
            }
            assert!(given <= polls && (polls < 3 || given > 0), "{given} after {polls}");
            drop(poll);
            assert_eq!(tasks.poll(), 0, "dropped after {polls}");
            assert_eq!(live.live(), 0, "dropped after {polls}");
        }
    }
}

#[test]
fn a_wait_that_is_given_up_loses_nothing_and_stops_nothing() {
    let server = Server::new([2, 0, 3, 1]);
    let tasks = ByHand::default();
    let mut items = feed(&server).prefetch_on(n(2), |task| tasks.spawn(task)).items();
    let mut given = Vec::new();
    loop {
        match items.next().now_or_never() {
            Some(Some(item)) => given.push(item.unwrap()),
            Some(None) => break,
            None => _ = tasks.poll(),
        }
    }
    assert_eq!((given, server.requests()), (server.items(), vec![1, 2, 3, 4]));
    assert_eq!(tasks.poll(), 0, "the task ends with the last page");
    items.resume_at(Position::new(3, 1));
    assert!(items.next().now_or_never().is_none());
    assert_eq!(tasks.poll(), 1, "another task begins");
}

#[test]
fn nobody_waits_for_what_is_not_asked_for() {
    // Two pages are fetched, and then the task waits for the consumer.
    let (live, tasks) = (Handles::default(), ByHand::default());
    let mut pages = endless(&live).prefetch_on(n(2), |task| tasks.spawn(task));
    assert!(poll_next(&mut pages, Waker::noop()).is_pending());
    (0..9).for_each(|_| assert_eq!(tasks.poll(), 1));
    assert_eq!(live.live(), 0);
    assert!(poll_next(&mut pages, Waker::noop()).is_ready());
    assert_eq!((tasks.poll(), live.live()), (1, 1));
    // What was asked for elsewhere drops what is under way.
    pages.resume_at(Position::from(50));
    assert_eq!(live.live(), 1);
    assert!(poll_next(&mut pages, Waker::noop()).is_pending());
    (0..9).for_each(|_| assert_eq!(tasks.poll(), 1));
    let Poll::Ready(Some(Ok(page))) = poll_next(&mut pages, Waker::noop()) else { panic!() };
    assert_eq!(page.items, [50]);
}

#[test]
fn a_panic_of_the_fetch_is_passed_on_once_and_behind_the_items_before_it() {
    for panics_late in [false, true] {
        for at_once in 1..4 {
            let mut panics = 1;
            let fetch = move |number: usize| {
                let bang = number == 3 && panics > 0;
                panics -= usize::from(bang);
                assert!(!bang || panics_late, "spilt");
                async move {
                    assert!(!bang, "spilt");
                    Ok::<_, ()>(Page::new([number]).next((number < 5).then_some(number + 1)))
                }
            };
            let pages = stream::pages(1, fetch);
            let mut items = pages.concurrent_on(n(at_once), |n, _| n + 1..=5, spawn).items();
            assert_eq!(block_on(items.next()).unwrap().unwrap(), 1);
            assert_eq!(block_on(items.next()).unwrap().unwrap(), 2);
            assert_eq!(panic_of(|| block_on(items.next())), "spilt");
            assert!(block_on(items.next()).is_none());
            assert_eq!(items.position(), Position::new(3, 0));
            items.resume_at(items.position());
            assert!(block_on(items.map(Result::unwrap).collect::<Vec<_>>()).iter().eq(&[3, 4, 5]));
        }
    }
}

#[test]
fn a_task_that_is_dropped_before_its_end_is_told_of() {
    let live = Handles::default();
    let mut pages = endless(&live).prefetch_on(n(2), drop);
    let gone = "the executor has dropped what fetches pages ahead";
    assert_eq!(panic_of(|| block_on(pages.next())), gone);
    let tasks = ByHand::default();
    let mut pages = endless(&live).prefetch_on(n(2), |task| tasks.spawn(task));
    assert!(poll_next(&mut pages, Waker::noop()).is_pending());
    tasks.poll();
    tasks.0.borrow_mut().clear();
    assert_eq!(live.live(), 0);
    assert_eq!(panic_of(|| poll_next(&mut pages, Waker::noop())), gone);
}

#[test]
fn one_that_fetches_ahead_is_not_asked_for_several_pages_at_once() {
    let server = Server::new([1; 5]);
    let pages = feed(&server).prefetch_on(n(2), spawn).concurrent_on(n(4), |n, _| n + 1..=5, spawn);
    let said = panic_of(|| block_on(pages.for_each(|_| async {})));
    assert!(said.starts_with("several pages at once were asked of what fetches"), "{said}");
}

#[test]
fn no_more_pages_are_fetched_than_are_allowed() {
    for most in 1..6 {
        let server = Server::new([1; 9]);
        let pages = feed(&server).max_pages(most).prefetch_on(n(3), spawn);
        let given: Vec<_> = block_on(pages.map(|page| page.is_ok()).collect());
        assert_eq!(given.iter().filter(|is_ok| **is_ok).count() as u64, most);
        assert_eq!(server.requests().len() as u64, most);
    }
}

#[test]
fn it_is_send_if_spawning_is() {
    fn sent<T: Send>(sent: T) -> T {
        sent
    }
    let server = Server::new([1]);
    drop(sent(feed(&server).prefetch_on(n(1), spawn).items()));
    let count = Cell::new(0);
    let counting = |task| {
        count.set(count.get() + 1);
        spawn(task);
    };
    let items = feed(&server).prefetch_on(n(1), counting).items();
    assert_eq!(block_on(items.count()), 1);
    assert_eq!(count.get(), 1);
}
