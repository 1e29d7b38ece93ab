//! A process that is killed at any moment, and started again.

use std::fs;
use std::hint;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use crate::random::Random;
use crate::support::{Ingest, Rows, example, fixture, rows_of};

const KILLS: usize = 100;

/// Starts it. A batch is so small that most kills are in the middle of the file.
fn start(ingest: &Ingest, has_faults: bool) -> Child {
    let mut command = example("ingest");
    command.args(["--verbose", "--batch=20"]).args([&ingest.job.file, &ingest.job.database]);
    if has_faults {
        command.arg("--fail-every=7");
    }
    command.stdout(Stdio::piped()).spawn().unwrap()
}

/// Lets it put in some batches, then does nothing for a moment, then kills it. Tells whether it was
/// still there.
fn kill(mut process: Child, random: &mut Random) -> bool {
    let batches = random.below(6);
    let mut output = BufReader::new(process.stdout.take().unwrap()).lines();
    // The pipe stays open until it is dead: it is not to find out by itself.
    output.by_ref().take(batches).for_each(|line| drop(line.unwrap()));
    (0..random.below(100_000)).for_each(|_| hint::spin_loop());
    process.kill().unwrap();
    !process.wait().unwrap().success()
}

/// Asserts that the table has the lines before the position, and no others.
fn is_consistent(ingest: &Ingest, expected: &Rows) -> usize {
    let connection = ingest.connect();
    let number = |query| connection.query_row(query, (), |row| row.get::<_, i64>(0));
    // Killed before it had made the tables, it has left none.
    let Ok(lines) = number("SELECT count(*) FROM line") else { return 0 };
    let lines = usize::try_from(lines).unwrap();
    let offset = number("SELECT json ->> 'front' FROM position").unwrap_or(0);
    let next = expected.get(lines).map_or(2_370_789, |&(offset, _)| offset);
    assert_eq!(offset, next, "{lines} lines do not go with the position");
    lines
}

#[test]
fn a_hundred_kills_change_nothing() {
    let log = fs::read(fixture("apache_access.log")).unwrap();
    let expected = rows_of(&log);
    let mut random = Random::new(100);
    let (mut kills, mut in_the_middle) = (0, 0);
    while kills < KILLS {
        let ingest = Ingest::new(&log);
        loop {
            let was_killed = kill(start(&ingest, random.coin()), &mut random);
            let lines = is_consistent(&ingest, &expected);
            kills += usize::from(was_killed);
            in_the_middle += usize::from(was_killed && (1..10_000).contains(&lines));
            if kills == KILLS || !was_killed {
                break;
            }
        }
        let mut last = start(&ingest, false);
        let output = BufReader::new(last.stdout.take().unwrap()).lines().map(Result::unwrap);
        assert!(output.last().unwrap().ends_with(" lines ingested, 10000 in all"));
        assert!(last.wait().unwrap().success());
        assert!(ingest.rows() == expected, "after {kills} kills");
    }
    assert!(in_the_middle >= KILLS / 2, "only {in_the_middle} kills were in the middle");
}
