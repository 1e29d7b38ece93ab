//! Lines: forward, counted, backward, searched, decompressed and kept, each beside its peers.
//!
//! All ids of a group read the same generated log of 256 MiB from a warm page cache, and each
//! iteration opens the file anew. An answer that is wrong ends the run. What is compared:
//!
//! | group | each id does |
//! |---|---|
//! | `lines_forward` | sums the lengths of all lines; `floor` reads blocks of 64 KiB into one buffer and counts newlines |
//! | `lines_count` | counts the lines; `floor` is the same |
//! | `lines_reverse` | sums the lengths of all lines, the last line first |
//! | `lines_containing` | counts the lines with ` 500 `, about 1 in 250; nothing is mapped |
//! | `lines_matching` | counts the lines that match `" 50[0-9] `; nothing is mapped |
//! | `lines_mapped` | sums the lengths of all lines of a memory map |
//! | `lines_gzip` | sums the lengths of all lines of the gzip form; `floor_inflate` inflates blocks of 64 KiB into one buffer and looks at nothing |
//! | `lines_kept` | keeps 1 line in 1,000 to the end; `lines_heap` says what that costs in memory |

mod jobs;
mod peers;

use std::fmt::Debug;
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, SamplingMode, Throughput};
use headwater_benches::corpus::{Answers, Corpus, NEEDLE, PATTERN};

use crate::peers::GrepSearcher;

/// The size of the log, in MiB.
const SIZE: u32 = 256;

/// The size of the log of a trial run, in MiB.
const TRIAL_SIZE: u32 = 2;

fn main() {
    let size = if headwater_benches::is_trial() { TRIAL_SIZE } else { SIZE };
    let log = Corpus::at(Path::new(env!("CARGO_TARGET_TMPDIR")), size)
        .expect("the target folder has room for the log");
    let answers = log.answers().expect("the log can be read");

    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(5))
        .configure_from_args();
    for bench in [forward, count, reverse, containing, matching, mapped, kept, gzip] {
        bench(&mut criterion, &log, &answers);
    }
    criterion.final_summary();
}

fn forward(criterion: &mut Criterion, log: &Corpus, answers: &Answers) {
    let mut group = group(criterion, "lines_forward", answers);
    measure(&mut group, "headwater", answers.bytes, || jobs::forward(log));
    measure(&mut group, "std_lines", answers.bytes, || peers::std_lines(log));
    measure(&mut group, "bstr_for_byte_line", answers.bytes, || peers::bstr_for_byte_line(log));
    measure(&mut group, "linereader", answers.bytes, || peers::linereader(log));
    measure(&mut group, "floor", answers.lines, || peers::floor(log));
    let ahead = || jobs::forward_read_ahead(log);
    measure(&mut group, "headwater_read_ahead", answers.bytes, ahead);
    group.finish();
}

fn count(criterion: &mut Criterion, log: &Corpus, answers: &Answers) {
    let mut group = group(criterion, "lines_count", answers);
    measure(&mut group, "headwater", answers.lines, || jobs::count(log));
    measure(&mut group, "floor", answers.lines, || peers::floor(log));
    group.finish();
}

fn reverse(criterion: &mut Criterion, log: &Corpus, answers: &Answers) {
    let mut group = group(criterion, "lines_reverse", answers);
    measure(&mut group, "headwater", answers.bytes, || jobs::reverse(log));
    measure(&mut group, "rev_lines", answers.bytes, || peers::rev_lines(log));
    let ahead = || jobs::reverse_read_ahead(log);
    measure(&mut group, "headwater_read_ahead", answers.bytes, ahead);
    group.finish();
}

fn containing(criterion: &mut Criterion, log: &Corpus, answers: &Answers) {
    let mut group = group(criterion, "lines_containing", answers);
    let mut searcher = GrepSearcher::new(NEEDLE);
    measure(&mut group, "headwater", answers.containing, || jobs::containing(log));
    measure(&mut group, "grep_searcher", answers.containing, || searcher.count(&log.plain));
    group.finish();
}

fn matching(criterion: &mut Criterion, log: &Corpus, answers: &Answers) {
    let mut group = group(criterion, "lines_matching", answers);
    let mut searcher = GrepSearcher::new(PATTERN);
    measure(&mut group, "headwater", answers.matching, || jobs::matching(log));
    measure(&mut group, "grep_searcher", answers.matching, || searcher.count(&log.plain));
    group.finish();
}

fn mapped(criterion: &mut Criterion, log: &Corpus, answers: &Answers) {
    let mut group = group(criterion, "lines_mapped", answers);
    measure(&mut group, "headwater", answers.bytes, || jobs::mapped(log));
    group.finish();
}

fn kept(criterion: &mut Criterion, log: &Corpus, answers: &Answers) {
    let mut group = group(criterion, "lines_kept", answers);
    measure(&mut group, "headwater", answers.kept, || jobs::kept(log));
    measure(&mut group, "headwater_into_owned", answers.kept, || jobs::kept_into_owned(log));
    measure(&mut group, "std_lines", answers.kept, || peers::kept_std_lines(log));
    group.finish();
}

fn gzip(criterion: &mut Criterion, log: &Corpus, answers: &Answers) {
    let mut group = group(criterion, "lines_gzip", answers);
    let inflated = answers.bytes + answers.lines;
    measure(&mut group, "headwater", answers.bytes, || jobs::gzip(log));
    measure(&mut group, "flate2_std_lines", answers.bytes, || peers::flate2_std_lines(log));
    measure(&mut group, "floor_inflate", inflated, || peers::floor_inflate(log));
    measure(&mut group, "headwater_read_ahead", answers.bytes, || jobs::gzip_read_ahead(log));
    group.finish();
}

type Group<'a> = BenchmarkGroup<'a, WallTime>;

fn group<'a>(criterion: &'a mut Criterion, name: &str, answers: &Answers) -> Group<'a> {
    let mut group = criterion.benchmark_group(name);
    group.sampling_mode(SamplingMode::Flat);
    group.throughput(Throughput::Bytes(answers.bytes + answers.lines));
    group
}

/// Measures `job`, which has to answer `right` each time.
fn measure<E: Debug>(
    group: &mut Group<'_>,
    id: &str,
    right: u64,
    mut job: impl FnMut() -> Result<u64, E>,
) {
    group.bench_function(id, |bencher| {
        bencher.iter(|| {
            let answer = black_box(job()).expect("the log can be read");
            assert_eq!(answer, right, "{id} is wrong");
        });
    });
}
