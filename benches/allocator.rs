//! What counting costs: of whole jobs beside the same without it, and of one allocation.
//!
//! Whole jobs are timed here and in a program without the allocator, by turns, and the least time
//! of all counts: what else runs on a machine only ever adds to it, and seldom to a job this short. An
//! allocation is timed in one program, through the counting allocator and past it, by turns, too.

#![expect(unsafe_code, reason = "allocators are called as the standard library calls them")]

mod jobs_of_allocator;

use std::alloc::{GlobalAlloc, Layout, System};
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use headwater::measure::{self, Peak, measure};
use headwater_benches::corpus::Corpus;

#[global_allocator]
static HEAP: Peak = Peak::new(System);

/// How often both programs take their turns.
const TURNS: usize = 10;

/// Blocks that are allocated and freed for one figure.
const BLOCKS: u32 = 100_000;

/// The most that counting may add to an allocation and its free, in nanoseconds.
const MOST_NANOS: f64 = 5.0;

/// How much longer lines may take, as a part of their time.
const MOST_OF_LINES: f64 = 1.03;

fn main() -> Result<(), Box<dyn Error>> {
    let is_trial = headwater_benches::is_trial();
    let log =
        Corpus::plain_at(Path::new(env!("CARGO_TARGET_TMPDIR")), if is_trial { 2 } else { 16 })?;
    let mut table = String::new();
    jobs(&log, if is_trial { 1 } else { TURNS }, &mut table)?;
    allocations(if is_trial { 1000 } else { BLOCKS }, &mut table)?;
    print!("{table}");
    if !is_trial {
        fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join("allocator.md"), table)?;
    }
    Ok(())
}

/// Times whole jobs, with and without.
fn jobs(log: &Path, turns: usize, table: &mut String) -> Result<(), Box<dyn Error>> {
    let mut least = [("", u64::MAX, u64::MAX); 2];
    for _ in 0..turns {
        let counted = jobs_of_allocator::timed(log);
        let bare = Command::new(env!("CARGO_BIN_EXE_allocator_bare")).arg(log).output()?;
        let bare = String::from_utf8(bare.stdout)?;
        for ((least, (name, answer, nanos)), bare) in
            least.iter_mut().zip(counted).zip(bare.lines())
        {
            let mut fields = bare.split('\t').skip(1).map(str::parse);
            let (right, without) =
                (fields.next().ok_or("no answer")??, fields.next().ok_or("no time")??);
            assert_eq!(answer, right, "{name} is wrong");
            *least = (name, least.1.min(nanos), least.2.min(without));
        }
    }
    writeln!(table, "| job | counted | bare | ratio | at most | |")?;
    writeln!(table, "|---|---:|---:|---:|---:|---|")?;
    for (name, counted, bare) in least {
        let ratio = millis(counted) / millis(bare);
        let (most, verdict) = match name {
            "lines_forward" => ("1.03", if ratio <= MOST_OF_LINES { "met" } else { "missed" }),
            _ => ("", ""),
        };
        let (counted, bare) = (millis(counted), millis(bare));
        writeln!(
            table,
            "| `{name}` | {counted:.1} ms | {bare:.1} ms | {ratio:.3} | {most} | {verdict} |"
        )?;
    }
    Ok(())
}

/// Times an allocation and its free: past the allocator, through it, and while the process is measured.
fn allocations(blocks: u32, table: &mut String) -> Result<(), Box<dyn Error>> {
    writeln!(table, "\n| an allocation of 64 bytes, and its free | takes | more | at most | |")?;
    writeln!(table, "|---|---:|---:|---:|---|")?;
    let ways: [&dyn Fn() -> f64; 4] = [
        &|| nanos_of(&System, blocks),
        &|| nanos_of(&HEAP, blocks),
        &|| measure(|| nanos_of(&HEAP, blocks)).0,
        &|| measure::process(|| nanos_of(&HEAP, blocks)).0,
    ];
    let mut least = [f64::INFINITY; 4];
    for _ in 0..200 {
        for (least, way) in least.iter_mut().zip(ways) {
            *least = least.min(way());
        }
    }
    let [bare, counted, in_scope, of_process] = least;
    writeln!(table, "| past it | {bare:.1} ns | | | |")?;
    for (name, nanos, is_asked) in [
        ("counted", counted, true),
        ("in a scope of the thread", in_scope, true),
        ("in a scope of the process", of_process, false),
    ] {
        let more = nanos - bare;
        let verdict = if more <= MOST_NANOS { "met" } else { "missed" };
        let (most, verdict) = if is_asked { ("5", verdict) } else { ("", "") };
        writeln!(table, "| {name} | {nanos:.1} ns | {more:.1} ns | {most} | {verdict} |")?;
    }
    Ok(())
}

/// Allocates and frees blocks, and returns nanoseconds for one.
fn nanos_of(allocator: &impl GlobalAlloc, blocks: u32) -> f64 {
    let layout = Layout::new::<[u8; 64]>();
    let start = Instant::now();
    for _ in 0..blocks {
        // SAFETY: the layout is not of size 0, and each block is freed once, with it.
        unsafe {
            let block = black_box(allocator.alloc(black_box(layout)));
            allocator.dealloc(block, layout);
        }
    }
    start.elapsed().as_secs_f64() * 1e9 / f64::from(blocks)
}

#[expect(clippy::cast_precision_loss, reason = "for people")]
fn millis(nanos: u64) -> f64 {
    nanos as f64 / 1e6
}
