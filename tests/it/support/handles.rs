//! Counts what is open: handles by their drops, files by what the system says.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use headwater::lines::ReadAt;

/// Counts the handles that it made and that are still there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Handles(Arc<AtomicUsize>);

impl Handles {
    /// Puts a reader, a storage or anything else into a handle that is counted.
    pub(crate) fn handle<T>(&self, inner: T) -> Handle<T> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Handle { inner, live: self.clone() }
    }

    /// How many are there.
    pub(crate) fn live(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }

    /// Waits until none is there, for the sake of a thread that nobody waits for.
    pub(crate) fn none_before_long(&self) {
        let begun = Instant::now();
        while self.live() > 0 {
            assert!(begun.elapsed() < Duration::from_secs(20), "{} handles stay", self.live());
            thread::yield_now();
        }
    }
}

/// What is counted while it lives; it reads as what is in it.
#[derive(Debug)]
pub(crate) struct Handle<T> {
    inner: T,
    live: Handles,
}

impl<T> Drop for Handle<T> {
    fn drop(&mut self) {
        self.live.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl<T: io::Read> io::Read for Handle<T> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buf)
    }
}

impl<T: ReadAt> ReadAt for Handle<T> {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        self.inner.read_at(buf, offset)
    }

    fn size(&self) -> io::Result<u64> {
        self.inner.size()
    }

    fn ids(&self) -> io::Result<(u64, u64)> {
        self.inner.ids()
    }
}

impl<T: Iterator> Iterator for Handle<T> {
    type Item = T::Item;

    fn next(&mut self) -> Option<T::Item> {
        self.inner.next()
    }
}

/// How many descriptors and maps of this process are of files below `folder`.
///
/// Other tests open files meanwhile, on other threads: theirs are below other folders.
#[cfg(target_os = "linux")]
pub(crate) fn open_below(folder: &Path) -> usize {
    let folder = folder.canonicalize().unwrap();
    let descriptors = std::fs::read_dir("/proc/self/fd").unwrap().filter(|entry| {
        let target = entry.as_ref().ok().and_then(|entry| std::fs::read_link(entry.path()).ok());
        target.is_some_and(|target| target.starts_with(&folder))
    });
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let maps = maps.lines().filter(|map| map.contains(folder.to_str().unwrap()));
    descriptors.count() + maps.count()
}

/// Waits until nothing below `folder` is open, for the sake of a thread that nobody waits for.
pub(crate) fn none_open_before_long(folder: &Path) {
    let begun = Instant::now();
    while open_below(folder) > 0 {
        assert!(begun.elapsed() < Duration::from_secs(20), "files stay open");
        thread::yield_now();
    }
}

/// Where the system does not say it, nothing is known to be open.
#[cfg(not(target_os = "linux"))]
pub(crate) fn open_below(_folder: &Path) -> usize {
    0
}
