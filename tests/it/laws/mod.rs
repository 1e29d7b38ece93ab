//! The laws that every source keeps: each a generic test, applied to every source.

mod both_ends;
mod bounded;
mod fail_once;
mod lazy;
mod overrides;
mod release;
mod resume;
mod same_everywhere;
