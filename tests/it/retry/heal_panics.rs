//! Panics: what a source or a hook panicked in is opened again where the last item was delivered.

use std::cell::Cell;
use std::io;
use std::iter;
use std::num::NonZeroUsize;
use std::panic;
use std::time::Duration;

use headwater::lines::{self, ReadAt};
use headwater::prelude::*;
use headwater::retry::{Reason, Statistics};
use headwater::{Retry, try_unfold};

use super::persistent;
use crate::support::caught::panic_of;
use crate::support::handles::Handles;
use crate::support::hostile::Failing;

const LOG: &[u8] = b"1\n22\n333\n4444\n";

/// Panics the first time that it is asked, without a word on standard error.
#[derive(Debug)]
struct Once(Cell<bool>);

impl Once {
    fn new() -> Self {
        Self(Cell::new(true))
    }

    fn panic(&self) {
        if self.0.replace(false) {
            panic::resume_unwind(Box::new("stop".to_owned()));
        }
    }
}

/// A storage that panics once when byte 5 is asked for.
struct Panicking<'a>(&'a Once);

impl ReadAt for Panicking<'_> {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let len = buf.len().min(2);
        if offset == 5 {
            self.0.panic();
        }
        LOG.read_at(&mut buf[..len], offset)
    }

    fn size(&self) -> io::Result<u64> {
        LOG.size()
    }
}

#[test]
fn a_source_that_panics_is_opened_again_at_its_position() {
    let (once, handles, opened) = (Once::new(), Handles::default(), Cell::new(0));
    let lines = lines::random_access(|| {
        opened.set(opened.get() + 1);
        assert_eq!(handles.live(), 0, "two are open at once");
        Ok(handles.handle(Panicking(&once)))
    });
    // The identity would meet the panic first.
    once.0.set(false);
    let mut healed = lines.block_size(NonZeroUsize::MIN).retry(persistent());
    assert_eq!(healed.next().unwrap().unwrap(), "1");
    assert_eq!(healed.next().unwrap().unwrap(), "22");
    let noted = healed.position();
    once.0.set(true);
    assert_eq!(panic_of(|| healed.next()), "stop");
    assert_eq!((healed.position(), opened.get()), (noted, 1));
    assert!(healed.by_ref().map(Result::unwrap).eq(["333", "4444"]));
    assert_eq!((opened.get(), handles.live()), (2, 0));
}

/// A source that can't be pulled on after a panic, and says so.
struct Fragile<'a> {
    at: u32,
    is_broken: bool,
    once: &'a Once,
}

impl Iterator for Fragile<'_> {
    type Item = Result<u32, &'static str>;

    fn next(&mut self) -> Option<Self::Item> {
        assert!(!self.is_broken, "it is pulled on");
        if self.at == 2 {
            self.is_broken = true;
            self.once.panic();
            self.is_broken = false;
        }
        self.at += 1;
        (self.at < 6).then_some(Ok(self.at))
    }
}

impl Source for Fragile<'_> {
    type Position = u32;

    fn position(&self) -> u32 {
        self.at
    }

    fn resume_at(&mut self, at: u32) {
        (self.at, self.is_broken) = (at, false);
    }
}

#[test]
fn a_source_that_panicked_is_not_pulled_on() {
    let once = Once::new();
    let mut healed = Fragile { at: 0, is_broken: false, once: &once }.retry(persistent());
    assert!(healed.by_ref().take(2).map(Result::unwrap).eq([1, 2]));
    assert_eq!(panic_of(|| healed.next()), "stop");
    assert!(healed.map(Result::unwrap).eq([3, 4, 5]));
}

/// Sets a policy's hook, of which the first call panics.
type Hook = fn(Retry) -> Retry<headwater::retry::On<headwater::Error>>;

fn first_call_panics() -> impl Fn() + Send + Sync {
    let calls = std::sync::atomic::AtomicU32::new(0);
    move || {
        if calls.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 0 {
            panic::resume_unwind(Box::new("stop".to_owned()));
        }
    }
}

const HOOKS: [(&str, Hook); 6] = [
    ("before", |retry| {
        let panics = first_call_panics();
        retry.before(move |_| panics()).when(|_| true)
    }),
    ("sleep", |retry| {
        let panics = first_call_panics();
        retry.sleep(move |_| panics()).when(|_| true)
    }),
    ("when", |retry| {
        let panics = first_call_panics();
        retry.when(move |_| {
            panics();
            true
        })
    }),
    ("hint", |retry| {
        let panics = first_call_panics();
        retry.hint(move |_| {
            panics();
            None
        })
    }),
    ("after", |retry| {
        let panics = first_call_panics();
        retry.after(move |_| panics())
    }),
    ("before_sleep", |retry| {
        let panics = first_call_panics();
        retry.before_sleep(move |_| panics())
    }),
];

#[test]
fn a_hook_that_panics_loses_nothing_and_holds_nothing() {
    for (name, hook) in HOOKS {
        for backward in [false, true] {
            let handles = Handles::default();
            let storage = Failing::new(LOG, 6, io::ErrorKind::TimedOut, 6);
            let storage = std::sync::Arc::new(storage);
            let lines =
                lines::random_access(|| Ok(handles.handle(std::sync::Arc::clone(&storage))));
            let lines = lines.block_size(NonZeroUsize::MIN);
            let mut healed = lines.retry(hook(Retry::fixed(Duration::ZERO)));
            let mut pull = || if backward { healed.next_back() } else { healed.next() };
            let mut given = vec![];
            let message = loop {
                let pulled = panic::catch_unwind(panic::AssertUnwindSafe(&mut pull));
                match pulled {
                    Ok(Some(line)) => given.push(line.unwrap().to_string()),
                    Ok(None) => panic!("{name} did not panic"),
                    Err(panic) => break panic,
                }
            };
            assert_eq!(message.downcast_ref::<String>().unwrap(), "stop");
            assert_eq!(handles.live(), 0, "{name}: it is still open");
            given.extend(iter::from_fn(pull).map(|line| line.unwrap().to_string()));
            let mut expected = ["1", "22", "333", "4444"];
            if backward {
                expected.reverse();
            }
            assert_eq!(given, expected, "{name}");
        }
    }
}

#[test]
fn a_panic_is_no_failure() {
    let once = Once::new();
    let statistics = Statistics::new();
    let source = try_unfold(0_u32, |&n| {
        if n == 1 {
            once.panic();
            return Err("down");
        }
        Ok(Some((n, n + 1)))
    });
    let mut healed = source.retry(Retry::immediately().max_attempts(2).statistics(&statistics));
    assert_eq!(healed.next().unwrap().unwrap(), 0);
    assert_eq!(panic_of(|| healed.next()), "stop");
    assert_eq!(statistics.failures(), 0);
    let error = healed.next().unwrap().unwrap_err();
    assert_eq!((error.reason(), error.attempts()), (Reason::Attempts, 2));
    assert!(healed.next().is_none());
}

/// A source that panics when it is asked where it is.
struct Lost<'a>(Fragile<'a>, &'a Once);

impl Iterator for Lost<'_> {
    type Item = Result<u32, &'static str>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.at == 1 && !self.0.is_broken {
            self.0.is_broken = true;
            return Some(Err("down"));
        }
        if self.0.is_broken { None } else { self.0.next() }
    }
}

impl Source for Lost<'_> {
    type Position = u32;

    fn position(&self) -> u32 {
        self.1.panic();
        self.0.at
    }

    fn resume_at(&mut self, at: u32) {
        self.0.resume_at(at + 1);
    }
}

#[test]
fn a_position_that_panics_is_asked_for_again() {
    let (once, never) = (Once::new(), Once(Cell::new(false)));
    let fragile = Fragile { at: 0, is_broken: false, once: &never };
    let mut healed = Lost(fragile, &once).retry(persistent());
    assert_eq!(healed.next().unwrap().unwrap(), 1);
    assert_eq!(panic_of(|| healed.next()), "stop");
    assert!(healed.map(Result::unwrap).eq([3, 4, 5]), "it did not take the failure for its end");
}
