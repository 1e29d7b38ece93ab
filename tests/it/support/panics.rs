//! Inputs that panic when they are touched: what is built of them must not touch them yet.

use std::io;

use headwater::lines::ReadAt;

/// A reader and a storage that must not be read.
#[derive(Debug)]
pub(crate) struct Panics;

impl io::Read for Panics {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        panic!("the reader was read");
    }
}

impl ReadAt for Panics {
    fn read_at(&self, _: &mut [u8], offset: u64) -> io::Result<usize> {
        panic!("the storage was read at {offset}");
    }

    fn size(&self) -> io::Result<u64> {
        panic!("the storage was asked for its length");
    }

    fn ids(&self) -> io::Result<(u64, u64)> {
        panic!("the storage was asked for its identity");
    }
}

/// Opens what must not be opened.
pub(crate) fn never_opened() -> io::Result<Panics> {
    panic!("the storage was opened");
}

impl Iterator for Panics {
    type Item = Panics;

    fn next(&mut self) -> Option<Panics> {
        panic!("the iterator was pulled");
    }
}
