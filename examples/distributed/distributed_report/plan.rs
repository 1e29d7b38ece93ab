//! Who reads what.

use std::ops::Range;

use crate::files::Measured;

/// A compressed log is about so many times as long once it is read.
const INFLATED: u64 = 8;

/// A part of the input, which one worker reads.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Part {
    /// Which part of the input it is, in the order of the input.
    pub(crate) number: u64,
    /// Which of the files it is in.
    pub(crate) file: usize,
    /// The bytes in which its lines begin; `None` for all of a compressed file.
    pub(crate) bytes: Option<Range<u64>>,
}

/// The parts of all workers: the same in each process, as they agree on the files.
#[derive(Debug)]
pub(crate) struct Plan(Vec<Vec<Part>>);

impl Plan {
    /// Gives each worker as much to do.
    pub(crate) fn new(files: &[Measured], workers: usize) -> Self {
        let mut plan: Vec<Vec<Part>> = vec![Vec::new(); workers];
        let mut loads = vec![0_u64; workers];
        let mut packed: Vec<usize> = (0..files.len()).filter(|file| files[*file].packed).collect();
        packed.sort_by_key(|file| std::cmp::Reverse(files[*file].len));
        for file in packed {
            let worker = (0..workers).min_by_key(|worker| loads[*worker]).unwrap_or_default();
            loads[worker] = loads[worker].saturating_add(files[file].len.saturating_mul(INFLATED));
            plan[worker].push(Part { number: 0, file, bytes: None });
        }
        let divided = || files.iter().enumerate().filter(|(_, file)| !file.packed);
        let rooms = rooms(&loads, divided().map(|(_, file)| u128::from(file.len)).sum());
        let (mut worker, mut room) = (0, rooms[0]);
        for (file, Measured { len, .. }) in divided() {
            let mut start = 0;
            while start < *len {
                while room == 0 {
                    worker += 1;
                    room = rooms[worker];
                }
                let end = start + room.min(len - start);
                plan[worker].push(Part { number: 0, file, bytes: Some(start..end) });
                room -= end - start;
                start = end;
            }
        }
        let mut all: Vec<&mut Part> = plan.iter_mut().flatten().collect();
        all.sort_by_key(|part| (part.file, part.bytes.as_ref().map_or(0, |bytes| bytes.start)));
        for (number, part) in (0..).zip(all) {
            part.number = number;
        }
        Self(plan)
    }

    /// Returns the parts of a worker, in the order of the input.
    pub(crate) fn of_worker(&self, worker: usize) -> Vec<Part> {
        let mut parts = self.0[worker].clone();
        parts.sort_by_key(|part| part.number);
        parts
    }
}

/// Fills up to one level: how much of `total` goes to whom, who has a load already.
fn rooms(loads: &[u64], total: u128) -> Vec<u64> {
    let filled =
        |level: u64| loads.iter().map(|load| u128::from(level.saturating_sub(*load))).sum::<u128>();
    let (mut low, mut high) = (0, u64::MAX);
    while low < high {
        let level = low + (high - low) / 2;
        if filled(level) < total { low = level + 1 } else { high = level }
    }
    let mut left = total;
    let room = |load: &u64| {
        let room = u128::from(low.saturating_sub(*load)).min(left);
        left -= room;
        u64::try_from(room).unwrap_or(u64::MAX)
    };
    loads.iter().map(room).collect()
}
