//! Runs the examples as their users do, and compares what they print with what others print.

mod grep;
mod log_report;
mod oracle;
mod support;
mod tac;
