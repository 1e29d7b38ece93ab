//! Pipelines on many workers.

mod failures;
mod flow;
mod fold;
mod processes;
mod release;
mod shares;
mod support;
mod time;
