//! Runs the report as its users do, with processes of its own, and compares it with `log_report`.

mod callers;
mod files;
mod help;
mod layouts;
mod lost;
mod machines;
mod messages;
mod panics;
mod support;
