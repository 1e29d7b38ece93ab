//! Resources and their releases: with `scope`, `Stack`, `resource`, `guard`, and the async twins.

mod bracket;
mod contextlib;
mod ends;
mod guard;
mod journal;
mod keys;
mod nested;
mod oracle;
mod payloads;
mod programs;
mod resource;
mod resource_release;
mod stack;
#[cfg(feature = "async")]
mod stream;
mod types;
mod unwound;
