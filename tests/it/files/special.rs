//! Files that are missing, closed to us, or no ordinary files.

use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use headwater::lines::{self, LongLine};
use headwater::{Error, ErrorKind, Source};

use crate::expect::{broken, lines_in, texts};

fn cause(error: &Error) -> io::ErrorKind {
    let cause = std::error::Error::source(error).expect("a cause");
    cause.downcast_ref::<io::Error>().expect("an I/O error").kind()
}

/// Runs `call`, which must return: a test that hangs tells nothing.
fn returns<T: Send + 'static>(call: impl FnOnce() -> T + Send + 'static) -> T {
    let (send, result) = mpsc::channel();
    thread::spawn(move || send.send(call()));
    result.recv_timeout(Duration::from_secs(20)).expect("the call hangs")
}

fn fifo(folder: &Path) -> PathBuf {
    let path = folder.join("fifo");
    let status = Command::new("mkfifo").arg(&path).status().expect("mkfifo");
    assert!(status.success());
    path
}

#[test]
fn a_missing_file_is_an_error_at_the_call() {
    let folder = tempfile::tempdir().unwrap();
    let dangling = folder.path().join("dangling");
    symlink(folder.path().join("nowhere"), &dangling).unwrap();
    for path in [folder.path().join("missing.log"), dangling, PathBuf::new()] {
        let error = headwater::lines(&path).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Open);
        assert_eq!(error.path(), Some(path.as_path()));
        assert_eq!(cause(&error), io::ErrorKind::NotFound);
        #[cfg(feature = "compression")]
        assert_eq!(lines::decompressed(&path).unwrap_err().to_string(), error.to_string());
    }
}

#[test]
fn a_directory_is_an_error_at_the_call() {
    let folder = tempfile::tempdir().unwrap();
    let error = headwater::lines(folder.path()).unwrap_err();
    assert_eq!((error.kind(), cause(&error)), (ErrorKind::Open, io::ErrorKind::IsADirectory));
    #[cfg(feature = "compression")]
    {
        let error = lines::decompressed(folder.path()).unwrap_err();
        assert_eq!((error.kind(), cause(&error)), (ErrorKind::Open, io::ErrorKind::IsADirectory));
        assert_eq!(lines::each([folder.path()]).count(), 1, "one error, and nothing for ever");
    }
}

#[test]
fn an_unreadable_file_is_an_error_at_the_call() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret.log");
    fs::write(&path, "secret\n").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::File::open(&path).is_ok() {
        eprintln!("skipped: who runs this may read everything");
        return;
    }
    let error = headwater::lines(&path).unwrap_err();
    assert_eq!((error.kind(), cause(&error)), (ErrorKind::Open, io::ErrorKind::PermissionDenied));
}

#[test]
fn a_pipe_that_nobody_writes_to_is_an_error_and_no_wait() {
    let folder = tempfile::tempdir().unwrap();
    let path = fifo(folder.path());
    let error = returns({
        let path = path.clone();
        move || headwater::lines(path).unwrap_err()
    });
    assert_eq!(error.kind(), ErrorKind::Unseekable);
    assert_eq!(error.path(), Some(path.as_path()));
    let expected =
        format!("{}: is a pipe or a device: only `lines::read` can read it", path.display());
    assert_eq!(error.to_string(), expected);
}

#[test]
fn sockets_and_devices_have_no_ends_to_read_from() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("socket");
    let _listener = UnixListener::bind(&socket).unwrap();
    for path in [socket.as_path(), "/dev/null".as_ref(), "/dev/zero".as_ref()] {
        let error = headwater::lines(path).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unseekable, "{}", path.display());
    }
}

#[test]
fn devices_can_be_read_forward() {
    let null = fs::File::open("/dev/null").unwrap();
    assert!(lines::read(null).next().is_none());

    let zero = fs::File::open("/dev/zero").unwrap();
    let mut nothing = lines::read(zero).max_len(100_000);
    let error = nothing.next().unwrap().unwrap_err();
    assert_eq!((error.kind(), error.offset()), (ErrorKind::LongLine, Some(0)));
    assert!(nothing.next().is_none());

    // Each NUL is a line here, and so the lines have no end: only `take` ends them.
    let zero = fs::File::open("/dev/zero").unwrap();
    let empty = lines::read(zero).delimiter(0).take(70_000);
    assert_eq!(
        empty.filter(|line| line.as_ref().is_ok_and(|line| line.is_empty())).count(),
        70_000
    );
}

#[cfg(feature = "compression")]
#[test]
fn a_pipe_with_a_writer_can_be_decompressed() {
    let folder = tempfile::tempdir().unwrap();
    let path = fifo(folder.path());
    let text = (0..10_000).map(|n| format!("line {n}\n")).collect::<Vec<_>>().concat();
    let writer = thread::spawn({
        let (path, text) = (path.clone(), text.clone());
        move || fs::write(path, zstd::encode_all(text.as_bytes(), 1).unwrap()).unwrap()
    });
    let read = returns(move || texts(lines::decompressed(path).unwrap()));
    assert_eq!(read, lines_in(text.as_bytes()));
    writer.join().unwrap();
}

/// The part of a line that stays the same from one read of a state to the next.
fn keys(lines: &[bstr::BString]) -> Vec<Vec<u8>> {
    lines.iter().map(|line| line.split(|&byte| byte == b':').next().unwrap().to_vec()).collect()
}

#[cfg(target_os = "linux")]
#[test]
fn files_of_the_system_s_state_have_no_length_but_content() {
    for path in ["/proc/self/status", "/proc/cpuinfo"] {
        assert_eq!(fs::metadata(path).unwrap().len(), 0);
        let expected = keys(&lines_in(&fs::read(path).unwrap()));
        assert!(expected.len() > 5, "{path}");
        for block_size in [100, 64 << 10].map(|size| size.try_into().unwrap()) {
            let log = || headwater::lines(path).unwrap().block_size(block_size);
            assert_eq!(keys(&texts(log())), expected, "{path} forward");
            let mut backward = keys(&texts(log().rev()));
            backward.reverse();
            assert_eq!(backward, expected, "{path} backward");
            assert_eq!(log().count(), expected.len(), "{path} counted");
        }
    }
}

/// Holds every way of reading against the bytes of a file whose length is told wrongly.
fn is_read_in_every_way(path: &str) {
    let bytes = fs::read(path).unwrap();
    let expected = lines_in(&bytes);
    assert!(!expected.is_empty(), "{path}");
    let reversed: Vec<_> = expected.iter().rev().cloned().collect();
    for block_size in [1, 2, 3, 50, 64 << 10].map(|size| size.try_into().unwrap()) {
        let log = || headwater::lines(path).unwrap().block_size(block_size);
        assert_eq!(texts(log()), expected, "{path}");
        assert_eq!(texts(log().rev()), reversed, "{path}");
        assert_eq!(log().count(), expected.len(), "{path}");
        assert_eq!(
            log().last().unwrap().unwrap().into_owned(),
            *expected.last().unwrap(),
            "{path}"
        );
        assert_eq!(texts(log().containing("")), expected, "{path}");
        assert_eq!(texts(log().containing("").rev()), reversed, "{path}");

        let mut both = log();
        let last = both.next_back().unwrap().unwrap();
        assert_eq!(last.into_owned(), *expected.last().unwrap(), "{path}");
        assert_eq!(texts(both), expected[..expected.len() - 1], "{path}");

        let middle = bytes.len() as u64 / 2;
        let parts = texts(log().range(..middle)).into_iter().chain(texts(log().range(middle..)));
        assert!(parts.eq(expected.iter().cloned()), "{path}");

        let mut log = log();
        log.next().unwrap().unwrap();
        let noted = log.position();
        log.resume_at(noted.clone());
        assert_eq!(texts(log), expected[1..], "{path}");
        assert_eq!(texts(headwater::lines(path).unwrap().from(noted)), expected[1..], "{path}");
    }
    #[cfg(feature = "compression")]
    assert_eq!(texts(lines::decompressed(path).unwrap()), expected, "{path}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_length_of_zero_is_not_believed() {
    for path in ["/proc/version", "/proc/self/limits", "/proc/self/mountinfo"] {
        is_read_in_every_way(path);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_length_that_is_too_long_is_not_believed() {
    let paths = [
        "/sys/kernel/mm/transparent_hugepage/enabled",
        "/sys/class/net/lo/uevent",
        "/sys/devices/system/cpu/online",
    ];
    let (there, absent): (Vec<_>, Vec<_>) =
        paths.into_iter().partition(|path| fs::read(path).is_ok_and(|bytes| !bytes.is_empty()));
    if !absent.is_empty() {
        eprintln!("skipped, since they are not there: {absent:?}");
    }
    for path in there {
        assert_eq!(fs::metadata(path).unwrap().len(), 4096, "{path}");
        is_read_in_every_way(path);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn other_delimiters_read_the_system_s_state() {
    let bytes = fs::read("/proc/self/environ").unwrap();
    let variables = headwater::lines("/proc/self/environ").unwrap().delimiter(0);
    let expected: Vec<_> = bytes.split_inclusive(|&byte| byte == 0).collect();
    let given = texts(variables);
    assert_eq!(given.len(), expected.len());
    assert!(given.iter().zip(expected).all(|(given, whole)| whole.starts_with(given)));
}

#[cfg(all(feature = "mmap", target_os = "linux"))]
#[test]
#[expect(unsafe_code, reason = "nobody shortens the system's state")]
fn what_can_not_be_mapped_is_an_error_at_the_first_pull() {
    // SAFETY: it can't be mapped, so nothing is.
    let mapped = unsafe { lines::mapped("/proc/self/status").unwrap() };
    let (good, error) = broken(mapped);
    assert!(good.is_empty());
    assert_eq!(error.kind(), ErrorKind::Read);
    assert_eq!(error.path(), Some("/proc/self/status".as_ref()));
}

#[test]
fn names_need_not_be_text() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(std::ffi::OsStr::from_bytes(b"caf\xE9.log"));
    fs::write(&path, "one\nthree\n").unwrap();
    let mut log = headwater::lines(&path).unwrap();
    assert_eq!(log.next().unwrap().unwrap().path(), Some(path.as_path()));
    assert_eq!(log.position().path(), Some(path.as_path()));
    assert!(log.position().to_string().ends_with("caf\u{FFFD}.log:4"));
    let (_, error) = broken(headwater::lines(&path).unwrap().max_len(4).on_long(LongLine::Error));
    assert_eq!(error.path(), Some(path.as_path()));
}

#[cfg(feature = "compression")]
#[test]
fn a_pipe_is_read_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = fifo(folder.path());
    let error = returns(move || {
        let write = |text: &'static str| {
            let path = path.clone();
            thread::spawn(move || fs::write(path, text))
        };
        let first = write("one\ntwo\n");
        let mut lines = lines::decompressed(&path).unwrap();
        assert_eq!(lines.by_ref().count(), 2);
        first.join().unwrap().unwrap();
        // It may find its reader gone.
        let _second = write("three\nfour\nfive\n");
        lines.resume_at(lines.position());
        lines.next().unwrap().unwrap_err()
    });
    assert_eq!((error.kind(), error.offset()), (ErrorKind::Unseekable, Some(8)));
}
