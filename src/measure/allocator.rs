//! The one place of this slice with unsafe code.

use std::alloc::{GlobalAlloc, Layout, System};

use crate::measure::{shared, thread};

/// Counts what a program allocates, and leaves the allocating to another allocator.
///
/// Installed as the global allocator it is what [`measure`](crate::measure()) and all that is built on
/// it read. It changes nothing else: each call goes to the allocator within, `realloc` and
/// `alloc_zeroed` too, so that blocks grow in place and zeros come from the system where they did.
///
/// What libraries of other languages take by themselves (zstd's window, a database's cache) does not
/// pass it, nor do maps and stacks. [`resident`](crate::measure::resident) has them in it.
///
/// # Platforms
///
/// It is for targets whose thread-locals are native, as those of Linux, macOS, iOS, FreeBSD, and
/// Windows by MSVC are. Where Rust makes them of the system's keys, as for OpenBSD, illumos, Android
/// and `windows-gnu`, a thread's first access to one allocates, and this allocator would call itself
/// without an end: it is not for these.
///
/// # Resources
///
/// No allocation, no lock, no destructor; about 1 ns a call. While a
/// [`process`](crate::measure::process) scope is running, its counters are shared by all threads,
/// and an allocation and its free cost about 26 ns more; several threads at once, a multiple.
///
/// # Examples
///
/// ```
/// use headwater::measure::{Peak, measure};
/// use std::alloc::System;
///
/// #[global_allocator]
/// static HEAP: Peak = Peak::new(System);
///
/// let (text, usage) = measure(|| std::fs::read("fixtures/rotated/access.log"));
/// assert!(usage.peak() >= text?.len() as u64);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Peak<A = System>(A);

impl<A> Peak<A> {
    /// Counts what `allocator` gives.
    #[must_use]
    pub const fn new(allocator: A) -> Self {
        Self(allocator)
    }
}

#[expect(unsafe_code, reason = "an allocator can't be made in another way")]
// SAFETY: `GlobalAlloc` asks for four things.
//
// 1. Blocks are as it says: each call is made to the allocator within with the same arguments, and
//    what it returns is returned. So a block is its block, and what its implementation promises
//    (layout, life, contents, no two at once) is what this one promises.
// 2. The caller's promises are those that the allocator within asks for, since the arguments are
//    the same: each method passes them on, see there.
// 3. It does not unwind: besides that call, it counts, by wrapping arithmetic on thread-local cells
//    and atomics. `thread` takes no destructor and asks by `try_with`, so it is there at any time in
//    a thread's life, and does not panic where it is not.
// 4. It does not allocate by itself, which would call it again: thread-locals that are made of a
//    constant and have no destructor lie in the memory that a thread begins with. That takes a
//    target with native thread-locals. Where std makes them of the system's keys, it boxes the value
//    at the first access, which comes back here and so never ends: no memory is misused, but the
//    stack runs out. The documentation of `Peak` leaves such targets out. No `cfg` of stable Rust
//    tells them from others.
unsafe impl<A: GlobalAlloc> GlobalAlloc for Peak<A> {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller has promised that the layout is not of size 0.
        let block = unsafe { self.0.alloc(layout) };
        if !block.is_null() {
            count_allocated(layout.size());
        }
        block
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller has promised that the layout is not of size 0.
        let block = unsafe { self.0.alloc_zeroed(layout) };
        if !block.is_null() {
            count_allocated(layout.size());
        }
        block
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // Before the block is free: another thread that gets it at once would be counted beside it.
        thread::freed(layout.size());
        if shared::is_counting() {
            shared::freed(layout.size());
        }
        // SAFETY: the caller has promised that the block is of this allocator, and so of the one
        // within, that it has this layout, and that it is not used any more.
        unsafe { self.0.dealloc(block, layout) }
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // SAFETY: the caller has promised that the block is of this allocator, and so of the one
        // within, that it has this layout, and that the new size is neither 0 nor too large.
        let moved = unsafe { self.0.realloc(block, layout, new_size) };
        if !moved.is_null() {
            thread::resized(layout.size(), new_size);
            if shared::is_counting() {
                shared::resized(layout.size(), new_size);
            }
        }
        moved
    }
}

#[inline]
fn count_allocated(bytes: usize) {
    thread::allocated(bytes);
    if shared::is_counting() {
        shared::allocated(bytes);
    }
}
