//! Real servers, started and stopped by the tests, on this machine: paged through to the last item,
//! killed half way, started again, and gone on with.
//!
//! A server that is not installed is said to be missing, and skipped; with `CI` set, that is a failure.
#![cfg(unix)]

mod haproxy;
mod installed;
mod nginx;
mod paginate;
mod postgresql;
mod process;
mod redis;
mod registry;
mod resp;
