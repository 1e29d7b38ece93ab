//! Runs the report as its users do, with processes of its own, and compares it with `log_report`.

mod files;
mod help;
mod layouts;
mod lost;
mod machines;
mod panics;
mod support;
