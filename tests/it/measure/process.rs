//! Scopes of the process. They see all threads, so each test has a process of its own.

use std::hint::black_box;
use std::panic::catch_unwind;
use std::sync::Barrier;
use std::thread;

use headwater::measure::{measure, process};

use crate::support::own_process::in_its_own_process;

const MIB: usize = 1 << 20;

/// More than threads need to be started, and less than a block.
const BESIDES: u64 = 64 << 10;

fn block(len: usize) -> Vec<u8> {
    black_box(Vec::with_capacity(len))
}

/// Holds that a figure is what is expected, but for a little.
fn is_about(figure: u64, expected: usize, context: &str) {
    assert!(figure.abs_diff(expected as u64) < BESIDES, "{context}: {figure}");
}

#[test]
fn all_threads_count_to_the_byte_of_their_sum() {
    in_its_own_process("measure::process::all_threads_count_to_the_byte_of_their_sum", || {
        let barrier = Barrier::new(4);
        let hold = || {
            let held = block(MIB);
            barrier.wait();
            barrier.wait();
            drop(held);
        };
        let ((), usage) = process(|| {
            thread::scope(|scope| {
                for _ in 0..4 {
                    scope.spawn(hold);
                }
            });
        });
        is_about(usage.peak(), 4 * MIB, "at one time");
        is_about(usage.allocated_bytes(), 4 * MIB, "in all");
        assert!(usage.live_at_end().unsigned_abs() < BESIDES, "{usage}");
        assert_eq!(measure(|| process(|| drop(block(10)))).0.1.peak(), 10, "exactly");
    });
}

#[test]
fn memory_may_go_from_thread_to_thread() {
    in_its_own_process("measure::process::memory_may_go_from_thread_to_thread", || {
        let ((), usage) = process(|| {
            for _ in 0..100 {
                let held = thread::spawn(|| block(MIB)).join().unwrap();
                thread::spawn(move || drop(held)).join().unwrap();
            }
        });
        is_about(usage.peak(), MIB, "one at a time");
        assert!(usage.live_at_end().unsigned_abs() < BESIDES, "{usage}");
    });
}

#[test]
fn scopes_may_overlap() {
    in_its_own_process("measure::process::scopes_may_overlap", || {
        let at = Barrier::new(2);
        let (first, second) = thread::scope(|scope| {
            let first = scope.spawn(|| {
                process(|| {
                    at.wait(); // the first has begun
                    at.wait(); // the second has begun
                    drop(block(2 * MIB));
                })
            });
            let second = scope.spawn(|| {
                at.wait();
                drop(block(4 * MIB));
                process(|| {
                    at.wait();
                    first.join().unwrap().1
                })
            });
            let (first, second) = second.join().unwrap();
            (first, second)
        });
        is_about(first.peak(), 4 * MIB, "the peak before the second began");
        is_about(second.peak(), 2 * MIB, "not the peak before it began");
    });
}

#[test]
fn scopes_may_nest_deeply() {
    fn nested(depth: usize, besides: u64) -> u64 {
        let (below, usage) = process(|| {
            let held = block(1000);
            let below = if depth > 1 { nested(depth - 1, besides) } else { 0 };
            drop(held);
            below
        });
        let (peak, expected) = (usage.peak(), 1000 * depth as u64);
        assert!((expected..=expected + besides).contains(&peak), "{depth}: {peak}");
        assert!(peak > below);
        peak
    }
    in_its_own_process("measure::process::scopes_may_nest_deeply", || {
        // The thread that runs the tests is there, too.
        nested(16, 2048);
        // Beyond that, the list of scopes grows, which those around see.
        nested(40, 16_384);
    });
}

#[test]
fn a_panic_ends_its_scope() {
    in_its_own_process("measure::process::a_panic_ends_its_scope", || {
        let inner = || {
            process(|| {
                let held = block(MIB);
                std::panic::resume_unwind(Box::new(held.len()))
            })
        };
        let (caught, outer) = process(|| catch_unwind(inner).map(|((), _)| ()).is_err());
        assert!(caught);
        is_about(outer.peak(), MIB, "that of the inner one");
        assert_eq!(process(|| drop(block(10))).1.peak(), 10);
    });
}

#[test]
fn what_changes_its_size_is_counted_with_the_new_one() {
    in_its_own_process(
        "measure::process::what_changes_its_size_is_counted_with_the_new_one",
        || {
            let (_, usage) = process(|| {
                let mut held = block(1000);
                held.reserve_exact(3000);
                held.push(1);
                held.shrink_to(500);
                held
            });
            assert_eq!((usage.peak(), usage.live_at_end()), (3000, 500));
            assert_eq!((usage.allocations(), usage.allocated_bytes()), (3, 3000));
        },
    );
}
