//! Runs the examples as their users do, and compares what they print with what others print.

// Unit tests of `log_report`: cargo either builds an example for other tests to run, or runs the
// tests within it.
#[expect(dead_code, reason = "what its tests do not use")]
#[path = "../../log_report/count.rs"]
mod count;
#[expect(dead_code, reason = "what its tests do not use")]
#[path = "../../log_report/parallel.rs"]
mod parallel;
#[expect(dead_code, reason = "what its tests do not use")]
#[path = "../../log_report/progress.rs"]
mod progress;

mod grep;
mod log_report;
mod log_report_jobs;
mod oracle;
mod support;
mod tac;
