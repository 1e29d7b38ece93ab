//! `stream::Stack`: the tables of `Stack`, with releases that await.

use futures::executor::block_on;
use headwater::Outcome::{self, Abandoned, Failed, Finished};
use headwater::scope::Unwound;
use headwater::stream::Stack;

use super::journal::{Late, never, release, waits};
use super::runs::{everywhere, told};
use crate::scope::ends::{End, Fails, Gives};
use crate::scope::stack::{CLOSED, SCOPED};
use crate::support::caught::panic_of;
use crate::support::log::Log;

pub(super) fn fill(stack: &mut Stack<String>, log: &Log, times: usize, ends: [End; 3]) {
    for (name, end) in ["a", "b", "c"].into_iter().zip(ends) {
        stack.push(name, release(log, times, end));
    }
}

/// The journal of a sync twin, as it is where each release notes its end.
fn with_ends(noted: &str) -> String {
    let of = |event: &str| format!("{event} /{}", &event[..1]);
    noted.split(' ').map(of).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_close_awaits_every_release_the_last_one_first() {
    async fn run(times: usize, ends: [End; 3]) -> String {
        let log = Log::default();
        let mut stack = Stack::new(never);
        fill(&mut stack, &log, times, ends);
        let came = told(stack.close()).await;
        format!("{} {came}", log.take())
    }
    for (ends, noted, came) in CLOSED {
        for times in 0..3 {
            let expected = format!("{} {came}", with_ends(noted));
            everywhere(&format!("{ends:?}, {times}"), || run(times, ends), &expected);
        }
    }
}

#[test]
fn a_scope_awaits_every_release_whichever_way_its_body_ends() {
    async fn run(times: usize, body: End, ends: [End; 3]) -> String {
        let log = Log::default();
        let work = Stack::scope(
            async |stack: &mut Stack<String>| {
                fill(stack, &log, times, ends);
                waits(times).await;
                body.of("body")
            },
            never,
        );
        let came = told(work).await;
        format!("{} {came}", log.take())
    }
    for (body, ends, noted, came) in SCOPED {
        for times in 0..3 {
            let expected = format!("{} {came}", with_ends(noted));
            let context = format!("{body:?}, {ends:?}, {times}");
            everywhere(&context, || run(times, body, ends), &expected);
        }
    }
}

#[test]
fn a_close_with_an_outcome_tells_that() {
    async fn run(outcome: Outcome) -> String {
        let log = Log::default();
        let mut stack = Stack::new(never);
        fill(&mut stack, &log, 1, [Fails, Gives, Fails]);
        let came = told(stack.close_with(outcome)).await;
        format!("{} {came}", log.take())
    }
    for (outcome, below) in [(Finished, Failed), (Failed, Failed), (Abandoned, Abandoned)] {
        let noted = format!("c:{outcome:?} /c b:{below:?} /b a:{below:?} /a");
        let expected = format!("{noted} failed: c; then, on release: a");
        everywhere("close_with", || run(outcome), &expected);
    }
}

#[test]
fn what_is_kept_has_the_same_hook_and_the_same_keys() {
    let (log, late) = (Log::default(), Late::new());
    let mut stack = Stack::new(late.hook());
    let key = stack.push("a", release(&log, 0, Gives));
    let mut kept = stack.keep();
    assert_eq!((stack.is_empty(), kept.len(), kept[key]), (true, 1, "a"));
    assert!(panic_of(|| stack[key]).contains("another stack"));
    drop(stack);
    assert_eq!(late.run(), None, "there is nothing to release");
    kept[key] = "b";
    drop(kept);
    assert_eq!((log.take().as_str(), late.run()), ("", Some(vec![])));
    assert_eq!(log.take(), "b:Abandoned /b");
}

#[test]
fn releases_that_do_not_await_are_mixed_with_those_that_do() {
    let log = Log::default();
    let noted = log.clone();
    let mut stack = Stack::new(never);
    stack.push("a", release(&log, 1, Gives));
    stack.defer(move |outcome: Outcome| {
        noted.note(format_args!("ready:{outcome:?}"));
        std::future::ready(Err("ready".to_owned()))
    });
    stack.push("c", release(&log, 1, Gives));
    assert_eq!(block_on(stack.close()).map_err(Unwound::into_first), Err("ready".to_owned()));
    assert_eq!(log.take(), "c:Finished /c ready:Finished a:Failed /a");
}

#[test]
fn ten_thousand_are_released_in_one_poll_if_none_waits() {
    let mut stack = Stack::new(never);
    (0..10_000).for_each(|index| stack.defer(move |_| std::future::ready(Err(index))));
    assert_eq!(stack.len(), 10_000);
    let unwound = super::runs::polled(1, stack.close()).expect("ready").unwrap_err();
    assert!(unwound.errors().copied().eq((0..10_000).rev()));
}

#[test]
fn a_stack_may_be_closed_in_a_task_it_was_not_made_in() {
    let log = Log::default();
    let mut stack = Stack::new(never);
    fill(&mut stack, &log, 1, [Gives; 3]);
    assert_eq!(super::runs::spawned(stack.close()), Ok(()));
    assert_eq!(log.take(), "c:Finished /c b:Finished /b a:Finished /a");
}
