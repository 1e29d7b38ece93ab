//! Generators that may fail.

use std::iter;
use std::num::ParseIntError;

use headwater::try_generate;

use crate::support::log::Log;

#[test]
fn an_error_that_the_body_returns_is_the_last_item() {
    let mut generator = try_generate(|out| async move {
        out.emit("1".parse()?).await;
        out.emit("two".parse::<u32>()?).await;
        Ok::<_, ParseIntError>(())
    });
    assert_eq!(generator.next(), Some(Ok(1)));
    assert_eq!(generator.size_hint(), (0, None));
    assert_eq!(generator.next().unwrap().unwrap_err(), "two".parse::<u32>().unwrap_err());
    assert_eq!(generator.size_hint(), (0, Some(0)));
    assert!(iter::repeat_with(|| generator.next()).take(3).all(|item| item.is_none()));
}

#[test]
fn a_body_may_fail_or_end_at_once() {
    let mut failing = try_generate(|out| async move {
        drop(out.emit(1));
        Err("dry")
    });
    assert_eq!((failing.next(), failing.next()), (Some(Err("dry")), None));
    let mut empty = try_generate(|out| async move {
        drop(out.emit_err("dry"));
        Ok(())
    });
    assert_eq!((empty.next(), empty.next()), (None::<Result<(), _>>, None));
}

#[test]
fn an_error_that_is_emitted_is_not_the_last_item() {
    let generator = try_generate(|out| async move {
        out.emit_err("a rapid").await;
        out.emit(1).await;
        out.emit_err("a fall").await;
        out.emit_all([2, 3]).await;
        Err("dry")
    });
    let items = [Err("a rapid"), Ok(1), Err("a fall"), Ok(2), Ok(3), Err("dry")];
    assert!(generator.eq(items));
}

#[test]
fn results_are_emitted_as_they_are_and_no_error_is_the_end() {
    let generator = try_generate(|out| async move {
        drop(out.emit_result(Ok(9)));
        out.emit_result(Err("a rapid")).await;
        out.emit_result(Ok(1)).await;
        out.emit_results([Ok(2), Err("a fall"), Ok(3)]).await;
        out.emit_results(None).await;
        futures::join!(out.emit_result(Ok(4)), out.emit_results([Err("a weir")]));
        Err("dry")
    });
    let items =
        [Err("a rapid"), Ok(1), Ok(2), Err("a fall"), Ok(3), Ok(4), Err("a weir"), Err("dry")];
    assert!(generator.eq(items));
}

#[test]
fn results_are_pulled_when_they_are_asked_for() {
    let log = Log::default();
    let noting = log.clone();
    let held = log.drops("held");
    let mut generator = try_generate(|out| async move {
        let results = [Ok(1), Err("a rapid")].into_iter().inspect(move |result| {
            let _held = &held;
            noting.note(result.is_ok());
        });
        out.emit_results(results).await;
        Ok(())
    });
    for (item, events) in [(Some(Ok(1)), "true"), (Some(Err("a rapid")), "false"), (None, "held")] {
        assert_eq!((generator.next(), &*log.take()), (item, events));
    }
}

#[test]
fn the_first_error_ends_the_iterator_that_is_emitted() {
    let generator = try_generate(|out| async move {
        let results = [Ok(1), Err("a rapid"), Ok(2)].into_iter();
        let results = results.inspect(|&result| assert_ne!(result, Ok(2), "it is pulled"));
        assert_eq!(out.try_emit_all(results).await, Err("a rapid"));
        out.emit(3).await;
        out.try_emit_all([Ok(4), Err("dry"), Ok(5)]).await?;
        unreachable!("`?` ended it")
    });
    assert!(generator.eq([Ok(1), Ok(3), Ok(4), Err("dry")]));
}

#[test]
fn the_iterator_that_fails_is_dropped_with_its_error() {
    let log = Log::default();
    let (held, noting) = (log.drops("held"), log.clone());
    let generator = try_generate(|out| async move {
        let mut results = [Ok(1), Err("a rapid")].into_iter();
        let results = iter::from_fn(move || {
            let _held = &held;
            results.next()
        });
        let failed = out.try_emit_all(results).await;
        noting.note("returned");
        failed
    });
    assert!(generator.eq([Ok(1), Err("a rapid")]));
    assert_eq!(log.take(), "held returned");
}

#[test]
fn an_iterator_may_fail_with_an_error_that_becomes_the_generators() {
    let generator = try_generate(|out| async move {
        let numbers = ["1", "2", "three", "4"].map(str::parse::<i32>);
        out.try_emit_all(numbers).await?;
        Ok::<_, Box<dyn std::error::Error>>(())
    });
    let items: Vec<_> = generator.map(|item| item.map_err(|error| error.to_string())).collect();
    assert_eq!(items, [Ok(1), Ok(2), Err("invalid digit found in string".to_owned())]);
}

#[test]
fn an_iterator_without_an_error_is_emitted_as_a_whole() {
    let generator = try_generate(|out| async move {
        out.try_emit_all([Ok::<_, ()>(1), Ok(2)]).await?;
        out.try_emit_all(None::<Result<_, ()>>).await?;
        out.try_emit_all(iter::repeat(Ok::<_, ()>(3))).await
    });
    assert!(generator.take(5).eq([1, 2, 3, 3, 3].map(Ok)));
}

#[test]
fn errors_are_collected_as_of_any_iterator() {
    let numbers = |end: u32| {
        try_generate(move |out| async move {
            out.emit_all(0..end).await;
            if end > 3 { Err("too many") } else { Ok(()) }
        })
    };
    assert_eq!(numbers(3).collect::<Result<Vec<_>, _>>(), Ok(vec![0, 1, 2]));
    assert_eq!(numbers(4).collect::<Result<Vec<_>, _>>(), Err("too many"));
    assert_eq!(numbers(3).sum::<Result<u32, _>>(), Ok(3));
}
