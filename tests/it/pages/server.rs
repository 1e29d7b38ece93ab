//! A server of pages with numbers, which notes what it is asked for.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};

use headwater::pages::{Error, Page, Position};

/// How many pages, for what can't be none.
pub(super) fn n(pages: usize) -> NonZeroUsize {
    NonZeroUsize::new(pages).unwrap()
}

/// A page: items numbered through, the number of the next page, and how many there are.
pub(super) type Answer = Result<Page<usize, usize, usize>, &'static str>;

/// Its clones are the same server.
#[derive(Clone)]
pub(super) struct Server(Arc<Inner>);

struct Inner {
    /// How many items each page has.
    sizes: Vec<usize>,
    requests: Mutex<Vec<usize>>,
    /// The requests that fail, counted from 0.
    faults: BTreeSet<usize>,
}

impl Server {
    pub(super) fn new(sizes: impl Into<Vec<usize>>) -> Self {
        Self::failing(sizes, [])
    }

    /// Makes a server that fails at these requests, counted from 0.
    pub(super) fn failing(
        sizes: impl Into<Vec<usize>>,
        faults: impl IntoIterator<Item = usize>,
    ) -> Self {
        let (sizes, faults) = (sizes.into(), faults.into_iter().collect());
        Self(Arc::new(Inner { sizes, requests: Mutex::default(), faults }))
    }

    /// Gives a page, from 1.
    pub(super) fn answer(&self, number: usize) -> Answer {
        let Inner { sizes, requests, faults } = &*self.0;
        let mut requests = requests.lock().unwrap();
        requests.push(number);
        if faults.contains(&(requests.len() - 1)) {
            return Err("503");
        }
        let first: usize = sizes[..number - 1].iter().sum();
        let size = sizes.get(number - 1).copied().unwrap_or_default();
        let items: Vec<_> = (first..first + size).collect();
        let next = (number < sizes.len()).then_some(number + 1);
        Ok(Page::new(items).next(next).meta(sizes.len()))
    }

    /// Returns what it was asked for, in order.
    pub(super) fn requests(&self) -> Vec<usize> {
        self.0.requests.lock().unwrap().clone()
    }

    /// Returns all items.
    pub(super) fn items(&self) -> Vec<usize> {
        (0..self.0.sizes.iter().sum()).collect()
    }
}

/// What a test sees of an item: an error delivers nothing.
pub(super) fn seen<T, E: Copy>(
    item: Result<T, Error<usize, E>>,
) -> Result<T, (Option<E>, Position<usize>)> {
    item.map_err(|error| (error.cause().copied(), *error.position()))
}

/// Takes the items up to the first error, and the error.
pub(super) fn up_to_error<T: Debug, E: Debug>(
    items: &mut impl Iterator<Item = Result<T, E>>,
) -> (Vec<T>, Option<E>) {
    let mut given = Vec::new();
    for item in items {
        match item {
            Ok(item) => given.push(item),
            Err(error) => return (given, Some(error)),
        }
    }
    (given, None)
}
