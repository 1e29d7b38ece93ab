//! Errors of a source whose position is kept, and errors of the keeping.

use std::fs;
use std::io;
use std::num::NonZeroU64;
use std::time::Duration;

use headwater::checkpoint::{ErrorKind, Failed};
use headwater::{Checkpoint, Retry, Source, prelude::*, try_unfold};

use super::Folder;

/// The numbers from 0 to 19, of which 7 can't be had.
fn broken() -> impl Iterator<Item = Result<u32, io::Error>> + Source<Position = u32> {
    try_unfold(0, |&n| match n {
        7 => Err(io::ErrorKind::TimedOut.into()),
        20 => Ok(None),
        n => Ok(Some((n, n + 1))),
    })
}

fn rarely<P>(folder: &Folder) -> Checkpoint<P> {
    folder.checkpoint().every(Duration::MAX)
}

#[test]
fn before_an_error_of_the_source_it_is_saved() {
    let folder = Folder::new();
    let mut source = broken().checkpointed(rarely(&folder)).unwrap();
    assert_eq!(source.by_ref().map_while(Result::ok).count(), 7);
    assert_eq!(folder.checkpoint().load().unwrap(), Some(7));
    assert!(source.next().is_none());
    assert!(source.can_recover());

    let mut source = broken().checkpointed(rarely(&folder)).unwrap();
    let Some(Err(Failed::Source(error))) = source.next() else { panic!("it goes on") };
    assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    source.resume_at(8);
    assert_eq!(source.flatten().count(), 12);
    assert_eq!(folder.checkpoint().load().unwrap(), Some(20));
}

#[test]
fn a_source_that_heals_is_kept() {
    let folder = Folder::new();
    let mut fails = [true, true].into_iter();
    let source = try_unfold(0, |&n| match n {
        7 if fails.next().is_some() => Err("once more"),
        n => Ok((n < 20).then_some((n, n + 1))),
    });
    let healed = source.retry(Retry::immediately().max_attempts(3));
    let mut kept = healed.checkpointed(rarely(&folder)).unwrap();
    assert_eq!(kept.by_ref().map(Result::unwrap).count(), 20);
    assert_eq!(folder.checkpoint().load().unwrap(), Some(20));
}

#[test]
fn a_position_that_cannot_be_saved_is_an_error_and_loses_no_item() {
    let folder = Folder::new();
    let missing = folder.0.path().join("missing");
    let kept = Checkpoint::new(missing.join("app.position"));
    let kept = kept.every_items(NonZeroU64::new(3).unwrap()).every(Duration::MAX);
    let source = try_unfold(0, |&n| Ok::<_, io::Error>((n < 9).then_some((n, n + 1))));
    let mut source = source.checkpointed(kept).unwrap();
    let (mut items, mut failed_after) = (Vec::new(), Vec::new());
    for item in source.by_ref() {
        match item {
            Ok(item) => items.push(item),
            Err(Failed::Source(error)) => panic!("{error}"),
            Err(failed) => {
                let Failed::Checkpoint(error) = &failed else { unreachable!() };
                assert_eq!(error.kind(), ErrorKind::Write);
                assert_eq!(failed.to_string(), error.to_string());
                assert_eq!(io::Error::from(failed).kind(), io::ErrorKind::NotFound);
                failed_after.push(items.len());
            }
        }
        if items.len() == 5 {
            fs::create_dir_all(&missing).unwrap();
        }
        if items.len() == 7 {
            fs::remove_dir_all(&missing).unwrap();
        }
    }
    assert!(items.into_iter().eq(0..9));
    // After the third it is due, and after the fourth still; then there is a folder for a while. So
    // it is after the eighth and the ninth, and at the end it is tried for the last time.
    assert_eq!(failed_after, [3, 4, 8, 9, 9]);
    assert!(source.next().is_none() && source.next().is_none());
    assert!(!source.can_recover(), "to resume the source does not mend the disk");
    assert_eq!(source.finish().unwrap_err().kind(), ErrorKind::Write);
}

#[test]
fn an_error_of_the_source_comes_before_one_of_the_checkpoint() {
    let folder = Folder::new();
    let kept = Checkpoint::new(folder.0.path().join("missing/app.position")).every(Duration::MAX);
    let mut source = broken().checkpointed(kept).unwrap();
    assert_eq!(source.by_ref().take(7).flatten().count(), 7);
    assert!(matches!(source.next(), Some(Err(Failed::Source(_)))));
    assert!(matches!(source.next(), Some(Err(Failed::Checkpoint(_)))));
    assert!(source.next().is_none());
}

#[test]
fn a_checkpoint_that_cannot_be_loaded_is_an_error_at_the_call() {
    let folder = Folder::new();
    folder.checkpoint().label("another").save(&3_u32).unwrap();
    let error = broken().checkpointed(rarely(&folder)).map(drop).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Foreign);
}

#[test]
fn an_error_shows_as_the_one_that_it_holds() {
    use std::error::Error;
    let error = headwater::lines("fixtures/missing.log").unwrap_err();
    let (text, cause) = (error.to_string(), error.source().unwrap().to_string());
    let failed = Failed::Source(error);
    assert_eq!((failed.to_string(), failed.source().unwrap().to_string()), (text, cause));
    assert_eq!(io::Error::from(failed).kind(), io::ErrorKind::NotFound);
}
