//! Going on in many files: over their borders, and in a list that has changed.

use std::fs;

use headwater::lines::{self, Position};
use headwater::{ErrorKind, Source};

use super::Files;
use crate::expect::{broken, texts};
use crate::support::handles::open_below;
use crate::support::resume::{resume_law, resume_law_in_place};

#[test]
fn the_resume_law_holds_over_the_borders_of_files() {
    let files = Files::mixed();
    for block_size in [1, 5, 64 << 10].map(|size| size.try_into().unwrap()) {
        let open = || files.lines().block_size(block_size);
        resume_law(open);
        resume_law_in_place(open);
        resume_law(|| open().containing("o"));
        resume_law_in_place(|| open().containing("o"));
        resume_law(|| open().read_ahead(2.try_into().unwrap()));
    }
}

#[test]
fn files_before_the_position_are_not_opened() {
    let files = Files::mixed();
    let mut lines = files.lines();
    lines.nth(3).unwrap().unwrap();
    let noted = lines.position();
    fs::remove_file(files.path("app.log.3.gz")).unwrap();
    assert_eq!(texts(files.lines().from(noted)), ["four", "five", "half"]);
}

#[test]
fn a_list_may_gain_and_lose_other_files() {
    let files = Files::mixed();
    let mut lines = files.lines();
    lines.nth(3).unwrap().unwrap();
    let noted = lines.position();
    files.write("app.log.4.gz", "zero\n");
    let mut paths = files.paths.clone();
    paths.insert(0, files.path("app.log.4.gz"));
    assert_eq!(texts(lines::each(&paths).from(noted.clone())), ["four", "five", "half"]);
    paths.remove(1);
    paths.remove(0);
    assert_eq!(texts(lines::each(&paths).from(noted.clone())), ["four", "five", "half"]);
    paths.truncate(1);
    assert_eq!(texts(lines::each(&paths).from(noted)), ["four"]);
}

/// Two logs; a position in the newer one, after its first line.
fn two_logs() -> (Files, Position) {
    let files = Files::new(&[("app.log.1", "one\ntwo\n"), ("app.log", "three\nfour\n")]);
    let mut lines = files.lines();
    lines.nth(2).unwrap().unwrap();
    let noted = lines.position();
    assert_eq!(noted.path(), Some(files.path("app.log").as_path()));
    (files, noted)
}

#[test]
fn a_file_is_found_under_the_name_that_a_rotation_gave_it() {
    let (files, noted) = two_logs();
    fs::rename(files.path("app.log.1"), files.path("app.log.2")).unwrap();
    fs::rename(files.path("app.log"), files.path("app.log.1")).unwrap();
    files.write("app.log", "five\n");
    let rotated = ["app.log.2", "app.log.1", "app.log"].map(|name| files.path(name));
    assert_eq!(texts(lines::each(&rotated).from(noted.clone())), ["four", "five"]);
    assert_eq!(texts(lines::each(&rotated[1..]).from(noted.clone())), ["four", "five"]);
    let mut lines = lines::each(&rotated);
    lines.next().unwrap().unwrap();
    lines.resume_at(noted);
    assert_eq!(lines.next().unwrap().unwrap(), "four");
    assert_eq!(lines.position().path(), Some(rotated[1].as_path()));
}

#[test]
fn a_rotation_that_took_the_file_away_is_noticed() {
    for compressed in [false, true] {
        let (files, noted) = two_logs();
        fs::rename(files.path("app.log"), files.path("away")).unwrap();
        files.write("app.log", "five\n");
        if compressed {
            files.write("app.log.1.gz", "three\nfour\n");
        }
        let rotated = ["app.log.1", "app.log.1.gz", "app.log"].map(|name| files.path(name));
        let (good, error) = broken(lines::each(&rotated).from(noted));
        assert!(good.is_empty(), "{good:?}");
        assert_eq!((error.kind(), error.offset()), (ErrorKind::SourceChanged, Some(6)));
        assert_eq!(error.path(), Some(files.path("app.log").as_path()));
    }
}

#[test]
fn a_file_that_is_not_in_the_list_is_an_error() {
    let files = Files::mixed();
    let foreign = Files::new(&[("foreign.log", "one\ntwo\n")]);
    let mut lines = foreign.lines();
    lines.next().unwrap().unwrap();
    let noted = lines.position();

    for list in [files.lines(), lines::each([""; 0])] {
        let (good, error) = broken(list.from(noted.clone()));
        assert!(good.is_empty());
        assert_eq!((error.kind(), error.offset()), (ErrorKind::SourceChanged, Some(4)));
        assert_eq!(error.path(), Some(foreign.path("foreign.log").as_path()));
    }
    let mut lines = files.lines();
    lines.next().unwrap().unwrap();
    lines.resume_at(noted);
    assert_eq!(open_below(files.folder.path()), 0, "it lets go of what is open");
    assert_eq!(lines.next().unwrap().unwrap_err().kind(), ErrorKind::SourceChanged);
    assert!(lines.next().is_none());
    lines.resume_at(Position::default());
    assert_eq!(texts(lines).len(), 7, "it is not lost for ever");
}

#[test]
fn a_bare_offset_is_one_in_the_first_file() {
    let files = Files::mixed();
    assert_eq!(texts(files.lines().from(4)).len(), 6);
    let (good, error) = broken(files.lines().from(9));
    assert!(good.is_empty());
    assert_eq!((error.kind(), error.offset()), (ErrorKind::Shrunk, Some(8)));
}

#[test]
fn the_last_file_may_have_grown() {
    let files = Files::new(&[("app.log.1.gz", "one\n"), ("app.log", "two\n")]);
    let mut lines = files.lines();
    assert_eq!(lines.by_ref().count(), 2);
    let noted = lines.position();
    files.write("app.log", "two\nthree\n");
    assert_eq!(texts(files.lines().from(noted.clone())), ["three"]);
    lines.resume_at(noted);
    assert_eq!(texts(lines), ["three"]);
}
