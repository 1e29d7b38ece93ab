//! Memory, lazy beside eager: each lesson at five sizes, by headwater and by peers.
//!
//! The peak heap is counted in this process, over all its threads; the resident memory is the most
//! that a process of its own ever had, as the system tells, and so has the program in it, and maps.
//! Python is measured by tracemalloc, by `memory.py`. A lazy form has to stay below [`LIMIT`] at each
//! size, and may not grow: from the size on that fills what is bounded, by less than
//! [`Growth::MAX_SLOPE`] bytes an item. A wrong answer ends the run.
//!
//! Behind the tables, criterion measures some of it: see `target/criterion/peak_heap`.

mod lessons;

use std::alloc::System;
use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use criterion::Criterion;
use headwater::measure::criterion::{Allocations, PeakHeap};
use headwater::measure::{Growth, Peak};
use headwater_benches::corpus::Corpus;

use crate::lessons::{Form, Input, LESSONS, Lesson};

#[global_allocator]
static HEAP: Peak = Peak::new(System);

/// The most that a lazy form may hold, in bytes.
const LIMIT: u64 = 1 << 20;

/// The sizes, in items, and those of files, in MiB.
const ITEMS: [usize; 5] = [1000, 10_000, 100_000, 1_000_000, 10_000_000];
const FILES: [u32; 4] = [1, 16, 256, 1024];

/// The same of a trial run.
const TRIAL_ITEMS: [usize; 2] = [1000, 10_000];
const TRIAL_FILES: [u32; 2] = [1, 2];

/// Stands before the lesson, the form and the input, where a process is to run one form.
const ONE_FORM: &str = "--one-form";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let outcome = match arguments.as_slice() {
        [flag, lesson, form, size, file, ..] if flag == ONE_FORM => {
            run_here(lesson, form, size, file).map(|()| true)
        }
        _ => run_all(),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("memory: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Measures all lessons, and tells whether the lazy forms kept what is asked.
fn run_all() -> Result<bool, Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let is_trial = headwater_benches::is_trial();
    let (items, files) =
        if is_trial { (&TRIAL_ITEMS[..], &TRIAL_FILES[..]) } else { (&ITEMS[..], &FILES[..]) };
    let items: Vec<_> = items.iter().map(|&size| Input::items(size)).collect();
    let mut logs = Vec::new();
    for mib in files {
        logs.push(Input::log(*mib, Corpus::plain_at(folder, *mib)?)?);
    }
    let mut tables = String::new();
    let mut kept_all = true;
    for lesson in LESSONS {
        let inputs = if lesson.reads_a_file { &logs } else { &items };
        kept_all &= table(lesson, inputs, &mut tables)?;
    }
    print!("{tables}");
    if !is_trial {
        fs::write(folder.join("memory.md"), tables)?;
    }
    by_criterion(&logs[0]);
    Ok(kept_all)
}

/// Writes the table of a lesson.
fn table(lesson: &Lesson, inputs: &[Input], table: &mut String) -> Result<bool, Box<dyn Error>> {
    write!(table, "| {} |", lesson.title)?;
    for input in inputs {
        write!(table, " {} |", input.title)?;
    }
    writeln!(table, " bytes an item | resident at the last | |")?;
    writeln!(table, "|---|{}---:|---:|---|", "---:|".repeat(inputs.len()))?;
    let mut kept_all = true;
    for form in lesson.forms {
        let growth = measured(form, inputs);
        let peaks: Vec<_> = growth.points().iter().map(|(_, usage)| usage.peak()).collect();
        let verdict = match form.flat_from {
            None => "",
            Some(from) if keeps(&growth, from) => "flat",
            Some(_) => "**not flat**",
        };
        kept_all &= verdict != "**not flat**";
        let slope = growth.slope().max(0.0);
        let resident = resident(lesson, form, &inputs[inputs.len() - 1])?;
        row(table, form.name, &peaks, slope, resident, verdict)?;
    }
    python(lesson, inputs, table)?;
    writeln!(table)?;
    Ok(kept_all)
}

fn row(
    table: &mut String,
    name: &str,
    peaks: &[u64],
    slope: f64,
    resident: Option<u64>,
    verdict: &str,
) -> Result<(), Box<dyn Error>> {
    write!(table, "| {name} |")?;
    for peak in peaks {
        write!(table, " {} |", kib(*peak))?;
    }
    let resident = resident.map_or_else(String::new, kib);
    writeln!(table, " {slope:.4} | {resident} | {verdict} |")?;
    Ok(())
}

/// Runs a form at each size. An answer that is not right ends the run.
fn measured(form: &Form, inputs: &[Input]) -> Growth {
    Growth::process(inputs.iter().map(|input| input.items), |items| {
        let input = inputs.iter().find(|input| input.items == items).expect("a size of these");
        let answer = (form.run)(input).expect("the input can be read");
        assert_eq!(answer, (form.right)(input), "{} is wrong at {}", form.name, input.title);
    })
}

/// Tells whether all peaks are below the limit, and do not grow from some size on.
fn keeps(growth: &Growth, from: usize) -> bool {
    let below = growth.points().iter().all(|(_, usage)| usage.peak() <= LIMIT);
    let mut filled = growth.points().iter().filter(|(items, _)| *items >= from);
    let (Some(first), Some(last)) = (filled.next(), filled.next_back()) else { return below };
    let more = last.1.peak().saturating_sub(first.1.peak());
    // By a thousandth of a byte an item.
    below && (more <= Growth::MAX_GROWTH || more * 1000 < (last.0 - first.0) as u64)
}

/// Returns the most that a process of its own had in memory.
fn resident(lesson: &Lesson, form: &Form, input: &Input) -> Result<Option<u64>, Box<dyn Error>> {
    let output = Command::new(env::current_exe()?)
        .args([ONE_FORM, lesson.title, form.name, &input.items.to_string()])
        .arg(&input.file)
        .output()?;
    let text = String::from_utf8(output.stdout)?;
    Ok(text.trim().parse().ok())
}

/// Runs one form in this process, and prints the most that it had in memory.
fn run_here(lesson: &str, form: &str, items: &str, file: &str) -> Result<(), Box<dyn Error>> {
    let input = Input { title: String::new(), items: items.parse()?, file: file.into(), bytes: 0 };
    let lesson = LESSONS.iter().find(|other| other.title == lesson).ok_or("no such lesson")?;
    let form = lesson.forms.iter().find(|other| other.name == form).ok_or("no such form")?;
    (form.run)(&input)?;
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib: Option<u64> = most.and_then(|most| most.trim().strip_suffix(" kB")?.parse().ok());
    println!("{}", kib.map_or_else(String::new, |kib| (kib << 10).to_string()));
    Ok(())
}

/// Adds what Python takes, where it is installed.
fn python(lesson: &Lesson, inputs: &[Input], table: &mut String) -> Result<(), Box<dyn Error>> {
    let Some(lesson) = lesson.in_python else { return Ok(()) };
    let mut forms: Vec<(String, Vec<u64>)> = Vec::new();
    for input in inputs {
        let file = input.file.to_string_lossy();
        let argument = if file.is_empty() { input.items.to_string() } else { file.into_owned() };
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("memory.py");
        let run = Command::new("python3").arg(script).args([lesson, &argument]).output();
        let Ok(output) = run else { return Ok(()) };
        for line in String::from_utf8(output.stdout)?.lines() {
            let mut fields = line.split('\t');
            let (name, peak) = (fields.next().unwrap_or_default(), fields.next().unwrap_or("0"));
            match forms.iter_mut().find(|(other, _)| other == name) {
                Some((_, peaks)) => peaks.push(peak.parse()?),
                None => forms.push((name.to_owned(), vec![peak.parse()?])),
            }
        }
    }
    for (name, peaks) in forms {
        let name = format!("CPython, {}", name.split('_').next().unwrap_or_default());
        let growth = peaks[peaks.len() - 1].saturating_sub(peaks[0]);
        let items = (inputs[inputs.len() - 1].items - inputs[0].items) as u64;
        row(table, &name, &peaks, per_item(growth, items), None, "")?;
    }
    Ok(())
}

/// The same figures as criterion's, with what it makes of them.
fn by_criterion(log: &Input) {
    let lines = &LESSONS[1];
    let criterion = || Criterion::default().sample_size(10).configure_from_args();
    let mut peaks = criterion().with_measurement(PeakHeap);
    let mut group = peaks.benchmark_group("peak_heap");
    for form in lines.forms {
        group.bench_function(form.name, |bencher| {
            PeakHeap::iter(bencher, || (form.run)(log).expect("the log can be read"));
        });
    }
    group.finish();
    let mut counts = criterion().with_measurement(Allocations);
    let mut group = counts.benchmark_group("allocations");
    for form in lines.forms {
        group.bench_function(form.name, |bencher| {
            bencher.iter(|| (form.run)(log).expect("the log can be read"));
        });
    }
    group.finish();
}

/// Bytes as people read them.
fn kib(bytes: u64) -> String {
    match bytes {
        0..10_240 => format!("{bytes} B"),
        10_240..10_485_760 => format!("{} KiB", bytes >> 10),
        _ => format!("{} MiB", bytes >> 20),
    }
}

#[expect(clippy::cast_precision_loss, reason = "for people")]
fn per_item(bytes: u64, items: u64) -> f64 {
    bytes as f64 / items as f64
}
