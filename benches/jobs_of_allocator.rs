//! What is timed with the counting allocator and without it.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::time::Instant;

/// How often each job is timed; the least time counts.
const RUNS: usize = 30;

/// A job, which gives an answer.
type Job = fn(&Path) -> u64;

/// The jobs: lines, which allocate a few blocks, and std's, which allocate each.
const JOBS: [(&str, Job); 2] = [("lines_forward", lines_forward), ("std_lines", std_lines)];

/// Times each job, and returns its name, its answer and nanoseconds.
pub(crate) fn timed(log: &Path) -> Vec<(&'static str, u64, u64)> {
    let time = |job: Job| {
        let start = Instant::now();
        let answer = job(log);
        (u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX), answer)
    };
    let least = |(name, job): (&'static str, Job)| {
        let (nanos, answer) = (0..RUNS).map(|_| time(job)).min().unwrap_or_default();
        (name, answer, nanos)
    };
    JOBS.into_iter().map(least).collect()
}

fn lines_forward(log: &Path) -> u64 {
    let lines = headwater::lines(log).expect("the log is there");
    let mut sum = 0;
    for line in lines {
        sum += line.expect("the log can be read").len() as u64;
    }
    sum
}

fn std_lines(log: &Path) -> u64 {
    let mut sum = 0;
    for line in BufReader::new(File::open(log).expect("the log is there")).lines() {
        sum += line.expect("the log can be read").len() as u64;
    }
    sum
}
