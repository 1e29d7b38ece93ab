//! Work that ends the whole process if it fails.

use std::env;
use std::process::Command;

/// Runs a test's work in a process of its own. The test gives its own full name.
pub(crate) fn in_its_own_process(test: &str, work: impl FnOnce()) {
    const INSIDE: &str = "HEADWATER_TEST_INSIDE";
    if env::var_os(INSIDE).is_some_and(|inside| inside == test) {
        return work();
    }
    let mut command = Command::new(env::current_exe().unwrap());
    let ran = command.args(["--exact", test]).env(INSIDE, test).output().unwrap();
    let stdout = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{stdout}{}", String::from_utf8_lossy(&ran.stderr));
    assert!(stdout.contains("1 passed"), "{test} is not the name of a test");
}
