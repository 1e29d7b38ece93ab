//! Runs the examples as their users do, and compares what they print with what others print.

// Unit tests of `log_report`: cargo either builds an example for other tests to run, or runs the
// tests within it.
#[path = "../../log_report/clock.rs"]
mod clock;
#[path = "../../log_report/entry.rs"]
mod entry;
#[path = "../../log_report/report.rs"]
mod report;
#[path = "../../log_report/table.rs"]
mod table;

mod grep;
mod log_report;
mod oracle;
mod support;
mod tac;
