//! Real logs: those of `fixtures`, and those of a folder that need not be there.
//!
//! The environment variable `HEADWATER_LOGS` names that folder; else it is `../shared/logs`, beside
//! the project.

use std::collections::VecDeque;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use headwater::lines;
use headwater::{Error, Line, Source};

#[cfg(feature = "compression")]
use crate::support::data::Data;
use crate::support::hostile::Trickling;
use crate::support::options::Options;
use crate::support::oracle::Oracle;
use crate::support::random::Random;
use crate::support::seen::Seen;

/// More of a log than this is not compressed and searched: that takes long without optimization.
const SAMPLE: usize = 200_000;

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The logs, their bytes, and a needle or two for each.
fn logs() -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = files(&project().join("fixtures"));
    assert!(found.len() >= 5, "the fixtures are missing");
    let named = env::var_os("HEADWATER_LOGS").map(PathBuf::from);
    let folder = named.clone().unwrap_or_else(|| project().join("../shared/logs"));
    if folder.is_dir() {
        found.extend(files(&folder));
    } else {
        assert!(named.is_none(), "HEADWATER_LOGS names no folder: {}", folder.display());
        eprintln!("skipped the logs outside the project: there is no {}", folder.display());
    }
    found.into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Holds lines against what they should be, one by one: a log is long.
fn same<'a>(
    path: &Path,
    way: &str,
    lines: impl Iterator<Item = Result<Line, Error>>,
    expected: impl Iterator<Item = &'a [u8]>,
) {
    let mut expected = expected.enumerate();
    for line in lines {
        let line = line.unwrap_or_else(|error| panic!("{}, {way}: {error:?}", path.display()));
        let Some((number, expected)) = expected.next() else {
            panic!("{}, {way}: one line more: {line:?}", path.display());
        };
        assert!(line == expected, "{}, {way}: line {number} is {line:?}", path.display());
    }
    assert!(expected.next().is_none(), "{}, {way}: lines are missing", path.display());
}

fn whole_lines(bytes: &[u8]) -> VecDeque<&[u8]> {
    bytes.split_inclusive(|&byte| byte == b'\n').collect()
}

#[test]
fn whole_lines_are_those_of_split_inclusive() {
    for (path, bytes) in logs() {
        let expected = whole_lines(&bytes);
        let open = || headwater::lines(&path).unwrap().keep_ends().keep_bom();
        same(&path, "forward", open(), expected.iter().copied());
        same(&path, "backward", open().rev(), expected.iter().copied().rev());
        let small = || open().block_size(1000.try_into().unwrap());
        same(&path, "forward in small blocks", small(), expected.iter().copied());
        same(&path, "backward in small blocks", small().rev(), expected.iter().copied().rev());

        assert_eq!(open().count(), expected.len(), "{}", path.display());
        let last = open().last().map(|line| line.unwrap().to_vec());
        assert_eq!(last.as_deref(), expected.back().copied(), "{}", path.display());
        let mut random = Random::new(bytes.len() as u64);
        let (mut lines, mut left) = (small(), expected);
        while !left.is_empty() {
            let (line, expected) = if random.coin() {
                (lines.next(), left.pop_front())
            } else {
                (lines.next_back(), left.pop_back())
            };
            assert!(line.unwrap().unwrap() == expected.unwrap(), "{}, both ends", path.display());
        }
        assert!(lines.next().is_none() && lines.next_back().is_none());
    }
}

#[test]
fn lines_have_no_ends_and_know_where_they_are() {
    let mut crlf = 0;
    for (path, bytes) in logs() {
        let expected: Vec<Seen> = Oracle::new(&bytes, &Options::NEW).collect();
        let given = headwater::lines(&path).unwrap().map(Seen::of);
        assert!(given.eq(expected.iter().cloned()), "{}", path.display());
        let given = headwater::lines(&path).unwrap().rev().map(Seen::of);
        assert!(given.eq(expected.iter().rev().cloned()), "{}, backward", path.display());

        let newlines = memchr::memchr_iter(b'\n', &bytes).count();
        if newlines > 0 && bytes.windows(2).filter(|bytes| bytes == b"\r\n").count() == newlines {
            let returned = expected.iter().filter(|seen| seen.text().unwrap().ends_with(b"\r"));
            assert_eq!(returned.count(), 0, "{}", path.display());
            crlf += 1;
        }
    }
    assert!(crlf > 0, "none of the logs ends its lines in CRLF");
}

#[test]
fn readers_give_the_same_lines() {
    for (path, bytes) in logs() {
        let expected = whole_lines(&bytes);
        let open = || fs::File::open(&path).unwrap();
        let read = lines::read(open()).keep_ends().keep_bom();
        same(&path, "read", read, expected.iter().copied());
        let slow = Trickling::new(open(), 3000, 1);
        let read = lines::read(slow).keep_ends().keep_bom();
        same(&path, "read slowly", read, expected.iter().copied());
        let ahead = headwater::lines(&path).unwrap().keep_ends().keep_bom();
        let ahead = ahead.block_size(5000.try_into().unwrap()).read_ahead(3.try_into().unwrap());
        same(&path, "read ahead", ahead, expected.iter().copied());
    }
}

#[cfg(feature = "compression")]
#[test]
fn compressed_logs_give_the_same_lines() {
    for (path, bytes) in logs() {
        let bytes = &bytes[..bytes.len().min(SAMPLE)];
        let data = Data::new(bytes);
        let expected = whole_lines(bytes);
        for file in [data.gzip(), data.zstd()] {
            let open = || lines::decompressed(&file).unwrap().keep_ends().keep_bom();
            same(&path, "compressed", open(), expected.iter().copied());
            let ahead = open().read_ahead(2.try_into().unwrap());
            same(&path, "compressed, read ahead", ahead, expected.iter().copied());
        }
    }
}

#[cfg(feature = "compression")]
#[test]
fn rotated_fixtures_are_a_part_of_the_whole_log() {
    let fixture = |name: &str| project().join("fixtures").join(name);
    let whole = headwater::lines(fixture("apache_access.log")).unwrap().take(300);
    let rotated = ["rotated/access.log.2.gz", "rotated/access.log.1.zst", "rotated/access.log"];
    let rotated = lines::each(rotated.map(fixture));
    assert!(rotated.map(Result::unwrap).eq(whole.map(Result::unwrap)));
}

#[cfg(feature = "compression")]
#[test]
fn all_logs_can_be_read_as_one() {
    let logs = logs();
    let plain: Vec<_> = logs.iter().filter(|(_, bytes)| !is_compressed(bytes)).collect();
    let paths: Vec<_> = plain.iter().map(|(path, _)| path).collect();
    let all = lines::each(&paths).keep_ends().keep_bom();
    let expected = plain.iter().flat_map(|(_, bytes)| whole_lines(bytes));
    same(Path::new("all logs"), "each", all, expected);
}

#[cfg(feature = "compression")]
fn is_compressed(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x1F\x8B") || bytes.starts_with(b"\x28\xB5\x2F\xFD")
}

/// Some bytes of some lines of a log: what someone may look for in it.
fn needles(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut random = Random::new(bytes.len() as u64);
    let lines: Vec<_> = bytes.split(|&byte| byte == b'\n').filter(|line| line.len() > 12).collect();
    let mut needle = |len: usize| {
        let line = lines[random.below(lines.len())];
        let start = random.below(line.len() - len);
        line[start..start + len].to_vec()
    };
    if lines.is_empty() {
        return vec![b"absent".to_vec()];
    }
    [1, 3, 3, 7, 12].map(&mut needle).to_vec()
}

#[test]
fn searches_give_what_a_filter_gives() {
    for (path, bytes) in logs() {
        for needle in needles(&bytes[..bytes.len().min(SAMPLE)]) {
            let all: Vec<Line> = headwater::lines(&path).unwrap().map(Result::unwrap).collect();
            let expected: Vec<&[u8]> = all
                .iter()
                .filter(|line| memchr::memmem::find(line, &needle).is_some())
                .map(AsRef::as_ref)
                .collect();
            let way = format!("containing {:?}", bstr::BStr::new(&needle));
            let open = || headwater::lines(&path).unwrap();
            same(&path, &way, open().containing(&needle), expected.iter().copied());
            let backward = open().containing(&needle).rev();
            same(&path, &way, backward, expected.iter().rev().copied());
            let small = open().block_size(700.try_into().unwrap()).containing(&needle);
            assert_eq!(small.count(), expected.len(), "{}, {way}", path.display());
        }
    }
}

#[cfg(feature = "regex")]
#[test]
fn expressions_give_what_a_filter_gives() {
    let expressions = [
        r"^\S+ ",
        r" 5\d\d |ERROR|WARN",
        r#"(?i)error\b|"GET [^"]*\?"#,
        r"\d+$",
        r"\s{2,}\S",
        r"^\s+at |^$",
    ];
    for expression in expressions {
        let regex = regex::bytes::Regex::new(expression).unwrap();
        for (path, bytes) in logs() {
            let bytes = &bytes[..bytes.len().min(SAMPLE)];
            let open = || lines::random_access(|| Ok(bytes));
            let all: Vec<Line> = open().map(Result::unwrap).collect();
            let expected: Vec<&[u8]> =
                all.iter().filter(|line| regex.is_match(line)).map(AsRef::as_ref).collect();
            same(&path, expression, open().matching(&regex), expected.iter().copied());
            let backward = open().matching(&regex).rev();
            same(&path, expression, backward, expected.iter().rev().copied());
        }
    }
}

#[test]
fn parts_and_positions_lose_no_line() {
    for (path, bytes) in logs() {
        let expected = whole_lines(&bytes);
        let open = || headwater::lines(&path).unwrap().keep_ends().keep_bom();
        let part = (bytes.len() as u64).div_ceil(7).max(1);
        let parts = (0..7).flat_map(|index| open().range(index * part..(index + 1) * part));
        same(&path, "in seven ranges", parts, expected.iter().copied());

        // As a job does that stops, now and then, and goes on where it was.
        let mut position = open().position();
        let resumed = std::iter::from_fn(|| {
            let mut lines = open().from(position.clone());
            let some: Vec<_> = lines.by_ref().take(expected.len() / 5 + 1).collect();
            position = lines.position();
            (!some.is_empty()).then_some(some)
        });
        same(&path, "with pauses", resumed.flatten(), expected.iter().copied());
    }
}
