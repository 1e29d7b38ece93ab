//! A scope that is dropped at any await: its release is forgotten nowhere and begun once.

use futures::executor::block_on;
use headwater::stream;

use super::journal::{Late, Release, never, release, waits};
use super::runs::{polled, told};
use crate::scope::ends::{End, Fails, Gives, Panics};
use crate::support::log::Log;

/// Each step is pending twice, so it takes seven polls.
const WAITS: usize = 2;
const POLLS: usize = 3 * WAITS + 1;

async fn scoped(log: &Log, late: &Late<Release>, body: End, ends: End) -> String {
    let acquire = async || {
        waits(WAITS).await;
        log.note("acquired");
        Ok("release")
    };
    let body = async |_: &mut &str| {
        let _held = log.drops("/body");
        waits(WAITS).await;
        body.of("body")
    };
    told(stream::scope(acquire, body, release(log, WAITS, ends), late.hook())).await
}

/// What is noted until a scope is dropped after so many polls, and what its late release notes.
fn expected(polls: usize, told: &str) -> (String, Option<String>) {
    let begun = format!("acquired /body release:{told}");
    match polls {
        0..=2 => (String::new(), None),
        3..=4 => ("acquired /body".to_owned(), Some("release:Abandoned /release".to_owned())),
        5..=6 => (begun, Some("/release".to_owned())),
        _ => (begun + " /release", None),
    }
}

#[test]
fn a_scope_that_is_dropped_at_any_await_hands_its_release_over_once() {
    for (body, told) in [(Gives, "Finished"), (Fails, "Failed"), (Panics, "Abandoned")] {
        for ends in [Gives, Fails] {
            for polls in 0..=POLLS {
                let (log, late) = (Log::default(), Late::new());
                let came = polled(polls, scoped(&log, &late, body, ends));
                let context = format!("{body:?}, {ends:?}, after {polls} polls");
                assert_eq!(came.is_some(), polls == POLLS, "{context}");
                let (noted, later) = expected(polls, told);
                assert_eq!(log.take(), noted, "{context}");
                let released = late.run();
                assert_eq!(released, later.is_some().then(|| ends.of("release")), "{context}");
                assert_eq!(log.take(), later.unwrap_or_default(), "{context}");
                assert_eq!(late.run(), None, "{context}: twice");
            }
        }
    }
}

#[test]
fn a_hook_may_give_the_release_up() {
    for polls in 0..=POLLS {
        let (log, late) = (Log::default(), Late::new());
        polled(polls, scoped(&log, &late, Gives, Gives));
        let (noted, later) = expected(polls, "Finished");
        assert_eq!(late.give_up(), usize::from(later.is_some()), "after {polls} polls");
        assert_eq!(log.take(), noted, "after {polls} polls");
    }
}

#[test]
fn a_late_release_may_itself_be_dropped_at_any_await() {
    for polls in 0..=WAITS {
        let log = Log::default();
        let hook = |release| assert_eq!(polled(polls, release), None);
        let work = stream::scope(
            async || Ok("release"),
            async |_| std::future::pending().await,
            release(&log, WAITS, Gives),
            hook,
        );
        assert_eq!(polled(1, work), None::<Result<(), _>>);
        assert_eq!(log.take(), if polls == 0 { "" } else { "release:Abandoned" });
    }
}

#[test]
fn nested_scopes_that_are_dropped_hand_over_the_inner_release_first() {
    for polls in 1..=5 {
        let (log, late) = (Log::default(), [(); 2].map(|()| Late::new()));
        let hook = |name: &'static str, late: &Late<Release>| {
            let (log, keep) = (log.clone(), late.hook());
            move |release| {
                log.note(format_args!("hook-{name}"));
                keep(release);
            }
        };
        let within = async |_: &mut &str| {
            let body = async |_: &mut &str| {
                waits(1).await;
                Ok(())
            };
            let release = release(&log, 1, Gives);
            stream::scope(async || Ok("inner"), body, release, hook("inner", &late[0])).await
        };
        let (outer, hook) = (release(&log, 1, Gives), hook("outer", &late[1]));
        polled(polls, stream::scope(async || Ok("outer"), within, outer, hook));
        let noted = match polls {
            1 => "hook-inner hook-outer",
            2 => "inner:Finished hook-inner hook-outer",
            3 => "inner:Finished /inner outer:Finished hook-outer",
            _ => "inner:Finished /inner outer:Finished /outer",
        };
        assert_eq!(log.take(), noted, "after {polls} polls");
        for late in &late {
            late.run();
        }
        let later = match polls {
            1 => "inner:Abandoned /inner outer:Abandoned /outer",
            2 => "/inner outer:Abandoned /outer",
            3 => "/outer",
            _ => "",
        };
        assert_eq!(log.take(), later, "after {polls} polls");
    }
}

#[test]
fn a_release_that_panicked_is_not_handed_over() {
    let log = Log::default();
    let work =
        stream::scope(async || Ok("release"), async |_| Ok(()), release(&log, 1, Panics), never);
    assert_eq!(block_on(told(work)), "panicked: release");
    assert_eq!(log.take(), "release:Finished /release");
}
