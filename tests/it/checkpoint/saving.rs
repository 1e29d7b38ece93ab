use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::num::NonZeroU64;
use std::time::Duration;

use headwater::checkpoint::ErrorKind;
use headwater::lines::{self, Position};
use headwater::{Checkpoint, Source};
use serde_json::{Value, json};

use super::Folder;
use crate::expect::texts;

#[test]
fn nothing_is_touched_before_it_is_asked_for() {
    let folder = Folder::new();
    let mut kept = folder.checkpoint::<u64>();
    assert_eq!((kept.load().unwrap(), folder.files()), (None, vec![]));
    assert!(!kept.item_done());
    kept.remove().unwrap();
    assert_eq!(folder.files(), [""; 0]);
    assert_eq!(kept.path(), folder.path());
}

#[test]
fn what_was_saved_last_is_loaded() {
    let folder = Folder::new();
    for n in 0..5_u64 {
        folder.checkpoint().save(&n).unwrap();
        assert_eq!(folder.checkpoint().load().unwrap(), Some(n));
        assert_eq!(folder.files(), ["app.position"]);
    }
    folder.checkpoint::<u64>().remove().unwrap();
    assert_eq!(folder.checkpoint::<u64>().load().unwrap(), None);
}

#[test]
fn what_is_prepared_is_saved_when_it_is_said() {
    let folder = Folder::new();
    let mut kept = folder.checkpoint().label("web log").every(Duration::MAX);
    kept.save(&1_u64).unwrap();
    let before = fs::read(folder.path()).unwrap();
    let prepared = kept.prepare(&2).unwrap();
    assert_eq!(fs::read(folder.path()).unwrap(), before);
    assert_eq!(folder.files(), ["app.position", "app.position.partial"]);
    prepared.save().unwrap();
    assert_eq!((kept.load().unwrap(), folder.files()), (Some(2), vec!["app.position".to_owned()]));
    // It may be thought better of.
    drop(kept.prepare(&3).unwrap());
    assert_eq!((kept.load().unwrap(), folder.files()), (Some(2), vec!["app.position".to_owned()]));
}

/// It is then that the pace begins anew.
#[test]
fn what_is_prepared_is_done_when_it_is_saved() {
    let folder = Folder::new();
    let mut kept = folder.checkpoint().every_items(NonZeroU64::new(2).unwrap());
    assert!(!kept.item_done() && kept.item_done());
    drop(kept.prepare(&1_u64).unwrap());
    assert!(kept.item_done());
    kept.prepare(&1).unwrap().save().unwrap();
    assert!(!kept.item_done());
}

#[test]
fn what_cannot_be_written_is_not_prepared() {
    let folder = Folder::new();
    let mut nowhere = Checkpoint::new(folder.path().join("missing/app.position"));
    assert_eq!(nowhere.prepare(&1).unwrap_err().kind(), ErrorKind::Write);
    // The folder may be gone later.
    let inner = folder.0.path().join("inner");
    fs::create_dir(&inner).unwrap();
    let mut kept = Checkpoint::new(inner.join("app.position"));
    let prepared = kept.prepare(&1).unwrap();
    assert!(format!("{prepared:?}").starts_with("Prepared { checkpoint: Checkpoint { "));
    fs::remove_dir_all(inner).unwrap();
    assert_eq!(prepared.save().unwrap_err().kind(), ErrorKind::Write);
}

#[test]
fn positions_of_any_kind_come_back_as_they_were() {
    fn comes_back<P>(position: P)
    where
        P: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug,
    {
        let folder = Folder::new();
        folder.checkpoint().save(&position).unwrap();
        assert_eq!(folder.checkpoint().load().unwrap(), Some(position));
    }
    comes_back(());
    comes_back([u64::MAX, 0]);
    comes_back((i128::MIN, f64::MIN_POSITIVE, 0.1 + 0.2));
    comes_back(Some(String::from("\0 \"quoted\" \\ \u{1F4A7}\u{2028}\n")));
    comes_back(BTreeMap::from([("}".to_owned(), vec![Some(1)]), (String::new(), vec![None])]));
    comes_back(Position::from(u64::MAX));
}

#[test]
fn lines_go_on_where_they_were() {
    let folder = Folder::new();
    let path = folder.0.path().join("app.log");
    fs::write(&path, "one\ntwo\nthree\nfour\n").unwrap();
    let mut log = headwater::lines(&path).unwrap();
    log.next().unwrap().unwrap();
    log.next_back().unwrap().unwrap();
    folder.checkpoint().save(&log.position()).unwrap();

    let mut log = headwater::lines(&path).unwrap();
    log.resume_at(folder.checkpoint().load().unwrap().unwrap());
    assert_eq!(texts(log), ["two", "three"]);

    // Another file in its place is noticed: the position knows its file.
    fs::rename(&path, folder.0.path().join("app.log.1")).unwrap();
    fs::write(&path, "eins\nzwei\n").unwrap();
    let position: Position = folder.checkpoint().load().unwrap().unwrap();
    let error = headwater::lines(&path).unwrap().from(position).next().unwrap().unwrap_err();
    assert_eq!(error.kind(), headwater::ErrorKind::SourceChanged);
    assert_eq!(texts(lines::read(&b"a\nb\n"[..]).from(2)), ["b"]);
}

#[test]
fn labels_tell_checkpoints_apart() {
    let folder = Folder::new();
    for label in ["", "web log", "\"\u{fc}\"\n"] {
        folder.checkpoint().label(label).save(&1).unwrap();
        assert_eq!(folder.checkpoint().label(label).load().unwrap(), Some(1));
        assert!(folder.checkpoint::<i32>().load().is_err());
        assert!(folder.checkpoint::<i32>().label("another").load().is_err());
    }
    folder.checkpoint().save(&1).unwrap();
    assert!(folder.checkpoint::<i32>().label("").load().is_err());
}

#[test]
fn it_is_one_line_of_json_of_a_version() {
    let folder = Folder::new();
    folder.checkpoint().label("web log").save(&[4, 2]).unwrap();
    let text = fs::read_to_string(folder.path()).unwrap();
    let expected = r#"{"headwater_checkpoint":1,"checksum":"b1fb918e85061555","kept":{"label":"web log","position":[4,2]}}"#;
    assert_eq!(text, format!("{expected}\n"), "version 1 can't be read any more");
    let Value::Object(written) = serde_json::from_str(&text).unwrap() else { panic!("{text}") };
    assert_eq!(written["kept"], json!({ "label": "web log", "position": [4, 2] }));
}

#[test]
fn a_name_without_a_folder_is_in_the_current_one() {
    let name = format!("headwater-test-{}.position", std::process::id());
    let mut kept = Checkpoint::new(&name);
    kept.save(&7).unwrap();
    assert!(env::current_dir().unwrap().join(&name).is_file());
    assert_eq!(kept.load().unwrap(), Some(7));
    kept.remove().unwrap();
    assert!(!env::current_dir().unwrap().join(&name).exists());
}

#[test]
fn a_checkpoint_can_go_to_another_thread() {
    fn can<T: Send + Sync>() {}
    can::<Checkpoint<std::rc::Rc<u64>>>();
    let shown = format!("{:?}", Checkpoint::<u64>::new("app.position").label("web"));
    assert!(
        shown.starts_with(r#"Checkpoint { path: "app.position", label: Some("web"), "#),
        "{shown}"
    );
}

#[test]
fn fractions_come_back_to_the_last_bit() {
    let folder = Folder::new();
    // What a reader of JSON gets wrong by one bit, if it is in a hurry.
    let mut bits = 0x3FB9_9999_9999_999A_u64;
    for _ in 0..300 {
        bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let fraction = f64::from_bits(bits);
        if fraction.is_finite() {
            let mut kept = folder.checkpoint();
            kept.save(&fraction).unwrap();
            assert_eq!(kept.load().unwrap().map(f64::to_bits), Some(bits));
        }
    }
}
