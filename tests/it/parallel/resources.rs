//! What is open and held meanwhile, and what is not any more afterwards.

use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicUsize, Ordering};

use headwater::lines;
use rayon::prelude::*;

use super::{POOLS, on_every_pool};
use crate::support::caught::panic_of;
use crate::support::demand::Demand;
use crate::support::handles::{Handles, open_below};
use crate::support::panics::never_opened;

fn log() -> Vec<u8> {
    (0..2000).flat_map(|line| format!("line {line}\n").into_bytes()).collect()
}

#[test]
fn nothing_is_opened_before_it_is_driven() {
    let lines = lines::random_access(never_opened).into_par_iter();
    assert!(format!("{lines:?}").starts_with("Parallel { lines: Lines"), "{lines:?}");
    drop(lines::random_access(never_opened).containing("a").into_par_iter().map(drop));
    drop(lines::random_access(never_opened).par_blocks().filter(|_| true));
    drop(lines::random_access(never_opened).blocks().into_par_iter());
}

#[test]
fn it_is_opened_once_and_closed_at_the_end() {
    let (log, handles, opened) = (log(), Handles::default(), AtomicUsize::new(0));
    let open = || {
        let lines = lines::random_access(|| {
            opened.fetch_add(1, Ordering::SeqCst);
            Ok(handles.handle(&log[..]))
        });
        lines.block_size(64.try_into().unwrap())
    };
    on_every_pool(|pool| {
        opened.store(0, Ordering::SeqCst);
        let count = open()
            .into_par_iter()
            .inspect(|_| assert_eq!(handles.live(), 1, "{pool}"))
            .filter(Result::is_ok)
            .count();
        assert_eq!((count, opened.load(Ordering::SeqCst), handles.live()), (2000, 1, 0), "{pool}");
        let kept: Vec<_> = open().par_blocks().collect();
        assert_eq!((kept.is_empty(), handles.live()), (false, 0), "{pool}");
    });
}

#[test]
fn a_panic_passes_on_and_closes_what_is_open() {
    let (log, handles) = (log(), Handles::default());
    on_every_pool(|pool| {
        let lines = lines::random_access(|| Ok(handles.handle(&log[..])));
        let lines = lines.block_size(64.try_into().unwrap());
        let message = panic_of(AssertUnwindSafe(|| {
            lines
                .into_par_iter()
                .for_each(|line| assert_ne!(line.unwrap(), "line 1234", "found it"));
        }));
        assert!(message.contains("found it"), "{message}, {pool}");
        assert_eq!(handles.live(), 0, "{pool}");
    });
}

#[test]
fn files_are_closed_whichever_way_it_ends() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.log");
    std::fs::write(&path, log()).unwrap();
    let open = || lines(&path).unwrap().block_size(64.try_into().unwrap());
    on_every_pool(|pool| {
        let lines: Result<Vec<_>, _> = open().into_par_iter().collect();
        assert_eq!((lines.unwrap().len(), open_below(folder.path())), (2000, 0), "{pool}");
        assert!(open().into_par_iter().any(|line| line.unwrap() == "line 700"), "{pool}");
        assert_eq!(open_below(folder.path()), 0, "{pool}");
        let panics = AssertUnwindSafe(|| open().par_blocks().for_each(|_| panic!("no")));
        assert!(panic::catch_unwind(panics).is_err());
        assert_eq!(open_below(folder.path()), 0, "{pool}");
        drop(open().into_par_iter());
        assert_eq!(open_below(folder.path()), 0, "{pool}");
    });
}

#[test]
fn each_thread_has_one_block_in_use_and_none_is_larger_than_asked_for() {
    let log = b"0123456789abcde\n".repeat(1 << 16);
    let (live, most, demand) = (AtomicUsize::new(0), AtomicUsize::new(0), Demand::default());
    for pool in &*POOLS {
        most.store(0, Ordering::SeqCst);
        let lines = lines::random_access(|| Ok(demand.watch(&log[..])));
        let count: usize = pool.install(|| {
            let blocks = lines.block_size((8 << 10).try_into().unwrap()).par_blocks();
            let counts = blocks.map(|block| {
                most.fetch_max(live.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                let count = block.map_or(0, Iterator::count);
                live.fetch_sub(1, Ordering::SeqCst);
                count
            });
            counts.sum()
        });
        assert_eq!(count, 1 << 16);
        assert!(most.load(Ordering::SeqCst) <= pool.current_num_threads());
        assert_eq!(demand.largest(), 8 << 10);
    }
}

#[test]
fn a_line_of_many_parts_is_not_read_by_each() {
    let len = 1 << 20;
    let mut log = vec![b'a'; len];
    log[len / 4] = b'\n';
    for pool in &*POOLS {
        let demand = Demand::default();
        let lines = lines::random_access(|| Ok(demand.watch(&log[..])));
        let lines = lines.block_size(4096.try_into().unwrap());
        let lens: Vec<usize> =
            pool.install(|| lines.into_par_iter().map(|line| line.unwrap().len()).collect());
        assert_eq!(lens, [len / 4, len - len / 4 - 1]);
        assert!(demand.total() < 5 * len, "{} bytes of {len}", demand.total());
    }
}
