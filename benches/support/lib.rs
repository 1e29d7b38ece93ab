//! The log that the benches read: how it is made, where it is kept, and what is true of it.

pub mod corpus;
pub mod log;

/// Tells whether this is a trial run: each job once, on a small log.
///
/// It is one under `cargo bench -- --test` and under `cargo test --benches`, where criterion too
/// runs each job once.
#[must_use]
pub fn is_trial() -> bool {
    let has = |flag: &str| std::env::args().any(|argument| argument == flag);
    has("--test") || !has("--bench")
}
