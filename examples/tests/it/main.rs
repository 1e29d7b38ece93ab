//! Runs the examples as their users do, and compares what they print with what others print.

mod grep;
mod log_report;
mod log_report_jobs;
mod oracle;
mod support;
mod tac;
