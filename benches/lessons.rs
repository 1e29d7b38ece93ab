//! The lessons: what is written lazily and eagerly, by headwater and by its peers.

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
use std::path::PathBuf;

use grep_regex::RegexMatcher;
use grep_searcher::{MmapChoice, Searcher, SearcherBuilder, Sink, SinkMatch};
use headwater::pages::{Page, pages};
use headwater::{generate, lines};
use tokio::io::AsyncBufReadExt as _;

pub(crate) type Answer = Result<u64, Box<dyn Error>>;

/// What a form works on.
#[derive(Debug)]
pub(crate) struct Input {
    pub(crate) title: String,
    /// How many items there are: numbers, or lines of the file.
    pub(crate) items: usize,
    /// The file, for the lessons that read one.
    pub(crate) file: PathBuf,
    /// The bytes of all its lines.
    pub(crate) bytes: u64,
}

impl Input {
    pub(crate) fn items(items: usize) -> Self {
        let title = match items {
            0..1_000_000 => format!("{} K", items / 1000),
            _ => format!("{} M", items / 1_000_000),
        };
        Self { title, items, file: PathBuf::new(), bytes: 0 }
    }

    /// Finds out how many lines a log has.
    pub(crate) fn log(mib: u32, file: PathBuf) -> Result<Self, Box<dyn Error>> {
        let items = lines(&file)?.count();
        let bytes = fs::metadata(&file)?.len() - items as u64;
        Ok(Self { title: format!("{mib} MiB"), items, file, bytes })
    }
}

/// One way to write a lesson.
pub(crate) struct Form {
    pub(crate) name: &'static str,
    pub(crate) run: fn(&Input) -> Answer,
    pub(crate) right: fn(&Input) -> u64,
    /// From how many items on its memory may not grow; `None` if nothing is asked of it.
    pub(crate) flat_from: Option<usize>,
}

/// A job, in all its forms.
pub(crate) struct Lesson {
    pub(crate) title: &'static str,
    pub(crate) reads_a_file: bool,
    /// What `memory.py` calls it.
    pub(crate) in_python: Option<&'static str>,
    pub(crate) forms: &'static [Form],
}

pub(crate) const LESSONS: &[Lesson] = &[
    Lesson {
        title: "count, square and sum",
        reads_a_file: false,
        in_python: Some("numbers"),
        forms: &[
            lazy("`generate`", generated, squares, 0),
            other("a `Vec` a step", collected, squares),
        ],
    },
    Lesson {
        title: "the lengths of all lines",
        reads_a_file: true,
        in_python: Some("lines"),
        forms: &[
            lazy("`lines(path)`", forward, lens, 0),
            lazy("`lines(path).rev()`", backward, lens, 0),
            other("std `BufRead::lines`", std_lines, lens),
            other("tokio `lines`", tokio_lines, lens),
            other("grep-searcher, mapped", searched_in_a_map, count_of_lines),
            other("`lines(path)`, collected", collected_lines, lens),
            other("std `lines`, collected", collected_std_lines, lens),
            other("`read_to_string`", read_to_string, lens),
        ],
    },
    Lesson {
        title: "the items of pages of 10",
        reads_a_file: false,
        in_python: None,
        forms: &[
            // What is known of cursors that were seen is bounded, and full after 14,000 pages.
            lazy("`pages(…).items()`", paged, numbers, 1_000_000),
            other("all pages, collected", paged_collected, numbers),
        ],
    },
];

const fn lazy(
    name: &'static str,
    run: fn(&Input) -> Answer,
    right: fn(&Input) -> u64,
    flat_from: usize,
) -> Form {
    Form { name, run, right, flat_from: Some(flat_from) }
}

/// What is eager, or a peer's: it is shown, and not judged.
const fn other(name: &'static str, run: fn(&Input) -> Answer, right: fn(&Input) -> u64) -> Form {
    Form { name, run, right, flat_from: None }
}

fn squares(input: &Input) -> u64 {
    (0..input.items as u64).fold(0, |sum, n| n.wrapping_mul(n).wrapping_add(sum))
}

fn numbers(input: &Input) -> u64 {
    (0..input.items as u64).sum()
}

fn lens(input: &Input) -> u64 {
    input.bytes
}

fn count_of_lines(input: &Input) -> u64 {
    input.items as u64
}

fn sum_of_squares(numbers: impl Iterator<Item = u64>) -> u64 {
    numbers.fold(0, u64::wrapping_add)
}

#[expect(clippy::unnecessary_wraps, reason = "other forms can fail")]
fn generated(input: &Input) -> Answer {
    let n = input.items as u64;
    let numbers = generate(|out| async move {
        for n in 0..n {
            out.emit(n.wrapping_mul(n)).await;
        }
    });
    Ok(sum_of_squares(numbers))
}

#[expect(clippy::unnecessary_wraps, reason = "other forms can fail")]
fn collected(input: &Input) -> Answer {
    let numbers: Vec<u64> = (0..input.items as u64).collect();
    let squares: Vec<u64> = numbers.iter().map(|n| n.wrapping_mul(*n)).collect();
    Ok(sum_of_squares(squares.into_iter()))
}

fn forward(input: &Input) -> Answer {
    sum(lines(&input.file)?.map(|line| line.map(|line| line.len())))
}

fn backward(input: &Input) -> Answer {
    sum(lines(&input.file)?.rev().map(|line| line.map(|line| line.len())))
}

fn collected_lines(input: &Input) -> Answer {
    let lines: Vec<_> = lines(&input.file)?.collect::<Result<_, _>>()?;
    Ok(lines.iter().map(|line| line.len() as u64).sum())
}

fn std_lines(input: &Input) -> Answer {
    sum(BufReader::new(File::open(&input.file)?).lines().map(|line| line.map(|line| line.len())))
}

fn collected_std_lines(input: &Input) -> Answer {
    let lines: Vec<String> =
        BufReader::new(File::open(&input.file)?).lines().collect::<Result<_, _>>()?;
    Ok(lines.iter().map(|line| line.len() as u64).sum())
}

fn read_to_string(input: &Input) -> Answer {
    Ok(fs::read_to_string(&input.file)?.lines().map(|line| line.len() as u64).sum())
}

fn tokio_lines(input: &Input) -> Answer {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    runtime.block_on(async {
        let file = tokio::fs::File::open(&input.file).await?;
        let mut lines = tokio::io::BufReader::new(file).lines();
        let mut sum = 0;
        while let Some(line) = lines.next_line().await? {
            sum += line.len() as u64;
        }
        Ok(sum)
    })
}

/// What ripgrep does with a file that it maps: here, to count the lines, since all match.
#[expect(unsafe_code, reason = "a map is safe only while nobody truncates the file")]
fn searched_in_a_map(input: &Input) -> Answer {
    let mut count = Count(0);
    // SAFETY: the log is in the target folder, and is never written again once it has its name.
    let map = unsafe { MmapChoice::auto() };
    let mut searcher = SearcherBuilder::new().line_number(false).memory_map(map).build();
    let matcher = RegexMatcher::new_line_matcher("[0-9]")?;
    searcher.search_path(matcher, &input.file, &mut count)?;
    Ok(count.0)
}

/// Counts the lines that it is told of.
struct Count(u64);

impl Sink for Count {
    type Error = io::Error;

    fn matched(&mut self, _: &Searcher, _: &SinkMatch<'_>) -> io::Result<bool> {
        self.0 += 1;
        Ok(true)
    }
}

fn sum<E: Into<Box<dyn Error>>>(lens: impl Iterator<Item = Result<usize, E>>) -> Answer {
    let mut sum = 0;
    for len in lens {
        sum += len.map_err(Into::into)? as u64;
    }
    Ok(sum)
}

fn feed(items: u64) -> impl FnMut(u64) -> Result<Page<u64, u64>, String> {
    move |first| {
        let next = first + 10;
        Ok(Page::new((first..next).collect::<Vec<_>>()).next((next < items).then_some(next)))
    }
}

fn paged(input: &Input) -> Answer {
    let mut sum = 0;
    for item in pages(0, feed(input.items as u64)).items() {
        sum += item.map_err(|error| error.to_string())?;
    }
    Ok(sum)
}

fn paged_collected(input: &Input) -> Answer {
    let pages: Vec<_> = pages(0, feed(input.items as u64))
        .collect::<Result<_, _>>()
        .map_err(|error| error.to_string())?;
    Ok(pages.iter().flat_map(|page| &page.items).sum())
}
