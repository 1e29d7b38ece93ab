//! Hygiene, as tests over the project's own files.

use std::path::{Path, PathBuf};
use std::{env, fs};

mod code;
mod documents;
mod imports;
mod sources;

/// The project's root.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The text of a file of the project.
fn text(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All files under a folder of the project that end in `.extension`, relative to the root, sorted.
fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries.map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                if !path.ends_with("target") {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|other| other == extension) {
                found.push(path.strip_prefix(root()).unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

/// The source files of the library, and their text.
fn sources() -> Vec<(PathBuf, String)> {
    let found: Vec<_> =
        files("src", "rs").into_iter().map(|path| (path.clone(), text(path))).collect();
    assert!(!found.is_empty(), "there is no source");
    found
}
