//! Counting.

mod large;
mod positions;
mod small;

use std::ops::Bound;

use headwater::{Count, Countable, count};

fn counts<T: Countable>(start: T, step: T, end: Bound<T>) -> Count<T> {
    match end {
        Bound::Unbounded => count(start).step(step),
        Bound::Included(last) => count(start).step(step).through(last),
        Bound::Excluded(end) => count(start).step(step).until(end),
    }
}
