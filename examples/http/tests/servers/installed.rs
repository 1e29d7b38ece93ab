use std::env;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Finds a program, in `PATH` and where Debian puts it; says so if it is not there.
pub(crate) fn installed(name: &str, package: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&path).chain(["/usr/sbin", "/sbin"].map(PathBuf::from));
    let found = folders.map(|folder| folder.join(name)).find(|path| path.is_file());
    found.or_else(|| newest_of_postgresql(name)).or_else(|| missing(name, package))
}

/// Debian has them in `/usr/lib/postgresql/VERSION/bin`.
fn newest_of_postgresql(name: &str) -> Option<PathBuf> {
    let versions = Path::new("/usr/lib/postgresql").read_dir().ok()?;
    let programs = versions.flatten().map(|version| version.path().join("bin").join(name));
    programs.filter(|path| path.is_file()).max()
}

fn missing(name: &str, package: &str) -> Option<PathBuf> {
    assert!(env::var_os("CI").is_none(), "{name} is not installed: apt-get install {package}");
    // Written past the test's own output, which nobody sees where it succeeds.
    let message = format!("SKIPPED: {name} is not installed (apt-get install {package})\n");
    drop(io::stderr().write_all(message.as_bytes()));
    None
}
