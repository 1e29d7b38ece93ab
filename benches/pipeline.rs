//! Counts up, keeps the even numbers, squares and sums: what `generators.py` does, timed as it is.

use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

const HELP: &str = "\
Times a pipeline: count up, keep the even numbers, square, sum.

Usage: pipeline [N]

  N   how many numbers (default: 10000000)

It prints a line for each way to write it: the way, nanoseconds per number, the sum.
";

/// How often each way is gone; the median counts.
const RUNS: usize = 5;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let n = match arguments.next().as_deref() {
        None => Ok(10_000_000),
        Some("--help" | "-h") => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Some(n) => n.parse().ok().filter(|&n| n > 0).ok_or("N is a number from 1 on"),
    };
    match n {
        Ok(n) if arguments.next().is_none() => {
            time("generators", n, generators);
            time("generator_and_adapters", n, generator_and_adapters);
            ExitCode::SUCCESS
        }
        n => {
            eprint!("pipeline: {}\n\n{HELP}", n.err().unwrap_or("one number, please"));
            ExitCode::from(2)
        }
    }
}

/// A generator for each step, as in Python.
fn generators(n: u32) -> u128 {
    squares(evens(count(n))).map(u128::from).sum()
}

/// A generator for what needs one, and std for the rest.
fn generator_and_adapters(n: u32) -> u128 {
    count(n).filter(|number| number % 2 == 0).map(|number| u128::from(number * number)).sum()
}

fn count(n: u32) -> impl Iterator<Item = u64> {
    headwater::generate(move |out| async move {
        for number in 0..u64::from(n) {
            out.emit(number).await;
        }
    })
}

fn evens(numbers: impl Iterator<Item = u64>) -> impl Iterator<Item = u64> {
    headwater::generate(|out| async move {
        for number in numbers {
            if number % 2 == 0 {
                out.emit(number).await;
            }
        }
    })
}

fn squares(numbers: impl Iterator<Item = u64>) -> impl Iterator<Item = u64> {
    headwater::generate(|out| async move {
        for number in numbers {
            out.emit(number * number).await;
        }
    })
}

fn time(way: &str, n: u32, pipeline: impl Fn(u32) -> u128) {
    let mut sum = 0;
    let mut times = [(); RUNS].map(|()| {
        let start = Instant::now();
        sum = black_box(pipeline(black_box(n)));
        start.elapsed()
    });
    times.sort_unstable();
    let per_item = Duration::as_secs_f64(&times[RUNS / 2]) * 1e9 / f64::from(n);
    println!("{way}\t{per_item:.3}\t{sum}");
}
