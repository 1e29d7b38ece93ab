//! `stream::scope`: the table of `scope`, with steps that await.

use headwater::stream;

use super::journal::{never, release, waits};
use super::runs::{everywhere, told};
use crate::scope::bracket::TABLE;
use crate::scope::ends::{End, Fails, Gives, Panics};
use crate::support::log::Log;

/// Runs a scope whose steps each wait so many times: the journal, and what came.
async fn scoped(times: usize, body: End, ends: End) -> String {
    let log = Log::default();
    let acquire = async || {
        waits(times).await;
        Ok("release")
    };
    // On its own: where it stands, the compiler would take it to be for one lifetime, not `Send`.
    let body = async |_: &mut &str| {
        waits(times).await;
        body.of("body")
    };
    let work = stream::scope(acquire, body, release(&log, times, ends), never);
    let came = told(work).await;
    format!("{} {came}", log.take())
}

#[test]
fn every_way_of_a_body_and_of_a_release_is_as_in_the_sync_twin() {
    for (body, ends, outcome, came) in TABLE {
        let expected = format!("release:{outcome} /release {came}");
        for times in 0..3 {
            let context = format!("{body:?}, {ends:?}, waiting {times} times");
            everywhere(&context, || scoped(times, body, ends), &expected);
        }
    }
}

#[test]
fn nothing_is_released_that_was_not_acquired() {
    async fn unacquired(times: usize, end: End) -> String {
        let log = Log::default();
        let acquire = async || {
            waits(times).await;
            end.of("acquire").map(|()| "release")
        };
        let body = async |_: &mut &str| -> Result<(), String> { panic!("it was lent") };
        let came = told(stream::scope(acquire, body, release(&log, 0, Gives), never)).await;
        log.take() + &came
    }
    for times in 0..3 {
        everywhere("fails", || unacquired(times, Fails), "failed: acquire");
        everywhere("panics", || unacquired(times, Panics), "panicked: acquire");
    }
}

#[test]
fn the_inner_of_two_is_released_first_and_the_outer_hears_what_became_of_it() {
    async fn nested(body: End, inner: End, outer: End) -> String {
        let log = Log::default();
        let within = async |_: &mut &str| {
            let body = async |_: &mut &str| {
                waits(1).await;
                body.of("body")
            };
            stream::scope(async || Ok("inner"), body, release(&log, 1, inner), never).await
        };
        let work = stream::scope(async || Ok("outer"), within, release(&log, 1, outer), never);
        let came = told(work).await;
        format!("{} {came}", log.take())
    }
    #[rustfmt::skip]
    let table = [
        (Gives, Gives, Gives, "inner:Finished /inner outer:Finished /outer gave"),
        (Gives, Fails, Fails, "inner:Finished /inner outer:Failed /outer failed: inner"),
        (Gives, Panics, Fails, "inner:Finished /inner outer:Abandoned /outer panicked: inner"),
        (Fails, Gives, Fails, "inner:Failed /inner outer:Failed /outer failed: body"),
        (Panics, Fails, Gives, "inner:Abandoned /inner outer:Abandoned /outer panicked: body"),
    ];
    for (body, inner, outer, expected) in table {
        let context = format!("{body:?}, {inner:?}, {outer:?}");
        everywhere(&context, || nested(body, inner, outer), expected);
    }
}

#[test]
fn a_future_that_is_not_polled_does_nothing() {
    let log = Log::default();
    let acquire = async || -> Result<&str, String> { panic!("it was acquired") };
    drop(stream::scope(acquire, async |_| Ok(()), release(&log, 0, Gives), never));
    assert_eq!(log.take(), "");
}
