//! Threads that fetch ahead: that they do, how far, and when they end.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use headwater::Source;
use headwater::pages::{Page, Position, pages};

use super::server::{Server, n};
use crate::support::caught::panic_of;
use crate::support::handles::{Handle, Handles};

/// Long enough for anything that happens; short enough to tell that it does not.
const PATIENCE: Duration = Duration::from_secs(20);

thread_local! {
    /// What is dropped when the thread ends.
    static OF_THREAD: RefCell<Option<Handle<()>>> = const { RefCell::new(None) };
}

/// Has a handle live as long as the thread that calls this does.
fn mark(threads: &Handles) {
    OF_THREAD.with(|mark| _ = mark.borrow_mut().get_or_insert_with(|| threads.handle(())));
}

#[test]
fn a_page_is_fetched_while_the_consumer_has_the_one_before_it() {
    let (tell, held) = mpsc::channel();
    let (done, fetched) = mpsc::channel();
    let fetch = move |number: usize| {
        if number > 1 {
            assert_eq!(held.recv_timeout(PATIENCE), Ok(number - 1));
        }
        done.send(number).unwrap();
        Ok::<_, ()>(Page::new([number]).next((number < 9).then_some(number + 1)))
    };
    let mut pages = pages(1, fetch).prefetch(n(1));
    assert!(pages.next().unwrap().is_ok());
    assert_eq!(fetched.recv_timeout(PATIENCE), Ok(1));
    for number in 2..=9 {
        tell.send(number - 1).unwrap();
        assert_eq!(fetched.recv_timeout(PATIENCE), Ok(number), "fetched while nobody pulls");
        assert_eq!(pages.next().unwrap().unwrap().items, [number]);
    }
    assert!(pages.next().is_none());
}

#[test]
fn no_more_pages_are_there_than_are_allowed() {
    for ahead in 1..=4 {
        for at_once in [false, true] {
            let live = Handles::default();
            let most = Arc::new(AtomicUsize::new(0));
            let fetch = {
                let (live, most) = (live.clone(), Arc::clone(&most));
                move |number: usize| {
                    let page = Page::new([live.handle(number)]).meta(50_usize);
                    most.fetch_max(live.live(), Ordering::SeqCst);
                    Ok::<_, ()>(page.next((number < 50).then_some(number + 1)))
                }
            };
            let drain = |pages: &mut dyn Iterator<Item = Result<Page<Handle<usize>, _, _>, _>>| {
                let given = pages.map(Result::unwrap).inspect(|page: &Page<_, _, usize>| {
                    assert_eq!(page.items.len(), 1);
                });
                let given = given.count();
                assert_eq!(given, 50);
            };
            let unwrap = |error: headwater::pages::Error<usize, ()>| error.kind();
            if at_once {
                let feed =
                    pages(1, fetch).concurrent(n(ahead), |number, page| number + 1..=page.meta);
                drain(&mut feed.map(|page| page.map_err(unwrap)));
            } else {
                drain(&mut pages(1, fetch).prefetch(n(ahead)).map(|page| page.map_err(unwrap)));
            }
            let most = most.load(Ordering::SeqCst);
            assert!(most <= ahead + 1, "{most} pages with {ahead} ahead");
            live.none_before_long();
        }
    }
}

#[test]
fn as_many_are_fetched_at_once_as_are_allowed() {
    for at_once in 1..=6_usize {
        // Each fetch but the first waits until as many have begun.
        let begun = Arc::new((std::sync::Mutex::new(0), std::sync::Condvar::new()));
        let fetch = move |number: usize| {
            if number > 1 {
                let mut count = begun.0.lock().unwrap();
                *count += 1;
                begun.1.notify_all();
                let together = (*count - 1) / at_once * at_once + at_once;
                let late = |count: &mut usize| *count < together;
                let waited = begun.1.wait_timeout_while(count, PATIENCE, late).unwrap();
                assert!(!waited.1.timed_out(), "only {} are fetched at once", *waited.0);
            }
            let next = (number < 1 + 3 * at_once).then_some(number + 1);
            Ok::<_, ()>(Page::new([number]).next(next).meta(1 + 3 * at_once))
        };
        let feed = pages(1, fetch).concurrent(n(at_once), |number, page| number + 1..=page.meta);
        assert!(feed.items().map(Result::unwrap).eq(1..=1 + 3 * at_once));
    }
}

#[test]
fn dropping_it_does_not_wait_and_the_thread_ends_with_its_fetch() {
    let (threads, live) = (Handles::default(), Handles::default());
    let (tell, begun) = mpsc::channel();
    let (let_go, wait) = mpsc::channel::<()>();
    let fetch = {
        let (threads, live) = (threads.clone(), live.clone());
        let held = live.handle(());
        move |number: usize| {
            let _ = &held;
            mark(&threads);
            if number == 3 {
                tell.send(()).unwrap();
                // Nobody sends: it is let go of by the sender's drop.
                let _ = wait.recv();
            }
            Ok::<_, ()>(Page::new([live.handle(number)]).next(number + 1))
        }
    };
    let mut items = pages(1, fetch).prefetch(n(3)).items();
    drop(items.next());
    begun.recv_timeout(PATIENCE).unwrap();
    drop(items);
    assert_eq!((live.live(), threads.live()), (1, 1), "the fetch that is under way");
    drop(let_go);
    live.none_before_long();
    threads.none_before_long();
}

#[test]
fn the_threads_end_with_the_last_page_and_with_an_error() {
    let threads = Handles::default();
    for fault in [3, 99] {
        for at_once in [1, 3] {
            let server = Server::failing([1; 9], [fault]);
            let clone = threads.clone();
            let fetch = move |number| {
                mark(&clone);
                server.answer(number)
            };
            let feed =
                pages(1, fetch).concurrent(n(at_once), |number, page| number + 1..=page.meta);
            let mut items = feed.items();
            items.by_ref().for_each(drop);
            threads.none_before_long();
            items.resume_at(Position::from(9));
            assert_eq!(items.by_ref().map(Result::unwrap).collect::<Vec<_>>(), [8]);
            threads.none_before_long();
        }
    }
}

#[test]
fn a_panic_of_the_fetch_is_passed_on_once_and_behind_the_items_before_it() {
    for ahead in 1..5 {
        let mut panics = 1;
        let fetch = move |number: usize| {
            if number == 3 && panics > 0 {
                panics -= 1;
                panic!("spilt");
            }
            Ok::<_, ()>(Page::new([number]).next((number < 5).then_some(number + 1)))
        };
        let mut items = pages(1, fetch).prefetch(n(ahead)).items();
        assert!(items.by_ref().take(2).map(Result::unwrap).eq([1, 2]));
        assert_eq!(panic_of(|| items.next()), "spilt");
        assert!(items.next().is_none());
        assert_eq!(items.position(), Position::new(3, 0));
        items.resume_at(items.position());
        assert!(items.map(Result::unwrap).eq([3, 4, 5]));
    }
}

#[test]
fn nothing_is_fetched_before_the_first_pull() {
    let server = Server::new([1; 5]);
    let clone = server.clone();
    let mut items = pages(1, move |number| clone.answer(number)).prefetch(n(4)).items();
    items.resume_at(Position::from(4));
    drop(items);
    assert_eq!(server.requests(), Vec::<usize>::new());
}

#[test]
fn what_was_fetched_in_vain_is_not_given() {
    let (threads, live) = (Handles::default(), Handles::default());
    let (go, wait) = mpsc::channel::<()>();
    let (tell, begun) = mpsc::channel();
    let fetch = {
        let (threads, live) = (threads.clone(), live.clone());
        move |number: usize| {
            mark(&threads);
            tell.send(number).unwrap();
            wait.recv_timeout(PATIENCE).unwrap();
            let page = Page::new([live.handle(number)]).meta(number);
            Ok::<_, ()>(page.next((number < 9).then_some(number + 1)))
        }
    };
    let mut pages = pages(1, fetch).prefetch(n(2));
    go.send(()).unwrap();
    assert_eq!(pages.next().unwrap().unwrap().meta, 1);
    assert_eq!(begun.recv_timeout(PATIENCE), Ok(1));
    assert_eq!(begun.recv_timeout(PATIENCE), Ok(2), "it is under way");
    pages.resume_at(Position::from(7));
    (0..4).for_each(|_| go.send(()).unwrap());
    assert!(pages.by_ref().take(2).map(|page| page.unwrap().meta).eq([7, 8]));
    drop((pages, go));
    live.none_before_long();
    threads.none_before_long();
}
