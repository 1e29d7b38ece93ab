//! What the system says: enough to see what no allocator sees.

#[cfg(feature = "mmap")]
use headwater::measure::measure;
use headwater::measure::resident;

use crate::support::own_process::in_its_own_process;

#[test]
fn memory_that_is_written_is_resident() {
    in_its_own_process("measure::resident::memory_that_is_written_is_resident", || {
        let before = resident().unwrap();
        let unwritten = Vec::<u8>::with_capacity(256 << 20);
        let reserved = resident().unwrap();
        let written = vec![1_u8; 64 << 20];
        let after = resident().unwrap();
        // Noise: see its documentation.
        assert!(reserved < before + (8 << 20), "{before}, {reserved}");
        assert!(after > before + (60 << 20) && after < before + (80 << 20), "{before}, {after}");
        drop((unwritten, written));
        assert!(resident().unwrap() < before + (8 << 20));
    });
}

/// A map is no heap, but memory.
#[cfg(feature = "mmap")]
#[test]
#[expect(unsafe_code, reason = "a map can be had in no other way")]
fn maps_are_resident_and_no_heap() {
    in_its_own_process("measure::resident::maps_are_resident_and_no_heap", || {
        let path = "fixtures/apache_access.log";
        let before = resident().unwrap();
        let (lines, usage) = measure(|| {
            // SAFETY: nobody writes to the fixtures.
            let mut lines = unsafe { headwater::lines::mapped(path).unwrap() };
            assert_eq!(lines.by_ref().count(), 10_000);
            lines
        });
        let after = resident().unwrap();
        let len = std::fs::metadata(path).unwrap().len();
        assert!(usage.peak() < 4096, "{usage}");
        assert!(after + (1 << 20) > before + len, "{before}, {after}, {len}");
        drop(lines);
    });
}
