//! What happened, in order.

use std::fmt;
use std::sync::{Arc, Mutex};

/// Notes events, wherever its clones are.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    pub(crate) fn note(&self, event: impl fmt::Display) {
        self.0.lock().unwrap().push(event.to_string());
    }

    /// Returns what was noted since the last call, parted by spaces.
    pub(crate) fn take(&self) -> String {
        self.0.lock().unwrap().drain(..).collect::<Vec<_>>().join(" ")
    }

    /// Makes a value that notes its name when it is dropped.
    pub(crate) fn drops(&self, name: &'static str) -> NotesDrop {
        NotesDrop(name, self.clone())
    }
}

#[derive(Debug)]
pub(crate) struct NotesDrop(&'static str, Log);

impl Drop for NotesDrop {
    fn drop(&mut self) {
        self.1.note(self.0);
    }
}
