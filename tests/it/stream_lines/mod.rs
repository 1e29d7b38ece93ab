//! Lines as streams: what is not a law of all sources of lines.

mod files;
mod polls;
mod readers;
mod remote;
mod replies;
mod retried;
