//! A feed of numbers that breaks, and whose openings fail, as it is told.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use crate::support::handles::{Handle, Handles};

pub(super) type Error = &'static str;

/// What an opening comes to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Opening {
    Fails,
    /// It gives so many numbers, and breaks.
    Breaks(usize),
}

/// Numbers from 1 to 9, which can be had from any of them on. All goes well once `script` is used up.
#[derive(Debug, Default)]
pub(super) struct Feed {
    script: RefCell<VecDeque<Opening>>,
    pub(super) opened: Cell<usize>,
    pub(super) handles: Handles,
}

impl Feed {
    pub(super) const LAST: u32 = 9;

    pub(super) fn new(script: impl IntoIterator<Item = Opening>) -> Self {
        Self { script: RefCell::new(script.into_iter().collect()), ..Self::default() }
    }

    /// Opens it behind a number. Two must not be open at once.
    pub(super) fn open(&self, after: Option<u32>) -> Result<Handle<Items>, Error> {
        assert_eq!(self.handles.live(), 0, "two are open at once");
        self.opened.set(self.opened.get() + 1);
        let left = match self.script.borrow_mut().pop_front() {
            Some(Opening::Fails) => return Err("closed"),
            Some(Opening::Breaks(items)) => Some(items),
            None => None,
        };
        Ok(self.handles.handle(Items { next: after.unwrap_or(0) + 1, left }))
    }
}

/// What was opened.
#[derive(Debug)]
pub(super) struct Items {
    next: u32,
    /// How many come before it breaks, if it does.
    left: Option<usize>,
}

impl Iterator for Items {
    type Item = Result<u32, Error>;

    fn next(&mut self) -> Option<Result<u32, Error>> {
        if self.left == Some(0) {
            return Some(Err("broken"));
        }
        self.left = self.left.map(|left| left - 1);
        let number = self.next;
        self.next += 1;
        (number <= Feed::LAST).then_some(Ok(number))
    }
}
