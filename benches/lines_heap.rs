//! Peak heap of each job on lines, at two sizes of the log: it must not grow with the file.
//!
//! The peak is that of all that was allocated at one time, in any thread, while the job ran. (Maps
//! and stacks are not heap.) Each runs in a process of its own, to which no other has done anything. It prints
//! one line a job, separated by tabs: the job, the size of the log and the peak, both in bytes. The
//! run fails where a job that has to stay below [`LIMIT`] does not, and where an answer is wrong.

mod jobs;

use std::alloc::System;
use std::env;
use std::error::Error;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use headwater::measure::{self, Peak};
use headwater_benches::corpus::{Answers, Corpus, KEPT};

type Answer = Result<u64, Box<dyn Error>>;

#[global_allocator]
static HEAP: Peak = Peak::new(System);

/// The most that a job may have allocated at one time, in bytes.
const LIMIT: u64 = 1 << 20;

/// The sizes of the log, in MiB.
const SIZES: [u32; 2] = [16, 256];

/// The sizes of the log in a trial run, in MiB.
const TRIAL_SIZES: [u32; 2] = [1, 4];

/// Stands before the job and the two files, where a process is to run one job.
const ONE_JOB: &str = "--one-job";

/// A job, the answer that it has to give, and whether it has to stay below [`LIMIT`].
type Job = (&'static str, fn(&Corpus) -> Answer, fn(&Answers) -> u64, bool);

const JOBS: [Job; 14] = [
    ("forward", |log| Ok(jobs::forward(log)?), |right| right.bytes, true),
    ("forward_read_ahead", |log| Ok(jobs::forward_read_ahead(log)?), |right| right.bytes, true),
    ("reverse", |log| Ok(jobs::reverse(log)?), |right| right.bytes, true),
    ("reverse_read_ahead", |log| Ok(jobs::reverse_read_ahead(log)?), |right| right.bytes, true),
    ("count", |log| Ok(jobs::count(log)?), |right| right.lines, true),
    ("containing", |log| Ok(jobs::containing(log)?), |right| right.containing, true),
    ("matching", |log| Ok(jobs::matching(log)?), |right| right.matching, true),
    ("mapped", |log| Ok(jobs::mapped(log)?), |right| right.bytes, true),
    ("gzip", |log| Ok(jobs::gzip(log)?), |right| right.bytes, true),
    ("gzip_read_ahead", |log| Ok(jobs::gzip_read_ahead(log)?), |right| right.bytes, true),
    ("each", each, |right| 2 * right.bytes, true),
    // What is kept grows with the file, so these can not be bounded.
    ("kept", |log| Ok(jobs::kept(log)?), |right| right.kept, false),
    ("kept_into_owned", |log| Ok(jobs::kept_into_owned(log)?), |right| right.kept, false),
    ("kept_std_lines", kept_std_lines, |right| right.kept, false),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let outcome = match arguments.as_slice() {
        [flag, name, plain, gzip, ..] if flag == ONE_JOB => run(name, plain, gzip).map(|()| true),
        _ => run_all(&arguments),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("lines_heap: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs each job that the filters name, and tells whether all of them kept what is asked.
fn run_all(arguments: &[String]) -> Result<bool, Box<dyn Error>> {
    let filters: Vec<_> = arguments.iter().filter(|word| !word.starts_with('-')).collect();
    let named = |name| filters.is_empty() || filters.iter().any(|word| id(name).contains(*word));

    let mut kept_all = true;
    let mut table = String::new();
    println!("job\tfile bytes\tpeak heap bytes");
    for mib in if headwater_benches::is_trial() { TRIAL_SIZES } else { SIZES } {
        let log = Corpus::at(Path::new(env!("CARGO_TARGET_TMPDIR")), mib)?;
        let answers = log.answers()?;
        for (name, _, right, bounded) in JOBS.into_iter().filter(|(name, ..)| named(name)) {
            let (answer, peak) = run_apart(name, &log)?;
            let row = format!("{}\t{}\t{peak}\n", id(name), u64::from(mib) << 20);
            print!("{row}");
            table.push_str(&row);
            if answer != right(&answers) {
                eprintln!("{}: the answer {answer} is wrong", id(name));
                kept_all = false;
            }
            if bounded && peak > LIMIT {
                eprintln!("{}: the peak is over the limit of {LIMIT} bytes", id(name));
                kept_all = false;
            }
        }
    }
    // For `ratios.sh`, which wants all of it.
    if filters.is_empty() && !headwater_benches::is_trial() {
        fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join("lines_heap.tsv"), table)?;
    }
    Ok(kept_all)
}

fn id(name: &str) -> String {
    format!("lines_heap/{name}")
}

/// Runs a job in a process of its own; gives its answer and its peak.
fn run_apart(name: &str, log: &Corpus) -> Result<(u64, u64), Box<dyn Error>> {
    let output = Command::new(env::current_exe()?)
        .args([ONE_JOB, name])
        .args([&log.plain, &log.gzip])
        .stderr(Stdio::inherit())
        .output()?;
    let printed = String::from_utf8(output.stdout)?;
    let (answer, peak) =
        printed.trim_end().split_once('\t').ok_or_else(|| format!("{} failed", id(name)))?;
    Ok((answer.parse()?, peak.parse()?))
}

/// Runs one job here, and prints its answer and the peak of this process.
fn run(name: &str, plain: &str, gzip: &str) -> Result<(), Box<dyn Error>> {
    let log = Corpus { plain: PathBuf::from(plain), gzip: PathBuf::from(gzip) };
    let job = JOBS.into_iter().find(|job| job.0 == name);
    let (_, job, ..) = job.ok_or_else(|| format!("there is no job {name}"))?;
    let (answer, usage) = measure::process(|| job(&log));
    println!("{}\t{}", answer?, usage.peak());
    Ok(())
}

/// Sums the lengths of all lines of two files, the first of them compressed.
fn each(log: &Corpus) -> Answer {
    let mut sum = 0;
    for line in headwater::lines::each([&log.gzip, &log.plain]) {
        sum += line?.len() as u64;
    }
    Ok(sum)
}

/// Keeps one line in a thousand of std's `lines`, to compare with.
fn kept_std_lines(log: &Corpus) -> Answer {
    let mut kept = Vec::new();
    for (index, line) in BufReader::new(File::open(&log.plain)?).lines().enumerate() {
        let line = line?;
        if index % KEPT == 0 {
            kept.push(line);
        }
    }
    Ok(kept.iter().map(|line| line.len() as u64).sum())
}
