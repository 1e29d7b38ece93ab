use std::ffi::OsString;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Replaces a file: whatever happens, its name stands for the old bytes or for the new ones.
///
/// The order is what makes it so: the bytes are on the disk before the name is theirs, and the name
/// is before this returns.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    Partial::write(path, bytes)?.rename(path)
}

/// Bytes that are on the disk, and whose name is still to be theirs. Unless it becomes theirs, they
/// are removed when this is dropped.
#[derive(Debug)]
pub(super) struct Partial(Option<PathBuf>);

impl Partial {
    /// Writes what is to replace a file.
    pub(super) fn write(path: &Path, bytes: &[u8]) -> io::Result<Self> {
        let partial = Self(Some(partial(path)?));
        if let Some(path) = &partial.0 {
            write(path, bytes)?;
        }
        Ok(partial)
    }

    /// Replaces the file, which is that for which it was written.
    pub(super) fn rename(mut self, path: &Path) -> io::Result<()> {
        if let Some(partial) = &self.0 {
            fs::rename(partial, path)?;
        }
        self.0 = None;
        sync_folder(path)
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            _ = fs::remove_file(path);
        }
    }
}

/// Removes a file, and what a replacement that was interrupted has left of it, if they are there.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    let had_partial = remove_if_there(&partial(path)?)?;
    let had_file = remove_if_there(path)?;
    if had_partial || had_file { sync_folder(path) } else { Ok(()) }
}

/// The name is always the same, so that no more than one is ever left.
fn partial(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let mut partial = OsString::from(name);
    partial.push(".partial");
    Ok(path.with_file_name(partial))
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = fs::File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn remove_if_there(path: &Path) -> io::Result<bool> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        removed => removed.map(|()| true),
    }
}

/// Has the names in the folder of a file on the disk. Elsewhere than on Unix, folders can't be opened.
fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}
