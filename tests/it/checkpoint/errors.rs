//! Every error, what it says, and what it leaves.

use std::error::Error as _;
use std::fs;
use std::io;

use headwater::Checkpoint;
use headwater::checkpoint::{Error, ErrorKind};
use serde::{Serialize, Serializer};

use super::Folder;

/// Asserts all that an error says; its cause's kind is that of the system's error, if there is one.
fn says(error: Error, kind: ErrorKind, text: &str, cause: Option<io::ErrorKind>) {
    let (path, said) = (error.path().to_owned(), error.to_string());
    assert_eq!((error.kind(), said), (kind, format!("{}: {text}", path.display())));
    let found = error.source().map(|cause| cause.downcast_ref::<io::Error>().unwrap().kind());
    assert_eq!(found, cause, "{error:?}");
    let is_system = matches!(kind, ErrorKind::Read | ErrorKind::Write | ErrorKind::Remove);
    let expected = cause.filter(|_| is_system).unwrap_or(io::ErrorKind::InvalidData);
    assert_eq!(io::Error::from(error).kind(), expected);
    assert_eq!(size_of::<Error>(), size_of::<usize>());
}

fn load_error(folder: &Folder) -> Error {
    folder.checkpoint::<u64>().load().unwrap_err()
}

#[test]
fn a_file_that_cannot_be_read() {
    let folder = Folder::new();
    fs::write(folder.path(), "no folder").unwrap();
    let kept = Checkpoint::<u64>::new(folder.path().join("below"));
    let error = kept.load().unwrap_err();
    says(error, ErrorKind::Read, "cannot be read", Some(io::ErrorKind::NotADirectory));
}

#[test]
fn a_file_that_cannot_be_written() {
    let folder = Folder::new();
    let mut kept = Checkpoint::new(folder.path().join("below"));
    let error = kept.save(&1_u64).unwrap_err();
    says(error, ErrorKind::Write, "cannot be written", Some(io::ErrorKind::NotFound));
    let error = Checkpoint::new("/").save(&1_u64).unwrap_err();
    says(error, ErrorKind::Write, "cannot be written", Some(io::ErrorKind::InvalidInput));
}

#[test]
fn a_file_that_cannot_be_replaced() {
    let folder = Folder::new();
    fs::create_dir(folder.path()).unwrap();
    let error = folder.checkpoint().save(&1_u64).unwrap_err();
    says(error, ErrorKind::Write, "cannot be written", Some(io::ErrorKind::IsADirectory));
    assert_eq!(folder.files(), ["app.position"], "nothing of the attempt stays");
    let error = folder.checkpoint::<u64>().remove().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Remove);
    assert!(error.to_string().ends_with(": cannot be removed") && error.source().is_some());
    says(load_error(&folder), ErrorKind::Foreign, "is not a checkpoint", None);
}

/// A position that can be written only if it is even.
struct Even(u64);

impl Serialize for Even {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % 2 == 1 {
            return Err(serde::ser::Error::custom("it is odd"));
        }
        self.0.serialize(serializer)
    }
}

#[test]
fn a_position_that_cannot_be_written_leaves_the_one_before() {
    let folder = Folder::new();
    folder.checkpoint().save(&Even(2)).unwrap();
    let error = folder.checkpoint().save(&Even(3)).unwrap_err();
    assert_eq!(error.source().unwrap().to_string(), "it is odd");
    assert_eq!(error.kind(), ErrorKind::Write);
    assert_eq!(folder.checkpoint::<u64>().load().unwrap(), Some(2));
}

#[test]
fn what_is_not_a_checkpoint() {
    let folder = Folder::new();
    for other in
        ["one\ntwo\n", "{}", "[1]", r#" {"headwater_checkpoint":1}"#, "{\"headwater\":1}\n"]
    {
        fs::write(folder.path(), other).unwrap();
        says(load_error(&folder), ErrorKind::Foreign, "is not a checkpoint", None);
        assert_eq!(fs::read_to_string(folder.path()).unwrap(), other, "it was changed");
    }
}

#[cfg(unix)]
#[test]
fn what_is_not_a_checkpoint_is_not_waited_for_nor_read_to_its_end() {
    let folder = Folder::new();
    let status = std::process::Command::new("mkfifo").arg(folder.path()).status();
    assert!(status.expect("mkfifo").success());
    says(load_error(&folder), ErrorKind::Foreign, "is not a checkpoint", None);
    fs::remove_file(folder.path()).unwrap();
    let huge = fs::File::create(folder.path()).unwrap();
    huge.set_len(1 << 40).unwrap();
    says(load_error(&folder), ErrorKind::Foreign, "is not a checkpoint", None);
}

#[test]
fn one_that_is_damaged() {
    let folder = Folder::new();
    let damaged = "is a checkpoint that was cut off or damaged";
    let head = r#"{"headwater_checkpoint":"#;
    let eof = Some(io::ErrorKind::UnexpectedEof);
    let invalid = Some(io::ErrorKind::InvalidData);
    for (rest, cause) in [
        ("", eof),
        ("1", eof),
        ("1}", invalid),
        ("-1}", invalid),
        ("0}", None),
        (r#"1,"checksum":"","kept":{"label":null,"position":1}}"#, None),
    ] {
        fs::write(folder.path(), format!("{head}{rest}")).unwrap();
        says(load_error(&folder), ErrorKind::Corrupt, damaged, cause);
    }
    fs::write(folder.path(), "").unwrap();
    says(load_error(&folder), ErrorKind::Corrupt, damaged, None);
}

#[test]
fn one_of_something_else() {
    let folder = Folder::new();
    folder.checkpoint().label("web \"1\"").save(&1_u64).unwrap();
    says(load_error(&folder), ErrorKind::Foreign, r#"is the checkpoint of "web \"1\"""#, None);
    folder.checkpoint().save(&1_u64).unwrap();
    let error = folder.checkpoint::<u64>().label("web").load().unwrap_err();
    says(error, ErrorKind::Foreign, "is a checkpoint without a label", None);
    folder.checkpoint().save(&"page 1").unwrap();
    let other = "is the checkpoint of another kind of source";
    says(load_error(&folder), ErrorKind::Foreign, other, Some(io::ErrorKind::InvalidData));
}

#[test]
fn one_of_a_later_version() {
    let folder = Folder::new();
    fs::write(folder.path(), r#"{"headwater_checkpoint":2,"position":"elsewhere"}"#).unwrap();
    let text = "is a checkpoint of version 2, which is not known here";
    says(load_error(&folder), ErrorKind::Version, text, None);
}
