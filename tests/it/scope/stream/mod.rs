//! The async twins: the same tables, and what becomes of a future that is dropped.

mod borrowed;
mod bracket;
mod cancel;
mod closing;
mod guard;
mod journal;
mod panics;
mod payloads;
mod programs;
mod resource;
mod resource_cancel;
mod runs;
mod stack;
mod stack_cancel;
mod tokio_tasks;
