//! `stream::resource`: what it gives, and what its close is told.

use futures::stream::FusedStream;
use futures::{Stream, StreamExt, TryStreamExt, executor::block_on};
use headwater::stream;

use super::journal::{never, release, waits};
use super::runs::{everywhere, told};
use crate::scope::ends::{End, Fails, Gives, Panics};
use crate::support::log::Log;

type Item = Result<u32, String>;

/// A resource that gives 1 and 2, and whose steps each wait so many times.
fn numbers(
    log: &Log,
    times: usize,
    [open, next, close]: [End; 3],
) -> impl FusedStream<Item = Item> + Unpin + Send + 'static + use<> {
    let opened = log.clone();
    let mut last = 0;
    stream::resource(
        async move || {
            opened.note("open");
            waits(times).await;
            open.of("open").map(|()| "close")
        },
        async move |_| {
            waits(times).await;
            if last == 2 {
                return next.of("next").map(|()| None);
            }
            last += 1;
            Ok(Some(last))
        },
        release(log, times, close),
        never,
    )
}

async fn pull(items: &mut (impl Stream<Item = Item> + Unpin)) -> String {
    told(async {
        match items.next().await {
            Some(Ok(item)) => Err(format!("item {item}")),
            Some(Err(error)) => Err(format!("error {error}")),
            None => Ok(()),
        }
    })
    .await
}

/// Pulls until it is over, and twice more: what was noted and what came with each pull.
async fn run(times: usize, ends: [End; 3]) -> String {
    let log = Log::default();
    let mut items = numbers(&log, times, ends);
    assert_eq!(items.size_hint(), (0, None));
    let mut pulls = Vec::new();
    while !items.is_terminated() {
        let came = pull(&mut items).await;
        pulls.push(format!("{} {came}", log.take()).trim_start().to_owned());
    }
    for _ in 0..2 {
        assert_eq!(items.size_hint(), (0, Some(0)));
        assert_eq!(pull(&mut items).await, "gave");
    }
    drop(items);
    pulls.join(", ") + &log.take()
}

#[test]
fn it_is_closed_in_the_pull_that_ends_it() {
    const ITEMS: &str = "open failed: item 1, failed: item 2, ";
    let table = [
        (Gives, Gives, "close:Finished /close gave"),
        (Gives, Fails, "close:Finished /close failed: error close"),
        (Gives, Panics, "close:Finished /close panicked: close"),
        (Fails, Gives, "close:Failed /close failed: error next"),
        (Fails, Fails, "close:Failed /close failed: error next"),
        (Fails, Panics, "close:Failed /close panicked: close"),
        (Panics, Gives, "close:Abandoned /close panicked: next"),
        (Panics, Fails, "close:Abandoned /close panicked: next"),
        (Panics, Panics, "close:Abandoned /close panicked: next"),
    ];
    for (next, close, last) in table {
        for times in 0..3 {
            let context = format!("{next:?}, {close:?}, waiting {times} times");
            let expected = format!("{ITEMS}{last}");
            everywhere(&context, || run(times, [Gives, next, close]), &expected);
        }
    }
}

#[test]
fn one_that_is_not_opened_is_not_closed_and_is_over() {
    for times in 0..3 {
        let run = |open| move || run(times, [open, Gives, Gives]);
        everywhere("fails", run(Fails), "open failed: error open");
        everywhere("panics", run(Panics), "open panicked: open");
    }
}

#[test]
fn it_is_opened_at_the_first_poll() {
    let log = Log::default();
    let mut items = numbers(&log, 0, [Gives; 3]);
    assert_eq!(log.take(), "");
    assert_eq!(block_on(items.next()), Some(Ok(1)));
    assert_eq!(log.take(), "open");
    assert_eq!(block_on(items.try_collect::<Vec<_>>()), Ok(vec![2]));
    assert_eq!(log.take(), "close:Finished /close");
    drop(numbers(&log, 0, [Gives; 3]));
    assert_eq!(log.take(), "");
}

#[test]
fn one_within_another_is_closed_first() {
    async fn run() -> String {
        let log = Log::default();
        let inner = numbers(&log, 1, [Gives; 3]);
        let close = release(&log, 1, Gives);
        let outer = stream::resource(
            async move || Ok(inner),
            async |items| items.try_next().await,
            move |items, outcome| {
                drop(items);
                close("outer", outcome)
            },
            never,
        );
        let sum = outer.try_fold(0, |sum, n| async move { Ok(sum + n) }).await;
        format!("{} {sum:?}", log.take())
    }
    everywhere("nested", run, "open close:Finished /close outer:Finished /outer Ok(3)");
}
