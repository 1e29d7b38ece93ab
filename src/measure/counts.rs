use crate::measure::usage::Usage;

/// What was counted up to a moment. Only the difference of two means anything: memory that another
/// thread has allocated is freed here, and `live` falls below 0.
#[derive(Clone, Copy)]
pub(super) struct Counts {
    /// Bytes allocated and not freed.
    pub(super) live: i64,
    /// How often memory was asked for.
    pub(super) allocations: u64,
    /// Bytes asked for.
    pub(super) bytes: u64,
}

impl Counts {
    /// Returns what was used from `start` up to this moment, between which `live` was once `peak`.
    pub(super) fn since(self, start: Self, peak: i64) -> Usage {
        let peak = peak.max(self.live).wrapping_sub(start.live);
        Usage {
            peak: u64::try_from(peak).unwrap_or(0),
            live: self.live.wrapping_sub(start.live),
            allocations: self.allocations.wrapping_sub(start.allocations),
            bytes: self.bytes.wrapping_sub(start.bytes),
        }
    }
}

/// Returns the size of a block as what is added to `live`. No block is larger than `isize::MAX`.
#[inline]
pub(super) const fn signed(bytes: usize) -> i64 {
    (bytes as u64).cast_signed()
}
