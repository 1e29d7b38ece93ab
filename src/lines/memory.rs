use std::fmt;
use std::sync::Arc;

use crate::lines::place::Place;

/// Bytes that lines share: what one read brought, or one window of a mapped file.
pub(super) struct Memory {
    bytes: Bytes,
    /// Where its first byte is in the data.
    offset: u64,
    place: Arc<Place>,
}

/// The memory of a block.
pub(super) enum Bytes {
    Owned(Vec<u8>),
    #[cfg(feature = "mmap")]
    Mapped(crate::lines::window::Window),
}

impl Memory {
    pub(super) fn new(bytes: Bytes, offset: u64, place: &Arc<Place>) -> Arc<Self> {
        Arc::new(Self { bytes, offset, place: Arc::clone(place) })
    }

    #[inline]
    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.as_slice()
    }

    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    pub(super) fn place(&self) -> &Arc<Place> {
        &self.place
    }

    /// Tells whether the memory is its own, and not a map's.
    pub(super) fn is_owned(&self) -> bool {
        matches!(self.bytes, Bytes::Owned(_))
    }

    /// Gives the memory back: see [`Bytes::into_buffer`].
    pub(super) fn into_buffer(self) -> Vec<u8> {
        self.bytes.into_buffer()
    }
}

impl Bytes {
    #[inline]
    pub(super) fn as_slice(&self) -> &[u8] {
        match self {
            Self::Owned(bytes) => bytes,
            #[cfg(feature = "mmap")]
            Self::Mapped(window) => window.bytes(),
        }
    }

    /// Gives the memory back; none of a map's.
    pub(super) fn into_buffer(self) -> Vec<u8> {
        match self {
            Self::Owned(buffer) => buffer,
            #[cfg(feature = "mmap")]
            Self::Mapped(_) => Vec::new(),
        }
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory")
            .field("offset", &self.offset)
            .field("len", &self.bytes().len())
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bytes").field("len", &self.as_slice().len()).finish()
    }
}
