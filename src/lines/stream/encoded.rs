use std::io;

#[cfg(feature = "compression")]
use crate::lines::decoder::Decoder;

/// Bytes as they come, or decompressed.
pub(super) enum Encoded<R> {
    Plain(R),
    #[cfg(feature = "compression")]
    Decoded(Box<Decoder<R>>),
}

impl<R: io::Read> Encoded<R> {
    pub(super) fn new(reader: R, is_encoded: bool) -> Self {
        let plain = Self::Plain(reader);
        #[cfg(feature = "compression")]
        if is_encoded {
            return plain.decoded();
        }
        let _ = is_encoded;
        plain
    }

    /// Decompresses them, if they are compressed.
    #[cfg(feature = "compression")]
    pub(super) fn decoded(self) -> Self {
        match self {
            Self::Plain(reader) => Self::Decoded(Box::new(Decoder::new(reader))),
            decoded @ Self::Decoded(_) => decoded,
        }
    }
}

impl<R: io::Read> io::Read for Encoded<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(reader) => reader.read(buf),
            #[cfg(feature = "compression")]
            Self::Decoded(decoder) => decoder.read(buf),
        }
    }
}
