//! Lines of files, from either end; of readers; of compressed logs; of whole rotations of them.
//!
//! | to read | there is | from the end | positions |
//! |---|---|---|---|
//! | a file | [`lines(path)`](fn@lines) | yes | checked: another file is an error |
//! | any reader: a pipe, a socket, standard input | [`read`](fn@read) | | forward only |
//! | a file that may be gzip or zstd | `decompressed` | | checked |
//! | many of those, as one | `each` | | name the file |
//! | a memory map | `mapped` | yes | checked |
//! | any storage that can be read at an offset | [`random_access`] | yes | checked, if it tells |
//!
//! All of them are [`Lines`], with the same options: [`delimiter`](Lines::delimiter),
//! [`keep_ends`](Lines::keep_ends), [`keep_bom`](Lines::keep_bom), [`max_len`](Lines::max_len) and
//! [`on_long`](Lines::on_long), [`from`](Lines::from), [`block_size`](Lines::block_size). All of them
//! can be searched, by [`containing`](Lines::containing) and `matching`, be read on a thread, by
//! [`read_ahead`](Lines::read_ahead), and come in [`blocks`](Lines::blocks).
//!
//! Those that can be read from the end can be divided: into shares, by [`share`](Lines::share), of
//! which threads, processes and machines take one each; or among all cores, by `into_par_iter` and
//! `par_blocks` (feature `parallel`). Many files have shares, too.
//!
//! `use headwater::lines;` imports both this module and the function of its name.
//!
//! # How it works
//!
//! Lines move in blocks: what one read brought, as far as it is whole lines. A [`Line`] is a handle
//! of 16 bytes into its block, which is filled again when its lines are gone. So a line costs no
//! allocation and no copy, and can be kept.

mod access;
mod assembler;
mod background;
mod block;
mod blocks;
mod compare;
mod containing;
#[cfg(feature = "compression")]
mod decoder;
#[cfg(feature = "compression")]
mod decompressed;
#[cfg(feature = "parallel")]
mod division;
#[cfg(feature = "compression")]
mod each;
mod ends;
mod file;
mod form;
mod identity;
mod iter;
mod line;
#[cfg(feature = "mmap")]
mod mapped;
#[cfg(feature = "regex")]
mod matching;
#[cfg(feature = "compression")]
mod member;
mod memory;
mod meter;
mod options;
mod origin;
mod os;
#[cfg(feature = "parallel")]
mod parallel;
mod place;
mod pool;
mod position;
mod random_access;
mod ranged;
mod read;
mod read_ahead;
mod read_at;
mod run;
mod runs;
mod search;
mod share;
mod store;
#[cfg(feature = "async")]
pub mod stream;
mod undecodable;
mod unread;
mod wait;
#[cfg(feature = "mmap")]
mod window;

pub use block::Block;
pub use blocks::Blocks;
pub use containing::{Containing, Needle};
#[cfg(feature = "compression")]
pub use decoder::{Decoder, is_compressed};
#[cfg(feature = "compression")]
pub use decompressed::{Decompressed, decompressed};
#[cfg(feature = "compression")]
pub use each::{Each, OnFailure, each};
pub use file::File;
pub use form::LongLine;
pub use iter::{Lines, lines};
pub use line::Line;
#[cfg(feature = "mmap")]
pub use mapped::{Mapped, mapped};
#[cfg(feature = "regex")]
pub use matching::{Expression, Matching};
pub use origin::{BackOrigin, Origin};
#[cfg(feature = "parallel")]
pub use parallel::{EachLine, Found, InBlocks, Parallel, Shape};
pub use position::Position;
pub use random_access::random_access;
pub use ranged::Ranged;
pub use read::{Read, read};
pub use read_ahead::ReadAhead;
pub use read_at::ReadAt;
pub use search::{Pattern, Search};
