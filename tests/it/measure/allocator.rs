//! The allocator passes every call on as it is.

#![expect(unsafe_code, reason = "an allocator is called as the standard library calls it")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::RefCell;
use std::ptr;

use headwater::measure::{Peak, measure};

/// Notes what it is asked for, and has no memory when it is told so.
struct Noting {
    calls: RefCell<Vec<String>>,
    is_empty: bool,
}

impl Noting {
    fn new(is_empty: bool) -> Self {
        Self { calls: RefCell::default(), is_empty }
    }

    fn note(&self, call: &str, layout: Layout) -> bool {
        self.calls.borrow_mut().push(format!("{call} {}/{}", layout.size(), layout.align()));
        self.is_empty
    }
}

// SAFETY: it passes calls on to the system's, or gives no memory, which is allowed.
unsafe impl GlobalAlloc for &Noting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if self.note("alloc", layout) {
            return ptr::null_mut();
        }
        // SAFETY: as for the caller.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if self.note("alloc_zeroed", layout) {
            return ptr::null_mut();
        }
        // SAFETY: as for the caller.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        self.note("dealloc", layout);
        // SAFETY: as for the caller.
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        if self.note(&format!("realloc to {new_size} of"), layout) {
            return ptr::null_mut();
        }
        // SAFETY: as for the caller.
        unsafe { System.realloc(block, layout, new_size) }
    }
}

#[test]
fn every_call_goes_to_the_allocator_within() {
    let noting = Noting::new(false);
    let peak = Peak::new(&noting);
    let (small, large) = (layout(64, 32), layout(4096, 8));
    // SAFETY: the layouts are not of size 0, and each block is freed once, with the layout it has.
    unsafe {
        let block = peak.alloc(small);
        assert_eq!(block.addr() % 32, 0);
        block.write_bytes(7, 64);
        let block = peak.realloc(block, small, 128);
        assert_eq!((0..64).map(|n| *block.add(n)).collect::<Vec<_>>(), [7; 64]);
        peak.dealloc(block, layout(128, 32));
        let zeroed = peak.alloc_zeroed(large);
        assert!((0..4096).all(|n| *zeroed.add(n) == 0));
        peak.dealloc(zeroed, large);
    }
    let expected = [
        "alloc 64/32",
        "realloc to 128 of 64/32",
        "dealloc 128/32",
        "alloc_zeroed 4096/8",
        "dealloc 4096/8",
    ];
    assert_eq!(*noting.calls.borrow(), expected);
}

#[test]
fn what_was_not_given_does_not_count() {
    let noting = Noting::new(true);
    noting.calls.borrow_mut().reserve(16);
    let peak = Peak::new(&noting);
    let before = measure(|| notes(&noting)).1;
    let ((), usage) = measure(|| {
        // SAFETY: the layout is not of size 0.
        unsafe {
            assert!(peak.alloc(layout(1 << 40, 8)).is_null());
            assert!(peak.alloc_zeroed(layout(1 << 40, 8)).is_null());
        }
    });
    assert!(usage.peak() < 1000 && before.peak() < 1000, "{usage}");
}

#[test]
fn what_could_not_grow_counts_as_it_was() {
    let noting = Noting::new(true);
    let peak = Peak::new(&noting);
    let mut block = [0_u8; 64];
    let ((), usage) = measure(|| {
        // SAFETY: the allocator within does not look at the block, and gives nothing.
        unsafe { assert!(peak.realloc(block.as_mut_ptr(), layout(64, 8), 1 << 40).is_null()) }
    });
    assert!(usage.peak() < 1000, "{usage}");
}

/// Notes once, for what that allocates.
fn notes(noting: &Noting) {
    noting.note("nothing", layout(1, 1));
}

fn layout(size: usize, align: usize) -> Layout {
    Layout::from_size_align(size, align).unwrap()
}
