//! Runs the examples as their users do, and looks at the databases that they leave.

// Cargo either builds an example for other tests to run, or runs the tests within it.
#[path = "../../ingest/database.rs"]
mod database;
#[path = "../../ingest/faulty.rs"]
mod faulty;
#[path = "../../db_session/session.rs"]
mod session;
// The numbers of the tests of the library.
#[path = "../../../../tests/it/support/random.rs"]
mod random;
#[path = "../../ingest/transfer.rs"]
mod transfer;

mod db_session;
mod ingest;
mod ingest_errors;
mod ingest_killed;
mod support;
