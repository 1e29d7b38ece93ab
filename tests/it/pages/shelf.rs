//! A server of pages, by their numbers, which counts what it is asked for.

use std::cell::{Cell, RefCell};

use headwater::pages::Page;

pub(super) type Fetched = Result<Page<u32, u32, String>, &'static str>;

/// Pages of so many items each. The item `i` of page `n` is `100 * n + i`.
#[derive(Debug)]
pub(super) struct Shelf {
    sizes: Vec<usize>,
    /// The page that leads elsewhere, and where.
    leads: Option<(u32, u32)>,
    /// The requests, counted from 0, that fail.
    fails: RefCell<Vec<usize>>,
    asked: RefCell<Vec<u32>>,
    is_down: Cell<bool>,
}

impl Shelf {
    pub(super) fn new(sizes: &[usize]) -> Self {
        Self {
            sizes: sizes.to_vec(),
            leads: None,
            fails: RefCell::default(),
            asked: RefCell::default(),
            is_down: Cell::default(),
        }
    }

    /// Has a page lead to another than the one after it.
    pub(super) fn leading(mut self, from: u32, to: u32) -> Self {
        self.leads = Some((from, to));
        self
    }

    /// Has requests fail, counted from 0 on.
    pub(super) fn failing(self, requests: &[usize]) -> Self {
        self.fails.replace(requests.to_vec());
        self
    }

    /// Has all requests fail, or none any more.
    pub(super) fn down(&self, is_down: bool) {
        self.is_down.set(is_down);
    }

    /// The pages that were asked for.
    pub(super) fn asked(&self) -> Vec<u32> {
        self.asked.borrow().clone()
    }

    /// All items.
    pub(super) fn items(&self) -> Vec<u32> {
        (0..).zip(&self.sizes).flat_map(|(page, size)| items_of(page, *size)).collect()
    }

    pub(super) fn fetch(&self, number: u32) -> Fetched {
        let request = self.asked.borrow().len();
        self.asked.borrow_mut().push(number);
        if self.is_down.get() || self.fails.borrow().contains(&request) {
            return Err("503");
        }
        let items: Vec<_> = items_of(number, self.sizes[number as usize]).collect();
        let next = match self.leads {
            Some((from, to)) if from == number => Some(to),
            _ => Some(number + 1).filter(|next| (*next as usize) < self.sizes.len()),
        };
        Ok(Page::new(items).next(next).meta(format!("page {number}")).bytes(10))
    }
}

fn items_of(page: u32, size: usize) -> impl Iterator<Item = u32> {
    (100 * page..).take(size)
}
