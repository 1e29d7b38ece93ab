//! Positions: what they know, what they refuse, and how they are written down.

mod identity;
mod resuming;
mod values;
#[cfg(feature = "serde")]
mod written;
