//! Work that ends the whole process if it fails.

use std::env;
use std::process::Command;
use std::thread;

/// Runs a test's work in a process of its own. The test gives its own full name.
pub(crate) fn in_its_own_process(test: &str, work: impl FnOnce()) {
    in_a_process_with(test, &[], work);
}

/// Runs a test's work in a process of its own that can start no thread.
pub(crate) fn without_threads(test: &str, work: impl FnOnce()) {
    // A stack that no system has room for; and the tests' own threads are not needed for one.
    let stack = (1_usize << 60).to_string();
    in_a_process_with(test, &[("RUST_MIN_STACK", &stack), ("RUST_TEST_THREADS", "1")], || {
        assert!(thread::Builder::new().spawn(|| ()).is_err(), "there are threads");
        work();
    });
}

fn in_a_process_with(test: &str, variables: &[(&str, &str)], work: impl FnOnce()) {
    const INSIDE: &str = "HEADWATER_TEST_INSIDE";
    if env::var_os(INSIDE).is_some_and(|inside| inside == test) {
        return work();
    }
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", test]).env(INSIDE, test).envs(variables.iter().copied());
    let ran = command.output().unwrap();
    let stdout = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{stdout}{}", String::from_utf8_lossy(&ran.stderr));
    assert!(stdout.contains("1 passed"), "{test} is not the name of a test");
}
