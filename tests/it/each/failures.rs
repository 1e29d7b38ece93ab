//! Files that can't be read, under both policies, with and without a thread.

use std::fs;
use std::num::NonZeroUsize;

use headwater::lines::{self, LongLine, OnFailure};
use headwater::{ErrorKind, Lines, Source};

use super::{Files, limited, short, shorts};
use crate::support::contract::contract;
use crate::support::data;
use crate::support::handles::open_below;
use crate::support::resume::{resume_law, resume_law_in_place};
use crate::support::seen::Seen;

const AHEAD: NonZeroUsize = NonZeroUsize::new(2).unwrap();

/// A list of which one file, in the middle, is broken in one way; and what it gives of it.
fn broken(way: &str) -> (Files, Vec<&'static str>) {
    let files = Files::new(&[
        ("a", "one\ntwo\n"),
        ("b.gz", &"more\n".repeat(4000)),
        ("c.zst", "three\n"),
        ("d", "four\n"),
    ]);
    let of_b = match way {
        "missing" => {
            fs::remove_file(files.path("b.gz")).unwrap();
            vec!["Open b.gz"]
        }
        "a folder" => {
            fs::remove_file(files.path("b.gz")).unwrap();
            fs::create_dir(files.path("b.gz")).unwrap();
            vec!["Open b.gz"]
        }
        "cut" => {
            let member = data::gzip(b"");
            fs::write(files.path("b.gz"), &member[..member.len() / 4]).unwrap();
            vec!["Truncated b.gz"]
        }
        "corrupt" => {
            let garbage = [&data::gzip(b"fine\n")[..], b"garbage"].concat();
            fs::write(files.path("b.gz"), garbage).unwrap();
            vec!["fine", "Corrupt b.gz"]
        }
        _ => unreachable!(),
    };
    (files, of_b)
}

const WAYS: [&str; 4] = ["missing", "a folder", "cut", "corrupt"];

#[test]
fn a_failure_is_the_end_by_default() {
    for way in WAYS {
        let (files, of_b) = broken(way);
        let expected = [&["one", "two"][..], &of_b].concat();
        assert_eq!(shorts(files.lines()), expected, "{way}");
        assert_eq!(shorts(files.lines().on_failure(OnFailure::Stop)), expected, "{way}");
        assert_eq!(shorts(files.lines().read_ahead(AHEAD)), expected, "{way}");
        let mut lines = files.lines();
        lines.by_ref().for_each(drop);
        assert!(lines.next().is_none() && lines.next().is_none(), "{way}");
        assert_eq!(open_below(files.folder.path()), 0, "{way}");
    }
}

#[test]
fn a_failure_may_be_followed_by_the_next_file() {
    for way in WAYS {
        let (files, of_b) = broken(way);
        let open = || files.lines().on_failure(OnFailure::NextFile);
        let expected = [&["one", "two"][..], &of_b, &["three", "four"]].concat();
        assert_eq!(shorts(open()), expected, "{way}");
        assert_eq!(shorts(open().read_ahead(AHEAD)), expected, "{way}");
        assert_eq!(open().count(), expected.len(), "{way}");
        assert_eq!(open().filter_map(Result::ok).count(), expected.len() - 1, "{way}");
        contract(open, Seen::of);
        contract(|| open().read_ahead(AHEAD), Seen::of);
    }
}

#[test]
fn every_file_may_fail() {
    let lines = || lines::each(["no", "such", "file"]);
    assert_eq!(shorts(lines()), ["Open no"]);
    let next = || lines().on_failure(OnFailure::NextFile);
    assert_eq!(shorts(next()), ["Open no", "Open such", "Open file"]);
    assert_eq!(shorts(next().read_ahead(AHEAD)), ["Open no", "Open such", "Open file"]);
    assert_eq!(short(next().last().unwrap()), "Open file");
}

#[test]
fn a_failure_can_be_tried_again() {
    let (files, _) = broken("missing");
    let mut lines = files.lines().on_failure(OnFailure::NextFile);
    assert_eq!(shorts(lines.by_ref().take(3)), ["one", "two", "Open b.gz"]);
    let noted = lines.position();
    assert_eq!(noted.path(), Some(files.path("a").as_path()), "nothing of b was delivered");
    files.write("b.gz", "back\n");
    lines.resume_at(noted);
    assert_eq!(shorts(lines), ["back", "three", "four"]);
}

#[test]
fn a_file_that_is_still_written_can_be_gone_on_in() {
    let files = Files::new(&[("a", "one\n"), ("b.gz", ""), ("c", "last\n")]);
    let whole = data::gzip(b"two\nthree\n");
    fs::write(files.path("b.gz"), &whole[..whole.len() - 1]).unwrap();
    for policy in [OnFailure::Stop, OnFailure::NextFile] {
        let mut lines = files.lines().on_failure(policy);
        assert_eq!(shorts(lines.by_ref().take(4)), ["one", "two", "three", "Truncated b.gz"]);
        let noted = lines.position();
        assert_eq!(noted.path(), Some(files.path("b.gz").as_path()));
        let mut other = files.lines().on_failure(policy).from(noted.clone());
        assert_eq!(short(other.next().unwrap()), "Truncated b.gz");

        fs::write(files.path("b.gz"), [&whole[..], &data::gzip(b"four\n")].concat()).unwrap();
        lines.resume_at(noted);
        assert_eq!(shorts(lines), ["four", "last"]);
        fs::write(files.path("b.gz"), &whole[..whole.len() - 1]).unwrap();
    }
}

#[test]
fn the_resume_law_holds_around_failures() {
    for way in WAYS {
        let (files, _) = broken(way);
        for policy in [OnFailure::Stop, OnFailure::NextFile] {
            let open = || files.lines().on_failure(policy);
            resume_law(open);
            resume_law_in_place(open);
            resume_law_in_place(|| open().read_ahead(AHEAD));
        }
    }
}

/// The first file has a long line between others, in blocks of their own; so has the last.
fn with_long_lines() -> Files {
    let text = format!("1\n2\nlong line\n{}", "rest\n".repeat(50));
    Files::new(&[("a", &text), ("b.gz", "3\n"), ("c.zst", "4\nlonger line"), ("d", "5\n")])
}

fn in_small_blocks(files: &Files) -> Lines<lines::Each> {
    limited(files.lines()).block_size(8.try_into().unwrap())
}

#[test]
fn a_long_line_is_a_failure_of_its_file() {
    let files = with_long_lines();
    let open = || in_small_blocks(&files);
    let expected = ["1", "2", "LongLine a"];
    assert_eq!(shorts(open()), expected);
    assert_eq!(shorts(open().read_ahead(AHEAD)), expected);

    let open = || open().on_failure(OnFailure::NextFile);
    let expected = ["1", "2", "LongLine a", "3", "4", "LongLine c.zst", "5"];
    assert_eq!(shorts(open()), expected);
    assert_eq!(shorts(open().read_ahead(AHEAD)), expected);
    contract(open, Seen::of);
    contract(|| open().read_ahead(AHEAD), Seen::of);
    let mut lines = open();
    lines.by_ref().for_each(drop);
    assert_eq!(lines.long_lines(), 2);
    assert_eq!(open_below(files.folder.path()), 0);
}

#[test]
fn a_file_with_a_long_line_is_closed_before_the_next_is_opened() {
    let files = with_long_lines();
    for item in in_small_blocks(&files).on_failure(OnFailure::NextFile) {
        let open = open_below(files.folder.path());
        match item {
            Ok(_) => assert!(open <= 1, "{open} are open"),
            Err(_) => assert_eq!(open, 0, "an error closes its file"),
        }
    }
}

#[test]
fn other_policies_for_long_lines_go_on_in_the_file() {
    let files = with_long_lines();
    for policy in [OnFailure::Stop, OnFailure::NextFile] {
        let open = |on_long| in_small_blocks(&files).on_failure(policy).on_long(on_long);
        let skipped = shorts(open(LongLine::Skip));
        assert_eq!(skipped.len(), 2 + 50 + 1 + 1 + 1);
        assert_eq!(shorts(open(LongLine::Skip).read_ahead(AHEAD)), skipped);
        let truncated = shorts(open(LongLine::Truncate));
        assert_eq!(truncated[..4], ["1", "2", "long", "rest"]);
        assert_eq!(truncated[truncated.len() - 3..], ["4", "long", "5"]);
        assert_eq!(shorts(open(LongLine::Truncate).read_ahead(AHEAD)), truncated);
    }
}

#[test]
fn the_resume_law_holds_around_long_lines() {
    let files = with_long_lines();
    for policy in [OnFailure::Stop, OnFailure::NextFile] {
        let open = || in_small_blocks(&files).on_failure(policy);
        resume_law(open);
        resume_law_in_place(open);
        resume_law(|| open().read_ahead(AHEAD));
        resume_law_in_place(|| open().read_ahead(AHEAD));
    }
}

#[test]
fn the_position_after_a_long_line_is_before_it() {
    let files = with_long_lines();
    let mut lines = in_small_blocks(&files).on_failure(OnFailure::NextFile);
    assert_eq!(shorts(lines.by_ref().take(3)).len(), 3);
    let noted = lines.position();
    assert_eq!((noted.path(), noted.offset()), (Some(files.path("a").as_path()), 4));
    assert_eq!(shorts(lines.by_ref().take(1)), ["3"]);
    assert_eq!(lines.position().path(), Some(files.path("b.gz").as_path()));

    let error = files.lines().max_len(4).from(noted).next().unwrap().unwrap_err();
    assert_eq!((error.kind(), error.offset()), (ErrorKind::LongLine, Some(4)));
}

#[test]
fn a_file_that_comes_again_may_fail_again() {
    let long = format!("1\nlong line\n{}", "rest\n".repeat(50));
    for others in [&[][..], &["b"], &["gone", "b"], &["gone"]] {
        let names = [&["a"][..], others, &["a"]].concat();
        let given = |read_ahead: bool| {
            let files = Files::new(&[("a", &long), ("b", &"2\n".repeat(200))]);
            let lines = limited(lines::each(names.iter().map(|name| files.path(name))));
            let lines = lines.on_failure(OnFailure::NextFile).block_size(8.try_into().unwrap());
            let mut items: Box<dyn Iterator<Item = _>> = if read_ahead {
                Box::new(lines.read_ahead(NonZeroUsize::MIN))
            } else {
                Box::new(lines)
            };
            let mut given = shorts(items.by_ref().take(2));
            // Its second turn is far off, whoever reads.
            fs::remove_file(files.path("a")).unwrap();
            given.extend(shorts(items));
            given
        };
        let expected = given(false);
        assert_eq!(expected[..2], ["1", "LongLine a"]);
        assert_eq!(expected.iter().filter(|item| *item == "Open a").count(), 1);
        assert_eq!(given(true), expected, "{names:?}");
    }
}
