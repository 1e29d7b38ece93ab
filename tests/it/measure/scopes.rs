//! Scopes of one thread: each byte is counted, once, where it is allocated and where it is freed.

use std::cell::RefCell;
use std::hint::black_box;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::thread;

use headwater::measure::{Usage, measure, so_far};

/// Peak, live at the end, allocations, bytes.
fn figures(usage: Usage) -> (u64, i64, u64, u64) {
    (usage.peak(), usage.live_at_end(), usage.allocations(), usage.allocated_bytes())
}

fn block(len: usize) -> Vec<u8> {
    black_box(Vec::with_capacity(len))
}

#[test]
fn nothing_is_nothing() {
    let (value, usage) = measure(|| 7);
    assert_eq!((value, figures(usage)), (7, (0, 0, 0, 0)));
    assert_eq!(usage, Usage::default());
}

#[test]
fn blocks_count_with_the_size_that_was_asked_for() {
    let ((), usage) = measure(|| drop(block(1000)));
    assert_eq!(figures(usage), (1000, 0, 1, 1000));
    let (kept, usage) = measure(|| block(1000));
    assert_eq!(figures(usage), (1000, 1000, 1, 1000));
    drop(kept);
    let (_, usage) = measure(|| black_box(vec![0_u8; 5000]));
    assert_eq!(figures(usage), (5000, 5000, 1, 5000), "zeroed");
    let ((), usage) = measure(|| drop((block(30), block(20))));
    assert_eq!(figures(usage), (50, 0, 2, 50), "at one time");
    let ((), usage) = measure(|| {
        drop(block(30));
        drop(block(20));
    });
    assert_eq!(figures(usage), (30, 0, 2, 50), "one after the other");
}

#[test]
fn a_block_that_changes_its_size_counts_with_the_new_one() {
    let grow = |from: usize, to: usize| {
        measure(move || {
            let mut block = block(from);
            block.reserve_exact(to);
            block
        })
    };
    assert_eq!(figures(grow(1000, 3000).1), (3000, 3000, 2, 3000));
    let large = 64 << 20;
    assert_eq!(figures(grow(large, 2 * large).1).0, 2 * large as u64, "not the old one besides");
    let (_, usage) = measure(|| {
        let mut block = block(3000);
        block.push(1);
        block.shrink_to(1000);
        block
    });
    assert_eq!(figures(usage), (3000, 1000, 2, 3000));
}

#[test]
fn what_was_there_before_can_be_freed() {
    let before = block(1000);
    let (_, usage) = measure(|| {
        drop(before);
        block(100)
    });
    assert_eq!(figures(usage), (0, -900, 1, 100));
    assert_eq!(usage.to_string(), "peak 0 B, -900 B live at the end, 100 B in 1 allocation");
}

#[test]
fn scopes_nest_and_the_outer_one_has_the_peak_of_the_inner_one() {
    let (usages, outer) = measure(|| {
        let kept = block(100);
        let ((), first) = measure(|| drop(block(5000)));
        let ((), second) = measure(|| drop(block(10)));
        drop(kept);
        (first, second)
    });
    assert_eq!(figures(usages.0), (5000, 0, 1, 5000));
    assert_eq!(figures(usages.1), (10, 0, 1, 10));
    assert_eq!(figures(outer), (5100, 0, 3, 5110));
    let (inner, outer) = measure(|| {
        drop(block(5000));
        measure(|| drop(block(10))).1
    });
    assert_eq!((inner.peak(), outer.peak()), (10, 5000), "the peak before the inner one");
    let (inner, outer) = measure(|| {
        let inner = measure(|| drop(block(10))).1;
        drop(block(5000));
        inner
    });
    assert_eq!((inner.peak(), outer.peak()), (10, 5000), "the peak after the inner one");
}

#[test]
fn so_far_is_that_of_the_innermost_scope() {
    assert_eq!(so_far(), None);
    let (_, usage) = measure(|| {
        let kept = block(100);
        assert_eq!(so_far().map(figures), Some((100, 100, 1, 100)));
        measure(|| {
            assert_eq!(so_far(), Some(Usage::default()));
            drop(block(30));
            assert_eq!(so_far().map(figures), Some((30, 0, 1, 30)));
        });
        assert_eq!(so_far().map(figures), Some((130, 100, 2, 130)));
        drop(kept);
        so_far()
    });
    assert_eq!(figures(usage), (130, 0, 2, 130));
    assert_eq!(so_far(), None);
}

#[test]
fn a_panic_ends_its_scope_and_leaves_the_outer_one() {
    let caught = catch_unwind(AssertUnwindSafe(|| {
        measure(|| {
            drop(block(1 << 20));
            panic::resume(());
        })
    }));
    assert!(caught.is_err());
    assert_eq!(so_far(), None, "the scope has ended");
    let ((), outer) = measure(|| {
        let kept = block(100);
        let inner = || measure(|| (block(5000), panic::resume(())));
        assert!(catch_unwind(inner).is_err());
        assert_eq!(so_far().map(|usage| usage.live_at_end()), Some(100));
        drop(kept);
    });
    // Besides, what an unwinding panic allocates.
    assert!((5100..6000).contains(&outer.peak()), "{outer}");
    assert_eq!(outer.live_at_end(), 0);
}

/// Panics without a message, which would be printed.
mod panic {
    pub(super) fn resume(payload: ()) {
        std::panic::resume_unwind(Box::new(payload));
    }
}

#[test]
fn other_threads_do_not_count() {
    let (send, receive) = mpsc::channel::<()>();
    let (ready, started) = mpsc::channel();
    let other = thread::spawn(move || {
        ready.send(()).unwrap();
        let mut kept = Vec::new();
        while receive.try_recv().is_err() {
            kept.push(block(1000));
            kept.truncate(100);
        }
    });
    started.recv().unwrap();
    for _ in 0..1000 {
        assert_eq!(figures(measure(|| drop(block(10))).1), (10, 0, 1, 10));
    }
    send.send(()).unwrap();
    other.join().unwrap();
}

#[test]
fn memory_counts_where_it_is_allocated_and_where_it_is_freed() {
    let (send, receive) = mpsc::sync_channel(1);
    let other = thread::spawn(move || {
        let given: Vec<u8> = receive.recv().unwrap();
        measure(|| drop(given)).1
    });
    let (given, here) = measure(|| block(1000));
    send.send(given).unwrap();
    assert_eq!(figures(here), (1000, 1000, 1, 1000));
    assert_eq!(figures(other.join().unwrap()), (0, -1000, 0, 0));
}

#[test]
fn a_thread_can_be_measured_to_its_last_moment() {
    thread_local!(static LAST: RefCell<Vec<Late>> = const { RefCell::new(Vec::new()) });
    struct Late(mpsc::Sender<Usage>);
    impl Drop for Late {
        fn drop(&mut self) {
            let _ = self.0.send(measure(|| drop(block(1000))).1);
        }
    }
    let (send, receive) = mpsc::channel();
    thread::spawn(move || LAST.with_borrow_mut(|last| last.push(Late(send)))).join().unwrap();
    assert_eq!(figures(receive.recv().unwrap()), (1000, 0, 1, 1000));
}

#[test]
fn two_runs_are_equal() {
    let pipeline = || {
        let log = headwater::lines("fixtures/apache_access.log").unwrap();
        let mut hosts: Vec<_> = log.map(|line| line.unwrap()[..7].to_vec()).collect();
        hosts.sort();
        hosts.dedup();
        hosts.len()
    };
    pipeline();
    let (first, second) = (measure(pipeline), measure(pipeline));
    assert_eq!(first, second);
    assert!(first.1.peak() > 100_000, "{}", first.1);
}

#[test]
fn bytes_are_told_in_their_unit() {
    let text = |len| measure(|| drop(block(len))).1.to_string();
    assert_eq!(text(1023), "peak 1023 B, 0 B live at the end, 1023 B in 1 allocation");
    assert!(text(1024).starts_with("peak 1.0 KiB,"));
    assert!(text((1 << 20) - 1).starts_with("peak 1023.9 KiB,"));
    assert!(text(3 << 19).starts_with("peak 1.5 MiB,"));
    assert!(text(5 << 30).starts_with("peak 5.0 GiB,"));
}
