//! Shares of many files: however many take one each, every line is in exactly one.

use std::fs;

use headwater::lines::{self, Each, LongLine, OnFailure};
use headwater::{ErrorKind, Lines, Source};
use proptest::collection::vec;
use proptest::sample::select;

use super::{Files, limited, shorts};
use crate::expect::texts;
use crate::support::caught::panic_of;
use crate::support::contract::contract;
use crate::support::handles::open_below;
use crate::support::property::check;
use crate::support::resume::{resume_law, resume_law_in_place};
use crate::support::seen::Seen;

/// Files of all formats, plain ones of which some parts are cut, and empty ones.
fn files() -> Files {
    Files::new(&[
        ("empty", ""),
        ("a", "one\n\ntwo\r\nthree and more\n"),
        ("b.gz", "four\nfive\n"),
        ("c", "six, no end"),
        ("d.zst", "seven\n\neight"),
        ("e.gz", ""),
        ("f", "\n\n\u{FEFF}nine\n"),
        ("g", "\u{FEFF}ten\neleven\n"),
    ])
}

/// A line as it is seen, with its file.
fn placed(lines: Lines<Each>) -> Vec<(Option<std::path::PathBuf>, Seen)> {
    lines.map(|line| (line.as_ref().unwrap().path().map(Into::into), Seen::of(line))).collect()
}

#[test]
fn shares_of_any_number_are_the_lines_of_all_files() {
    let files = files();
    let expected = placed(files.lines());
    for block_size in [1, 3, 64 << 10].map(|size| size.try_into().unwrap()) {
        // The last numbers are larger than that of the bytes.
        for count in (1..=20).chain([100, 300, 1000]) {
            let share = |index| files.lines().block_size(block_size).share(index, count).unwrap();
            let given: Vec<_> = (0..count).flat_map(|index| placed(share(index))).collect();
            assert_eq!(given, expected, "{count} shares");
        }
    }
    for count in 1..=9 {
        let share = |index| {
            files.lines().share(index, count).unwrap().read_ahead(count.try_into().unwrap())
        };
        let given: Vec<_> = (0..count).flat_map(|index| texts(share(index))).collect();
        assert_eq!(given, texts(files.lines()), "{count} shares, read ahead");
        let found = |index| files.lines().share(index, count).unwrap().containing("e");
        let given: Vec<_> = (0..count).flat_map(|index| texts(found(index))).collect();
        assert_eq!(given, texts(files.lines().containing("e")), "{count} shares");
    }
}

#[test]
fn shares_are_balanced_by_bytes_and_compressed_files_stay_whole() {
    let long = "0123456\n".repeat(1000);
    let files = Files::new(&[("a", &long), ("b.gz", &long), ("c", &long)]);
    let stored = fs::metadata(files.path("b.gz")).unwrap().len();
    let count = 10;
    for index in 0..count {
        let share: Vec<_> = placed(files.lines().share(index, count).unwrap());
        let of = |name| share.iter().filter(|(path, _)| *path == Some(files.path(name))).count();
        assert!(of("b.gz") == 0 || of("b.gz") == 1000, "it is cut");
        let plain = 8 * (of("a") + of("c")) as u64;
        let part = (16_000 + stored).div_ceil(count as u64);
        assert!(plain <= part + 8, "share {index} has {plain} bytes of {part}");
        assert!(plain + stored + 16 >= part, "share {index} has {plain} bytes of {part}");
    }
}

#[test]
fn shares_of_shares_are_theirs() {
    let files = files();
    for outer in 1..=4 {
        for inner in 1..=5 {
            let share = |index: usize| {
                files
                    .lines()
                    .share(index / inner, outer)
                    .unwrap()
                    .share(index % inner, inner)
                    .unwrap()
            };
            let given: Vec<_> = (0..outer * inner).flat_map(|index| placed(share(index))).collect();
            assert_eq!(given, placed(files.lines()), "{inner} shares of {outer}");
        }
    }
}

#[test]
fn the_resume_law_holds_in_every_share() {
    let files = files();
    for count in [1, 2, 3, 7, 40] {
        for index in 0..count {
            let open =
                || files.lines().block_size(3.try_into().unwrap()).share(index, count).unwrap();
            resume_law(open);
            resume_law_in_place(open);
            resume_law(|| open().containing("e"));
            resume_law(|| open().read_ahead(2.try_into().unwrap()));
        }
        contract(|| files.lines().share(0, count).unwrap(), Seen::of);
    }
}

#[test]
fn a_position_of_a_share_names_its_file_and_its_index_among_all() {
    let files = Files::new(&[("a", "one\ntwo\n2.5"), ("b", "three\nfour\n")]);
    let mut share = files.lines().share(1, 2).unwrap();
    assert_eq!(share.position().path(), Some(files.path("b").as_path()));
    share.next().unwrap().unwrap();
    let noted = share.position();
    assert_eq!((noted.path(), noted.offset(), noted.back()), (Some(&*files.path("b")), 6, None));
    // It is one of all files, too, and of none that are of other shares.
    assert_eq!(texts(files.lines().from(noted.clone())), ["four"]);
    assert_eq!(shorts(files.lines().share(0, 2).unwrap().from(noted)), ["SourceChanged b"]);
}

#[test]
fn where_a_share_begins_can_be_gone_on_from_everywhere() {
    let files = files();
    let all = texts(files.lines());
    for count in [3, 8, 25] {
        let mut before = 0;
        for index in 0..count {
            let share = files.lines().share(index, count).unwrap();
            let begin = share.position();
            let len = share.count();
            if begin.path().is_some() {
                let rest = texts(files.lines().from(begin));
                assert_eq!(rest, all[before..], "share {index} of {count}");
            }
            before += len;
        }
    }
}

#[test]
fn what_is_left_after_a_position_is_divided() {
    let files = files();
    let all = texts(files.lines());
    for taken in 0..=all.len() {
        let mut lines = files.lines();
        lines.by_ref().take(taken).for_each(drop);
        let noted = lines.position();
        for count in [1, 2, 5, 30] {
            let share = |index| files.lines().from(noted.clone()).share(index, count).unwrap();
            let given: Vec<_> = (0..count).flat_map(|index| texts(share(index))).collect();
            assert_eq!(given, all[taken..], "{count} shares after {taken} lines");
        }
    }
    let gone = Files::new(&[("other", "one\n")]).lines().position();
    let error = files.lines().from(gone).share(0, 1).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::SourceChanged);
}

#[test]
fn what_has_no_length_is_an_error_at_the_call() {
    let files = files();
    let gone = files.path("c");
    fs::remove_file(&gone).unwrap();
    let error = files.lines().on_failure(OnFailure::NextFile).share(0, 2).unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Open, Some(gone.as_path())));
    fs::create_dir(&gone).unwrap();
    let error = files.lines().share(0, 2).unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Open, Some(gone.as_path())));
    #[cfg(unix)]
    {
        fs::remove_dir(&gone).unwrap();
        let made = std::process::Command::new("mkfifo").arg(&gone).status().unwrap();
        assert!(made.success());
        let error = files.lines().share(0, 2).unwrap_err();
        assert_eq!((error.kind(), error.path()), (ErrorKind::Unseekable, Some(gone.as_path())));
    }
    assert_eq!(open_below(files.folder.path()), 0);
    let message = panic_of(|| files.lines().share(2, 2));
    assert_eq!(message, "share 2 of 2 is none: they count from 0");
    let none: [&str; 0] = [];
    assert_eq!(lines::each(none).share(0, 3).unwrap().count(), 0);
}

#[test]
fn a_file_that_fails_later_is_passed_over_if_that_is_asked_for() {
    let files = files();
    let share = || files.lines().on_failure(OnFailure::NextFile).share(0, 1).unwrap();
    let (stops, goes_on) = (files.lines().share(0, 1).unwrap(), share());
    let mut begun = share();
    begun.next().unwrap().unwrap();
    fs::remove_file(files.path("a")).unwrap();
    assert_eq!(shorts(stops), ["Open a"]);
    let given = shorts(goes_on);
    assert_eq!(given[..3], ["Open a", "four", "five"]);
    assert_eq!(given.len(), 1 + 2 + 1 + 3 + 3 + 2);
    // What is open needs no name.
    assert_eq!(begun.by_ref().take(3).flatten().count(), 3);
    assert_eq!(shorts(limited(share_of(&files, "g"))), ["ten", "LongLine g"]);
}

fn share_of(files: &Files, name: &str) -> Lines<Each> {
    lines::each([files.path(name)]).share(0, 1).unwrap()
}

#[test]
fn long_lines_are_those_of_the_share_in_which_they_begin() {
    let files = files();
    for policy in [LongLine::Skip, LongLine::Truncate] {
        let open = || files.lines().max_len(4).on_long(policy).block_size(2.try_into().unwrap());
        let mut all = open();
        let expected = texts(all.by_ref());
        for count in [1, 4, 9] {
            let (mut given, mut long) = (Vec::new(), 0);
            for index in 0..count {
                let mut share = open().share(index, count).unwrap();
                given.extend(texts(share.by_ref()));
                long += share.long_lines();
            }
            assert_eq!((given, long), (expected.clone(), all.long_lines()), "{count} shares");
        }
    }
}

#[test]
fn random_files_are_divided_into_random_shares() {
    let texts_of = vec(vec(select(b"\n\n\rab\xEF\xBB\xBF"), 0..30), 0..5);
    check(150, &(texts_of, 1..40_usize, 1..9_usize), |(all, count, block)| {
        let names = ["a", "b.gz", "c", "d.zst", "e"];
        let folder = Files::new(&[]);
        let paths: Vec<_> = names.iter().take(all.len()).map(|name| folder.path(name)).collect();
        for (path, bytes) in paths.iter().zip(&all) {
            let name = path.to_str().unwrap();
            let bytes = match name.rsplit('.').next() {
                Some("gz") => crate::support::data::gzip(bytes),
                Some("zst") => crate::support::data::zstd(bytes),
                _ => bytes.clone(),
            };
            fs::write(path, bytes).unwrap();
        }
        let open = || lines::each(&paths).block_size(block.try_into().unwrap());
        let shares = (0..count).flat_map(|index| placed(open().share(index, count).unwrap()));
        assert_eq!(shares.collect::<Vec<_>>(), placed(open()));
    });
}

#[test]
fn one_file_is_open_at_a_time() {
    let files = files();
    let mut share = files.lines().share(0, 1).unwrap();
    assert_eq!(open_below(files.folder.path()), 0, "the call leaves nothing open");
    while share.next().is_some() {
        assert!(open_below(files.folder.path()) <= 1);
    }
    assert_eq!(open_below(files.folder.path()), 0);
}

#[test]
fn a_file_that_was_replaced_since_it_was_measured_is_not_read() {
    for name in ["a", "b.gz", "f"] {
        let files = files();
        let whole = files.lines().share(0, 1).unwrap().on_failure(OnFailure::NextFile);
        let twice = files.lines().share(0, 1).unwrap();
        let ahead = files.lines().share(0, 1).unwrap().on_failure(OnFailure::NextFile);
        fs::rename(files.path(name), files.path("rotated")).unwrap();
        files.write(name, "another\nfile\nof as many lines or more, \nand bytes\n");
        let changed = format!("SourceChanged {name}");
        let given = shorts(whole);
        assert_eq!(given.iter().filter(|item| **item == changed).count(), 1, "{given:?}");
        assert!(!given.iter().any(|item| item == "another" || item == "file"), "{given:?}");
        assert_eq!(shorts(ahead.read_ahead(2.try_into().unwrap())), given);
        let error = twice.share(0, 2).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::SourceChanged);
        assert_eq!(error.path(), Some(files.path(name).as_path()));
    }
}

#[test]
fn a_file_that_grows_is_the_one_that_was_measured() {
    let files = Files::new(&[("a", "one\ntwo\n"), ("b", "three\n")]);
    let share = files.lines().share(0, 1).unwrap();
    files.write("a", "one\ntwo\nlater\n");
    assert_eq!(texts(share), ["one", "two", "three"]);
}
