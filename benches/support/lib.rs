//! What the benches work on: the log that they read, and the server whose pages they fetch.

pub mod corpus;
pub mod log;
pub mod server;

/// Tells whether this is a trial run: each job once, on a small log.
///
/// It is one under `cargo bench -- --test` and under `cargo test --benches`, where criterion too
/// runs each job once.
#[must_use]
pub fn is_trial() -> bool {
    let has = |flag: &str| std::env::args().any(|argument| argument == flag);
    has("--test") || !has("--bench")
}
