//! What bodies of generators have in common in these tests.

use headwater::generate::Emitter;

use crate::support::log::Log;

/// Emits 1, 2 and 3, and holds one thing more before each of them.
pub(super) async fn hold_and_emit(out: &Emitter<u32>, log: &Log) {
    let _first = log.drops("first");
    out.emit(1).await;
    let _second = log.drops("second");
    out.emit(2).await;
    let _third = log.drops("third");
    out.emit(3).await;
}

/// What of [`hold_and_emit`], in a body that has captured something, is dropped after so many items.
pub(super) const DROPPED_AFTER: [&str; 4] =
    ["captured", "first captured", "second first captured", "third second first captured"];

/// What a pull says where the body waits for what would not wake it.
pub(super) fn is_asleep(message: &str) -> bool {
    message.contains("awaited something other") && message.contains("`headwater::stream::generate`")
}

/// What an emit says that is polled out of its body.
pub(super) fn is_outside(message: &str) -> bool {
    message.contains("outside of its generator's body")
}
