//! Times the jobs of the bench `allocator` without its allocator; the log is its argument.

mod jobs_of_allocator;

use std::path::PathBuf;

fn main() {
    let log = PathBuf::from(std::env::args_os().nth(1).expect("a log"));
    for (name, answer, nanos) in jobs_of_allocator::timed(&log) {
        println!("{name}\t{answer}\t{nanos}");
    }
}
