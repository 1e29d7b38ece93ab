//! What the tests of every slice use: contracts, oracles, hostile inputs, probes.

pub(crate) mod against_oracle;
#[cfg(feature = "async")]
pub(crate) mod blocking;
pub(crate) mod caught;
pub(crate) mod contract;
pub(crate) mod data;
pub(crate) mod demand;
pub(crate) mod faults;
pub(crate) mod handles;
pub(crate) mod healed;
pub(crate) mod hostile;
pub(crate) mod inputs;
pub(crate) mod log;
pub(crate) mod options;
pub(crate) mod oracle;
pub(crate) mod own_process;
pub(crate) mod panics;
pub(crate) mod polls;
pub(crate) mod property;
pub(crate) mod random;
pub(crate) mod resume;
pub(crate) mod seen;
pub(crate) mod sources;
#[cfg(feature = "async")]
pub(crate) mod streams;
