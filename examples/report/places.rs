//! Where lines are that tell nothing.

#[cfg(feature = "exchange")]
use serde::{Deserialize, Serialize};

/// So many places are kept.
const KEPT: usize = 5;

/// Where a line begins.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// The path as it was given; `-` is the standard input.
    pub file: String,
    /// In bytes; in a compressed file, of what it holds.
    pub offset: u64,
}

/// The first places of the input, whoever found them, and in which order they were found.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "exchange", derive(Deserialize, Serialize))]
pub(crate) struct Places {
    /// The part of the input that each is in, and its number within the part, by which they are
    /// sorted; the file, and the offset.
    found: Vec<((u64, u64), (String, u64))>,
}

impl Places {
    /// Keeps a place, if it is one of the first.
    pub(crate) fn add(&mut self, part: u64, number: u64, place: impl FnOnce() -> Place) {
        let at = self.found.partition_point(|(before, _)| *before <= (part, number));
        if at < KEPT {
            let Place { file, offset } = place();
            self.found.insert(at, ((part, number), (file, offset)));
            self.found.truncate(KEPT);
        }
    }

    pub(crate) fn merge(&mut self, other: Self) {
        for ((part, number), (file, offset)) in other.found {
            self.add(part, number, || Place { file, offset });
        }
    }

    pub(crate) fn into_vec(self) -> Vec<Place> {
        self.found.into_iter().map(|(_, (file, offset))| Place { file, offset }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, Places};

    fn places(numbers: &[(u64, u64)]) -> Places {
        let mut places = Places::default();
        for &(part, offset) in numbers {
            places.add(part, offset, || Place { file: part.to_string(), offset });
        }
        places
    }

    fn told(places: Places) -> Vec<(String, u64)> {
        places.into_vec().into_iter().map(|place| (place.file, place.offset)).collect()
    }

    #[test]
    fn the_first_are_kept_in_whichever_order_they_come() {
        let all = [(0, 3), (0, 9), (1, 0), (1, 1), (2, 7), (2, 8), (3, 0)];
        let first = told(places(&all[..5]));
        let mut shuffled = all;
        for _ in 0..all.len() {
            shuffled.rotate_left(3);
            shuffled.swap(0, 2);
            assert_eq!(told(places(&shuffled)), first, "{shuffled:?}");
            for split in 0..=all.len() {
                let (one, two) = shuffled.split_at(split);
                let mut merged = places(one);
                merged.merge(places(two));
                assert_eq!(told(merged), first, "{one:?} {two:?}");
            }
        }
    }
}
