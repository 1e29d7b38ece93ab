use std::error::Error as StdError;

use futures_core::Stream;

use crate::lines::stream::body::Body;
use crate::lines::stream::wanted::Wanted;

/// What asks for the bytes of a remote file: any closure that gives a future of a [`Body`].
///
/// It is there for bounds, and can't be implemented outside this crate.
pub trait Ask {
    /// The call.
    type Asking: Future<Output = Result<Body<Self::Chunks>, Self::Refusal>>;
    /// Why there is no body.
    type Refusal: Into<Box<dyn StdError + Send + Sync>>;
    /// The bytes.
    type Chunks: Stream<Item = Result<Self::Chunk, Self::Broken>>;
    /// Some of them.
    type Chunk: AsRef<[u8]>;
    /// Why there are no more.
    type Broken: Into<Box<dyn StdError + Send + Sync>>;

    /// Asks.
    fn ask(&mut self, wanted: Wanted) -> Self::Asking;
}

impl<F, Asking, Refusal, Chunks, Chunk, Broken> Ask for F
where
    F: FnMut(Wanted) -> Asking,
    Asking: Future<Output = Result<Body<Chunks>, Refusal>>,
    Refusal: Into<Box<dyn StdError + Send + Sync>>,
    Chunks: Stream<Item = Result<Chunk, Broken>>,
    Chunk: AsRef<[u8]>,
    Broken: Into<Box<dyn StdError + Send + Sync>>,
{
    type Asking = Asking;
    type Refusal = Refusal;
    type Chunks = Chunks;
    type Chunk = Chunk;
    type Broken = Broken;

    fn ask(&mut self, wanted: Wanted) -> Asking {
        self(wanted)
    }
}
