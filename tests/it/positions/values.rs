//! A position as a value: equal, hashed, printed, made of an offset.

use std::collections::HashSet;
use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};

use headwater::Source;
use headwater::lines::{self, Position};

fn hash(position: &Position) -> u64 {
    let mut hasher = DefaultHasher::new();
    position.hash(&mut hasher);
    hasher.finish()
}

#[test]
fn an_offset_makes_one() {
    let position = Position::from(4096);
    assert_eq!((position.offset(), position.back(), position.path()), (4096, None, None));
    assert_eq!(Position::from(0), Position::default());
    assert_ne!(Position::from(0), Position::from(1));
    assert_eq!(Position::from(u64::MAX).offset(), u64::MAX);
}

#[test]
fn an_offset_need_not_be_that_of_a_line() {
    let log = || lines::read(&b"one\ntwo\n"[..]);
    assert_eq!(log().from(1).next().unwrap().unwrap(), "ne");
    assert_eq!(log().from(3).next().unwrap().unwrap(), "");
    let log = || lines::random_access(|| Ok(&b"one\ntwo\n"[..]));
    let line = log().from(2).next().unwrap().unwrap();
    assert_eq!((line.to_str().unwrap(), line.offset()), ("e", 2));
    assert_eq!(log().from(2).last().unwrap().unwrap(), "two");
    assert_eq!(log().from(2).rev().last().unwrap().unwrap(), "e");
}

#[test]
fn it_prints_its_path_and_its_offset() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.log");
    fs::write(&path, "one\ntwo\n").unwrap();
    let mut log = headwater::lines(&path).unwrap();
    assert_eq!(log.position().to_string(), format!("{}:0", path.display()));
    log.next().unwrap().unwrap();
    assert_eq!(log.position().to_string(), format!("{}:4", path.display()));
    log.next_back().unwrap().unwrap();
    assert_eq!(log.position().to_string(), format!("{}:4..4", path.display()));
    assert_eq!(Position::from(7).to_string(), "7");
    let mut read = lines::read(&b"one\n"[..]);
    read.next().unwrap().unwrap();
    assert_eq!(read.position().to_string(), "4");
    assert!(format!("{:?}", log.position()).contains("app.log"));
}

#[test]
fn the_same_places_are_equal() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.log");
    fs::write(&path, "one\ntwo\nthree\n").unwrap();
    let at = |front: usize, back: usize| {
        let mut log = headwater::lines(&path).unwrap();
        (0..front).for_each(|_| drop(log.next().unwrap().unwrap()));
        (0..back).for_each(|_| drop(log.next_back().unwrap().unwrap()));
        log.position()
    };
    assert_eq!(at(1, 0), at(1, 0));
    assert_eq!(hash(&at(1, 0)), hash(&at(1, 0)));
    assert_eq!(at(1, 1), at(1, 1).clone());
    let all = [at(0, 0), at(1, 0), at(2, 0), at(0, 1), at(1, 1), Position::from(4)];
    assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len(), "{all:?}");
}

#[test]
fn it_is_behind_the_last_line_delivered() {
    let text = "one\r\n\nthree\nhalf";
    let mut log = lines::random_access(|| Ok(text.as_bytes()));
    let mut fronts = vec![log.position().offset()];
    while let Some(line) = log.next() {
        line.unwrap();
        fronts.push(log.position().offset());
    }
    assert_eq!(fronts, [0, 5, 6, 12, 16]);
    assert_eq!(log.position().offset(), 16, "and stays there");

    let mut log = lines::random_access(|| Ok(text.as_bytes()));
    assert_eq!(log.position().back(), None);
    let mut backs = Vec::new();
    while let Some(line) = log.next_back() {
        line.unwrap();
        backs.push(log.position().back().unwrap());
    }
    assert_eq!(backs, [12, 6, 5, 0]);
    assert_eq!(log.position().offset(), 0, "the front has not moved");
}
