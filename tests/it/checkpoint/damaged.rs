//! Checkpoints that are not what was saved: never a wrong position.

use std::fs;
use std::io::{Seek as _, SeekFrom, Write as _};

use headwater::checkpoint::ErrorKind;
use headwater::lines::Position;
use headwater::{Checkpoint, Source};

use super::Folder;

/// A checkpoint of a real position, its bytes, and the position.
fn saved(folder: &Folder) -> (Checkpoint<Position>, Vec<u8>, Position) {
    let mut log = headwater::lines("fixtures/rotated/access.log").unwrap();
    log.nth(59).unwrap().unwrap();
    let position = log.position();
    let mut kept = folder.checkpoint().label("web log");
    kept.save(&position).unwrap();
    (kept, fs::read(folder.path()).unwrap(), position)
}

#[test]
fn a_file_that_is_cut_at_any_byte_is_corrupt() {
    let folder = Folder::new();
    let (kept, bytes, position) = saved(&folder);
    let file = fs::File::options().write(true).open(folder.path()).unwrap();
    let whole = bytes.len() as u64;
    // All that is missing is the end of the line.
    file.set_len(whole - 1).unwrap();
    assert_eq!(kept.load().unwrap(), Some(position));
    for len in (0..whole - 1).rev() {
        file.set_len(len).unwrap();
        assert_eq!(kept.load().unwrap_err().kind(), ErrorKind::Corrupt, "cut to {len} bytes");
    }
}

#[test]
fn a_bit_that_flips_anywhere_is_noticed() {
    let folder = Folder::new();
    let (kept, bytes, position) = saved(&folder);
    let mut file = fs::File::options().write(true).open(folder.path()).unwrap();
    let mut put = |index: usize, byte: u8| {
        file.seek(SeekFrom::Start(index as u64)).unwrap();
        file.write_all(&[byte]).unwrap();
    };
    let head = r#"{"headwater_checkpoint":"#.len();
    for (index, &byte) in bytes.iter().enumerate() {
        for bit in 0..8 {
            put(index, byte ^ (1 << bit));
            let context = format!("bit {bit} of byte {index}");
            let kind = kept.load().expect_err(&context).kind();
            match kind {
                ErrorKind::Foreign => assert!(index < head, "{context}"),
                ErrorKind::Version => assert_eq!(index, head, "{context}"),
                kind => assert_eq!(kind, ErrorKind::Corrupt, "{context}"),
            }
        }
        put(index, byte);
    }
    assert_eq!(kept.load().unwrap(), Some(position));
}

#[test]
fn bytes_that_are_lost_repeated_or_appended_are_noticed() {
    let folder = Folder::new();
    let (kept, bytes, position) = saved(&folder);
    for index in 0..bytes.len() - 1 {
        let with = |middle: &[u8], rest: usize| [&bytes[..index], middle, &bytes[rest..]].concat();
        let twice = bytes[index];
        for damaged in [with(&[], index + 1), with(&[twice, twice], index + 1), with(b"0", index)] {
            if damaged == bytes {
                continue;
            }
            fs::write(folder.path(), &damaged).unwrap();
            let text = String::from_utf8_lossy(&damaged);
            assert!(kept.load().is_err(), "{text}");
        }
    }
    fs::write(folder.path(), [&bytes[..], &bytes[..]].concat()).unwrap();
    assert_eq!(kept.load().unwrap_err().kind(), ErrorKind::Corrupt);
    fs::write(folder.path(), [&bytes[..], b" \n"].concat()).unwrap();
    assert_eq!(kept.load().unwrap(), Some(position));
}

#[test]
fn what_a_kill_left_of_the_next_one_does_not_matter() {
    let folder = Folder::new();
    let (mut kept, bytes, position) = saved(&folder);
    let partial = folder.0.path().join("app.position.partial");
    for len in (0..=bytes.len()).step_by(7) {
        fs::write(&partial, &bytes[..len]).unwrap();
        assert_eq!(kept.load().unwrap().as_ref(), Some(&position), "with {len} bytes of the next");
    }
    fs::write(&partial, bytes.repeat(9)).unwrap();
    kept.save(&Position::from(7)).unwrap();
    assert_eq!(folder.files(), ["app.position"]);
    assert_eq!(kept.load().unwrap(), Some(Position::from(7)));

    fs::write(&partial, &bytes).unwrap();
    kept.remove().unwrap();
    assert_eq!((folder.files(), kept.load().unwrap()), (vec![], None));
}
