//! Lines as streams: of files that a thread reads, of async readers, of the bodies of HTTP.
//!
//! | to read | there is | positions |
//! |---|---|---|
//! | a file | [`lines(path)`](fn@lines) | checked: another file is an error |
//! | a file that may be gzip or zstd | `decompressed` | checked |
//! | any source of lines | [`into_stream`](Lines::into_stream) | its own |
//! | an async reader: a socket, a pipe, a child | [`read`]; of tokio `read_tokio`, by its feature | forward only, an offset alone |
//! | a stream of chunks of bytes | [`chunks`] | forward only, an offset alone |
//! | what can be asked for again from a byte on: HTTP, object stores | [`remote`](fn@remote) | checked, where there is an `ETag` or the like |
//!
//! All of them are [`Lines`], with its options, its searches and its positions, which are those of
//! the same lines read in any other way.
//!
//! `use headwater::stream::lines;` imports both this module and the function of its name.

mod ask;
mod body;
mod download;
mod encoded;
mod input;
mod opening;
mod origin;
mod polling;
mod reader;
mod readers;
mod remote;
mod reply;
mod threaded;
mod wanted;

pub use ask::Ask;
pub use body::Body;
#[cfg(feature = "compression")]
pub use opening::decompressed;
pub use opening::lines;
pub use origin::Origin;
#[cfg(feature = "tokio")]
pub use reader::read_tokio;
pub use reader::{Reader, chunks, read};
pub use remote::{Remote, remote};
pub use threaded::Threaded;
pub use wanted::Wanted;

pub use crate::lines::blocks::Blocks;
pub use crate::lines::iter::Lines;
pub use crate::lines::search::Search;
