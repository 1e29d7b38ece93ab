//! A process that is killed while it saves.

use std::env;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use headwater::Checkpoint;

use super::Folder;
use crate::support::random::Random;

/// Where the process that is to be killed saves. Without it, there is none to be killed.
const PATH: &str = "HEADWATER_TEST_CHECKPOINT";

/// What is saved: a number, in a text that makes it many blocks long.
type Saved = (u64, String);

#[test]
#[ignore = "it is the process that `a_kill_leaves_the_old_one_or_the_new_one` kills"]
fn saves_for_ever() {
    let Some(path) = env::var_os(PATH) else { return };
    let mut kept = Checkpoint::<Saved>::new(path);
    let first = kept.load().unwrap().map_or(0, |(n, _)| n);
    let filler = "x".repeat(40_000);
    for n in first + 1.. {
        kept.save(&(n, filler.clone())).unwrap();
        writeln!(std::io::stdout(), "saved {n}").unwrap();
    }
}

#[test]
fn a_kill_leaves_the_old_one_or_the_new_one() {
    let folder = Folder::new();
    let mut random = Random::new(4);
    let mut last = 0;
    for _ in 0..20 {
        let arguments = ["--exact", "checkpoint::killed::saves_for_ever", "--ignored"];
        let mut process = Command::new(env::current_exe().unwrap())
            .args(arguments)
            .arg("--nocapture")
            .env(PATH, folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let saves = 1 + random.below(4);
        let output = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
        let mut said = output.filter_map(|line| line.strip_prefix("saved ")?.parse::<u64>().ok());
        let said = said.by_ref().take(saves).last().expect("it saves");
        assert!(said > last, "it went back to {said} from {last}");
        (0..random.below(300_000)).for_each(|_| std::hint::spin_loop());
        process.kill().unwrap();
        process.wait().unwrap();

        let (kept, _) = folder.checkpoint::<Saved>().load().unwrap().expect("it was saved");
        assert!(kept >= said, "{kept} is older than {said}");
        assert!(folder.files().len() <= 2, "{:?}", folder.files());
        last = kept;
    }
}
