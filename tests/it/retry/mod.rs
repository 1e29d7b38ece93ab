//! Calls and loops that are tried again.

mod types;
