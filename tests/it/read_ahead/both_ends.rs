//! Reading ahead from the back, and from one end after the other.

use std::fs;
use std::io;

use headwater::lines;
use headwater::{ErrorKind, Source};

use super::{TEXT, ahead};
use crate::expect::{broken, lines_in, texts};
use crate::support::contract::{contract, contract_of_both_ends};
use crate::support::handles::{Handles, open_below};
use crate::support::hostile::Failing;
use crate::support::random::Random;
use crate::support::resume::{resume_law, resume_law_of_both_ends};
use crate::support::seen::Seen;

#[test]
fn it_is_an_iterator_from_both_ends_as_every_other() {
    for (blocks, block_size) in [(1, 2), (2, 9), (4, 64 << 10)] {
        let stored = || lines::random_access(|| Ok(TEXT)).block_size(ahead(block_size));
        let open = || stored().read_ahead(ahead(blocks));
        contract(open, Seen::of);
        contract_of_both_ends(open, Seen::of);
        contract_of_both_ends(|| stored().range(5..20).read_ahead(ahead(blocks)), Seen::of);
        contract_of_both_ends(|| open().containing("o"), Seen::of);
        resume_law(open);
        resume_law_of_both_ends(open);
    }
}

#[test]
fn lines_backward_are_the_same() {
    let text: Vec<u8> = (0..5000_u32).flat_map(|n| format!("{n} line\r\n").into_bytes()).collect();
    let mut expected = lines_in(&text);
    expected.reverse();
    for (blocks, block_size) in [(1, 100), (3, 1000), (4, 64 << 10)] {
        let text = text.clone();
        let stored = lines::random_access(move || Ok(text.clone()));
        let stored = stored.block_size(ahead(block_size)).read_ahead(ahead(blocks));
        assert_eq!(texts(stored.rev()), expected);
    }
}

#[test]
fn errors_come_from_the_back_as_they_do_without() {
    let kind = io::ErrorKind::ConnectionReset;
    for at in 0..TEXT.len() {
        let open = || {
            let failing = move || Ok(Failing::new(TEXT, at, kind, Failing::<&[u8]>::FOR_EVER));
            lines::random_access(failing).block_size(ahead(3))
        };
        let expected: Vec<Seen> = open().rev().map(Seen::of).collect();
        let given: Vec<Seen> = open().read_ahead(ahead(2)).rev().map(Seen::of).collect();
        assert_eq!(given, expected, "failing at {at}");
    }
    let (good, error) =
        broken(lines::random_access(|| Ok(TEXT)).max_len(4).read_ahead(ahead(2)).rev());
    assert_eq!(good, ["half", "five", "four"]);
    assert_eq!((error.kind(), error.offset()), (ErrorKind::LongLine, Some(8)));
}

#[test]
fn one_handle_is_enough_for_both_ends() {
    let handles = Handles::default();
    for seed in 0..20 {
        let open = {
            let handles = handles.clone();
            move || Ok(handles.handle(TEXT))
        };
        let mut lines = lines::random_access(open).block_size(ahead(5)).read_ahead(ahead(2));
        let mut random = Random::new(seed);
        for _ in 0..lines_in(TEXT).len() {
            let line = if random.coin() { lines.next() } else { lines.next_back() };
            line.unwrap().unwrap();
            assert!(handles.live() <= 1, "{} are open", handles.live());
        }
        assert!(lines.next().is_none() && lines.next_back().is_none());
        assert_eq!(handles.live(), 0);
    }
}

#[test]
fn the_length_stays_whichever_end_it_is_read_from() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.log");
    let text: Vec<u8> = (0..100).flat_map(|n| format!("line {n:02}\n").into_bytes()).collect();
    fs::write(&path, &text).unwrap();
    let open = || headwater::lines(&path).unwrap().block_size(ahead(64)).read_ahead(ahead(2));
    let mut lines = open();
    assert_eq!(lines.next().unwrap().unwrap(), "line 00");
    fs::write(&path, [&text[..], b"line 100\n"].concat()).unwrap();
    assert_eq!(lines.next_back().unwrap().unwrap(), "line 99");
    assert_eq!(lines.next().unwrap().unwrap(), "line 01");
    assert_eq!(texts(lines).len(), 97);
    assert_eq!(open_below(folder.path()), 0);
}

#[test]
fn a_file_that_is_replaced_is_noticed_from_the_other_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.log");
    let text: Vec<u8> = (0..100).flat_map(|n| format!("line {n:02}\n").into_bytes()).collect();
    fs::write(&path, &text).unwrap();
    let mut lines = headwater::lines(&path).unwrap().block_size(ahead(64)).read_ahead(ahead(2));
    assert_eq!(lines.next().unwrap().unwrap(), "line 00");
    fs::rename(&path, folder.path().join("app.log.1")).unwrap();
    fs::write(&path, "something else\n").unwrap();
    let error = lines.next_back().unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::SourceChanged, "it is opened again");
    assert!(lines.next().is_none());
}

#[test]
fn the_position_is_that_of_both_ends() {
    let open = || lines::random_access(|| Ok(TEXT)).block_size(ahead(4));
    let (mut plain, mut lines) = (open(), open().read_ahead(ahead(3)));
    for back in [true, false, false, true, true, false, false] {
        assert_eq!(lines.position(), plain.position());
        let both = if back {
            (lines.next_back(), plain.next_back())
        } else {
            (lines.next(), plain.next())
        };
        assert_eq!(both.0.map(Seen::of), both.1.map(Seen::of));
    }
}
