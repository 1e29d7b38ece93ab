//! A process that is killed at any moment (SIGKILL), and started again.

use std::fs;
use std::hint;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command};
use std::thread;

use crate::server::{Faults, Server};
use crate::support::{Folder, consume, items, lines, spawn, start};

const KILLS: usize = 20;
const ITEMS: usize = 1000;
const PAGE: usize = 20;

/// Numbers that look random, and are the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

fn command(server: &Server, folder: &Folder, random: &mut Random) -> Command {
    let mut command = consume(server.address(), "token");
    command.arg(format!("--page-size={PAGE}")).arg("--checkpoint").arg(folder.path("kept"));
    if random.below(2) == 0 {
        command.arg("--sync");
    }
    command
}

/// Does nothing for a moment, then kills. Tells whether it was still there.
fn kill(process: &mut Child, random: &mut Random) -> bool {
    (0..random.below(3_000_000)).for_each(|_| hint::spin_loop());
    process.kill().unwrap();
    !process.wait().unwrap().success()
}

/// Into a file, each item comes exactly once, whenever it is killed.
#[test]
fn an_output_is_exact() {
    let items = items(ITEMS);
    let server = start(&items, Faults::none());
    let mut random = Random(1);
    let mut kills = 0;
    while kills < KILLS {
        let folder = Folder::new();
        let output = folder.path("output");
        let run = |random: &mut Random| {
            let mut command = command(&server, &folder, random);
            command.arg("--output").arg(&output);
            command
        };
        loop {
            let mut process = spawn(&mut run(&mut random));
            // It begins some time after its first page is there.
            let len = || fs::metadata(&output).map_or(0, |file| file.len());
            let before = len();
            let goal = before + random.below(150_000);
            while len() < goal.min(200_000) && process.try_wait().unwrap().is_none() {
                thread::yield_now();
            }
            let was_killed = kill(&mut process, &mut random);
            kills += usize::from(was_killed);
            if !was_killed || kills == KILLS {
                break;
            }
        }
        assert!(lines(&mut run(&mut random)).is_empty());
        let printed = fs::read_to_string(&output).unwrap();
        assert!(printed.lines().eq(items.iter()), "after {kills} kills");
    }
}

/// Into a pipe, no item is lost, no line is broken, and at most the page at hand comes again.
#[test]
fn a_pipe_has_each_item_at_least_once() {
    let items = items(ITEMS);
    let server = start(&items, Faults::none());
    let mut random = Random(2);
    let (mut kills, mut repeated) = (0, 0);
    while kills < KILLS {
        let folder = Folder::new();
        let mut next = 0;
        loop {
            let mut process = spawn(&mut command(&server, &folder, &mut random));
            let mut output = BufReader::new(process.stdout.take().unwrap());
            let mut text = String::new();
            for _ in 0..random.below(400) {
                output.read_line(&mut text).unwrap();
            }
            let was_killed = kill(&mut process, &mut random);
            output.read_to_string(&mut text).unwrap();
            assert!(text.is_empty() || text.ends_with('\n'), "a line is broken");
            if let Some(first) = text.lines().next() {
                let at = items.iter().position(|item| item == first).unwrap();
                assert!(at <= next && next <= at + PAGE, "from {next} on comes {at}");
                repeated += usize::from(at < next);
                assert!(text.lines().eq(items[at..].iter().take(text.lines().count())));
                next = at + text.lines().count();
            }
            kills += usize::from(was_killed);
            if !was_killed {
                break;
            }
        }
        assert_eq!(next, ITEMS);
    }
    // All but a few are between two pages.
    assert!(repeated <= KILLS / 2, "{repeated} of {kills} kills were between printing and saving");
}
