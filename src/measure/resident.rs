/// Returns how much of this process is in memory, in bytes, where the system tells.
///
/// It is what the system counts: code, stacks, maps, and what the allocator keeps of memory that was
/// freed, besides the heap that [`measure`](crate::measure()) counts. So it sees what no allocator
/// sees, and is noisy: it comes in pages, of 4 KiB or more; memory that was never written is not in
/// it; memory that was freed may stay in it. Two runs of the same program differ by several percent.
/// To prove something, use the heap; to see whether something is missing there, this.
///
/// # Resources
///
/// Where the system lists the parts of a process, as Linux does, it reads the list, which takes a
/// part of a millisecond and 32 KiB: call it now and then, and outside of what is measured.
///
/// # Examples
///
/// ```
/// let before = headwater::measure::resident().unwrap_or(0);
/// let block = vec![1_u8; 64 << 20];
/// if let Some(now) = headwater::measure::resident() {
///     assert!(now > before + (60 << 20));
/// }
/// # drop(block);
/// ```
#[must_use]
pub fn resident() -> Option<u64> {
    memory_stats::memory_stats().map(|stats| stats.physical_mem as u64)
}
