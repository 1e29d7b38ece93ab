use std::fmt;

use crate::measure::units::Bytes;

/// What a scope used of the heap.
///
/// A block counts with the size that was asked for; what the allocator adds to it does not. One that
/// changes its size counts with its new size from then on, wherever it is: of a block that is moved,
/// the old and the new place are not counted both.
///
/// # Examples
///
/// ```
/// use headwater::measure::{Peak, measure};
/// # use std::alloc::System;
/// # #[global_allocator]
/// # static HEAP: Peak = Peak::new(System);
///
/// let (kept, usage) = measure(|| {
///     drop(vec![0_u8; 3 << 20]);
///     vec![0_u8; 1 << 20]
/// });
/// assert_eq!((usage.peak(), usage.live_at_end()), (3 << 20, 1 << 20));
/// assert_eq!((usage.allocations(), usage.allocated_bytes()), (2, 4 << 20));
/// assert_eq!(usage.to_string(), "peak 3.0 MiB, 1.0 MiB live at the end, 4.0 MiB in 2 allocations");
/// # drop(kept);
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Usage {
    pub(super) peak: u64,
    pub(super) live: i64,
    pub(super) allocations: u64,
    pub(super) bytes: u64,
}

impl Usage {
    /// Returns the bytes that were there at most at one time, above those at the beginning.
    #[must_use]
    pub fn peak(&self) -> u64 {
        self.peak
    }

    /// Returns the bytes that were there at the end, above those at the beginning.
    ///
    /// It is negative where more was freed than allocated: of what was there before, or, in a scope
    /// of one thread, of what another thread allocated.
    #[must_use]
    pub fn live_at_end(&self) -> i64 {
        self.live
    }

    /// Returns how often memory was asked for: by a new block, or by one that changed its size.
    #[must_use]
    pub fn allocations(&self) -> u64 {
        self.allocations
    }

    /// Returns the bytes that were asked for: those of new blocks, and by which others grew.
    #[must_use]
    pub fn allocated_bytes(&self) -> u64 {
        self.bytes
    }

    /// Returns what this and then `next` used, if nothing changed in between.
    #[cfg(feature = "async")]
    pub(super) fn then(self, next: Self) -> Self {
        let peak = self.live.saturating_add_unsigned(next.peak);
        Self {
            peak: self.peak.max(u64::try_from(peak).unwrap_or(0)),
            live: self.live.wrapping_add(next.live),
            allocations: self.allocations.wrapping_add(next.allocations),
            bytes: self.bytes.wrapping_add(next.bytes),
        }
    }
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.live < 0 { "-" } else { "" };
        let (peak, live) = (Bytes(self.peak), Bytes(self.live.unsigned_abs()));
        write!(f, "peak {peak}, {sign}{live} live at the end, {} in ", Bytes(self.bytes))?;
        match self.allocations {
            1 => f.write_str("1 allocation"),
            allocations => write!(f, "{allocations} allocations"),
        }
    }
}
