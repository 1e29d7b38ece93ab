//! Counting texts.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::mem;

use bstr::{ByteSlice as _, ByteVec as _};
use foldhash::fast::RandomState;

use crate::report::Ranking;

/// Counts texts. Only a text that it has not seen before is copied.
///
/// The hash is seeded at random: what is in a log is up to strangers.
#[derive(Debug, Default)]
pub struct Counter(HashMap<Box<[u8]>, u64, RandomState>);

impl Counter {
    /// Counts a text once more.
    pub fn add(&mut self, text: &[u8]) {
        if let Some(count) = self.0.get_mut(text) {
            *count += 1;
        } else {
            self.0.insert(text.into(), 1);
        }
    }

    /// Counts a text `count` times more.
    pub fn add_many(&mut self, text: Box<[u8]>, count: u64) {
        *self.0.entry(text).or_default() += count;
    }

    /// Adds what another one counted.
    pub fn merge(&mut self, mut other: Self) {
        if self.0.len() < other.0.len() {
            mem::swap(&mut self.0, &mut other.0);
        }
        for (text, count) in other.0 {
            self.add_many(text, count);
        }
    }

    /// Gives the texts, in no order. What is not UTF-8 is made so: a text may then come twice.
    pub fn into_texts(self) -> impl Iterator<Item = (String, u64)> {
        self.0.into_iter().map(|(text, count)| (text.into_vec().into_string_lossy(), count))
    }

    /// Returns the `top` most frequent; those that are as frequent are sorted by text.
    #[must_use]
    pub fn ranking(mut self, top: usize) -> Ranking {
        // What is not UTF-8 is made so here: two texts that look the same are then one.
        let invalid: Vec<_> = self.0.extract_if(|text, _| text.to_str().is_err()).collect();
        for (text, count) in invalid {
            self.add_many(text.to_str_lossy().into_owned().into_bytes().into(), count);
        }
        let distinct = self.0.len();
        let mut counts: Vec<_> =
            self.0.into_iter().map(|(text, count)| (Reverse(count), text)).collect();
        if top < distinct {
            counts.select_nth_unstable(top);
            counts.truncate(top);
        }
        counts.sort_unstable();
        let text = |text: &[u8]| text.to_str_lossy().into_owned();
        let top = counts.iter().map(|(Reverse(count), key)| (text(key), *count)).collect();
        Ranking { distinct, top }
    }
}
