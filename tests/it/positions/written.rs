//! Positions that are written down and read back.

use std::fs;

use headwater::Source;
use headwater::lines::{self, Position};
use serde_json::{Value, json};

use crate::expect::texts;

fn read_back(position: &Position) -> Position {
    let written = serde_json::to_string(position).unwrap();
    let read: Position = serde_json::from_str(&written).unwrap();
    assert_eq!(&read, position, "{written}");
    read
}

fn log() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.log");
    fs::write(&path, "one\ntwo\nthree\nfour\n").unwrap();
    (folder, path)
}

#[test]
fn every_kind_of_position_comes_back_as_it_was() {
    let (_folder, path) = log();
    read_back(&Position::default());
    read_back(&Position::from(u64::MAX));

    let mut log = headwater::lines(&path).unwrap();
    read_back(&log.position());
    log.next().unwrap().unwrap();
    read_back(&log.position());
    log.next_back().unwrap().unwrap();
    let both = read_back(&log.position());
    assert_eq!(both.back(), Some(14));
    assert_eq!(texts(headwater::lines(&path).unwrap().from(both)), ["two", "three"]);
    assert_eq!(log.by_ref().count(), 2);
    read_back(&log.position());

    let mut ranged = headwater::lines(&path).unwrap().range(4..14);
    ranged.next().unwrap().unwrap();
    let noted = read_back(&ranged.position());
    assert_eq!(texts(headwater::lines(&path).unwrap().from(noted)), ["three"]);

    let mut read = lines::read(&b"one\ntwo\n"[..]);
    read.next().unwrap().unwrap();
    let noted = read_back(&read.position());
    assert_eq!(texts(lines::read(&b"one\ntwo\n"[..]).from(noted)), ["two"]);

    let mut found = headwater::lines(&path).unwrap().containing("t");
    found.next().unwrap().unwrap();
    read_back(&found.position());
}

#[cfg(feature = "compression")]
#[test]
fn the_file_of_many_is_written_down() {
    let (folder, path) = log();
    let other = folder.path().join("app.log.1.zst");
    fs::write(&other, zstd::encode_all(&b"zero\n"[..], 1).unwrap()).unwrap();
    let mut log = lines::each([&other, &path]);
    let (first, second) = (log.next().unwrap().unwrap(), log.next().unwrap().unwrap());
    assert_eq!((first.to_str().unwrap(), second.to_str().unwrap()), ("zero", "one"));
    let noted = read_back(&log.position());
    assert_eq!(noted.path(), Some(path.as_path()));
    assert_eq!(texts(lines::each([&other, &path]).from(noted)), ["two", "three", "four"]);
}

#[cfg(feature = "mmap")]
#[test]
#[expect(unsafe_code, reason = "nobody changes the file")]
fn a_mapped_file_is_the_same_file() {
    let (_folder, path) = log();
    // SAFETY: nobody changes the file.
    let mut mapped = unsafe { lines::mapped(&path).unwrap() };
    mapped.next().unwrap().unwrap();
    let noted = read_back(&mapped.position());
    assert_eq!(texts(headwater::lines(&path).unwrap().from(noted)), ["two", "three", "four"]);
}

#[test]
fn it_is_an_object_with_a_path_and_offsets() {
    let (_folder, path) = log();
    let mut log = headwater::lines(&path).unwrap();
    log.next().unwrap().unwrap();
    let Value::Object(written) = serde_json::to_value(log.position()).unwrap() else {
        panic!("it is no object");
    };
    assert_eq!(written["path"], json!(path));
    assert_eq!((&written["front"], &written["back"]), (&json!(4), &Value::Null));
    assert!(written["identity"].is_object());
}

#[test]
fn one_that_was_written_by_hand_is_read() {
    let (_folder, path) = log();
    let by_hand = json!({
        "path": path, "index": 0, "identity": null, "front": 4, "back": null,
    });
    let noted: Position = serde_json::from_value(by_hand).unwrap();
    assert_eq!((noted.offset(), noted.path()), (4, Some(path.as_path())));
    assert_eq!(texts(headwater::lines(&path).unwrap().from(noted)), ["two", "three", "four"]);

    let bare = json!({ "path": null, "index": 0, "identity": null, "front": 4, "back": 14 });
    let noted: Position = serde_json::from_value(bare).unwrap();
    assert_eq!(texts(headwater::lines(&path).unwrap().from(noted)), ["two", "three"]);
}

#[test]
fn nonsense_is_refused_or_comes_to_an_error() {
    for nonsense in ["", "null", "[]", "{}", r#"{"front": -1}"#, r#""4""#] {
        assert!(serde_json::from_str::<Position>(nonsense).is_err(), "{nonsense}");
    }
    let (_folder, path) = log();
    let mut log = headwater::lines(&path).unwrap();
    log.next().unwrap().unwrap();
    let mut written = serde_json::to_value(log.position()).unwrap();
    // A length that no head has: it must be neither a panic nor an allocation.
    written["identity"]["head_len"] = json!(usize::MAX);
    let noted: Position = serde_json::from_value(written).unwrap();
    let error = headwater::lines(&path).unwrap().from(noted).next().unwrap().unwrap_err();
    assert_eq!(error.kind(), headwater::ErrorKind::SourceChanged);

    let twisted = json!({ "path": null, "index": 0, "identity": null, "front": 14, "back": 4 });
    let noted: Position = serde_json::from_value(twisted).unwrap();
    assert_eq!(headwater::lines(&path).unwrap().from(noted.clone()).count(), 0);
    assert_eq!(headwater::lines(&path).unwrap().from(noted).rev().count(), 0);
}
