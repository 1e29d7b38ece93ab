use std::path::Path;
use std::sync::Arc;

use crate::lines::identity::Identity;

/// Which file some lines are from.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
pub(super) struct Place {
    pub(super) path: Option<Arc<Path>>,
    /// Its index among the files that are read as one; 0 for a single file.
    pub(super) index: usize,
    /// `None` for what can't be told apart: a reader, and a file that was not yet read.
    pub(super) identity: Option<Identity>,
    /// What a server says of its version, such as an `ETag`.
    pub(super) validator: Option<Arc<str>>,
}

impl Place {
    /// The same name, whichever file has it.
    pub(super) fn unidentified(&self) -> Arc<Self> {
        Arc::new(Self { identity: None, ..self.clone() })
    }
}
