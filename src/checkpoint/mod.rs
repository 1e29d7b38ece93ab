//! Positions on disk: a program that is started again goes on where it was.
//!
//! | to keep the position of | there is |
//! |---|---|
//! | a pipeline | [`CheckpointSource::checkpointed`]: it loads, goes on there, and saves |
//! | a loop that does more before it saves | [`Checkpoint`]: `load`, `item_done`, `save`; `prepare` |
//! | a pipeline whose results go into a database | neither: see below |
//!
//! # What is done twice
//!
//! A position is saved after what was done with the items before it. If the program is killed in
//! between, what was done since the last save is done again: *at least once*. Save before, and it is
//! *at most once*. [`Checkpoint::prepare`] makes "in between" as short as it can be. To have it
//! *exactly once*, the position has to be where the results are, and both have to be written in one
//! transaction: a row of a table, beside the rows, written by `serde`. The example `ingest` does that.
//!
//! # On disk
//!
//! A checkpoint is a file of one line of JSON:
//!
//! ```json
//! {"headwater_checkpoint":1,"checksum":"0d9f…","kept":{"label":"web log","position":{…}}}
//! ```
//!
//! It is replaced, never changed: the new one is written beside it, under its name and `.partial`,
//! synced, and renamed; then the folder is synced (on Unix). A kill or a power cut leaves the old
//! one or the new one, and at most one `.partial`, which the next save overwrites. A disk that loses
//! or changes bytes is noticed by the checksum (XXH3), and is an error, never a wrong position.

mod checkpointed;
mod error;
mod failed;
mod file;
mod pace;
mod prepared;
mod replace;
mod written;

pub use checkpointed::{CheckpointSource, Checkpointed};
pub use error::{Error, ErrorKind};
pub use failed::Failed;
pub use file::Checkpoint;
pub use prepared::Prepared;
