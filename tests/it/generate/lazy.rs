//! Nothing of a body runs before an item is asked for that needs it.

use headwater::{coroutine, generate, try_generate};

use crate::support::log::Log;

/// A generator that notes what it does.
fn noting(log: &Log) -> impl Iterator<Item = u32> + std::fmt::Debug + use<> {
    let log = log.clone();
    generate(move |out| {
        log.note("closure");
        async move {
            for n in 1..=3 {
                log.note(format_args!("before-{n}"));
                out.emit(n).await;
            }
            log.note("end");
        }
    })
}

#[test]
fn nothing_runs_before_the_first_pull() {
    let log = Log::default();
    let generator = noting(&log);
    assert!(!format!("{generator:?} {:?}", generator.size_hint()).is_empty());
    let mut pipeline = generator.map(|n| n + 1).filter(|n| n % 2 == 0).chain([7]).peekable();
    assert_eq!(pipeline.by_ref().take(0).next(), None);
    assert_eq!(log.take(), "");
    assert_eq!(pipeline.peek(), Some(&2));
    assert_eq!(log.take(), "closure before-1");
    drop(noting(&log));
    assert_eq!(log.take(), "");
}

#[test]
fn nothing_of_a_generator_that_may_fail_runs_before_the_first_pull() {
    let log = Log::default();
    let (closure, block) = (log.clone(), log.clone());
    let mut generator = try_generate(move |out| {
        closure.note("closure");
        async move {
            block.note("block");
            out.emit(1).await;
            Err("dry")
        }
    });
    assert!(generator.by_ref().map(Result::unwrap).take(0).next().is_none());
    assert_eq!(log.take(), "");
    assert_eq!(generator.next(), Some(Ok(1)));
    assert_eq!(log.take(), "closure block");
}

#[test]
fn nothing_of_a_coroutine_runs_before_the_first_send() {
    let log = Log::default();
    let (closure, block) = (log.clone(), log.clone());
    let mut echo = coroutine(move |out, mut word| {
        closure.note("closure");
        async move {
            loop {
                block.note(word);
                word = out.emit(word).await;
            }
        }
    });
    assert!(!format!("{echo:?}").is_empty());
    assert_eq!(log.take(), "");
    assert_eq!(echo.send("one"), Some("one"));
    assert_eq!(log.take(), "closure one");
    assert_eq!(echo.send("two"), Some("two"));
    assert_eq!(log.take(), "two");
}

#[test]
fn a_body_runs_to_the_item_that_is_asked_for_and_no_further() {
    let log = Log::default();
    let mut generator = noting(&log);
    for (item, events) in [(1, "closure before-1"), (2, "before-2"), (3, "before-3")] {
        assert_eq!(generator.next(), Some(item));
        assert_eq!(log.take(), events);
    }
    for events in ["end", "", ""] {
        assert_eq!(generator.next(), None);
        assert_eq!(log.take(), events);
    }
}

#[test]
fn the_consumer_and_the_body_take_turns() {
    const IN_TURNS: &str = "closure before-1 got-1 before-2 got-2 before-3 got-3 end";
    let log = Log::default();
    for item in noting(&log) {
        log.note(format_args!("got-{item}"));
    }
    assert_eq!(log.take(), IN_TURNS);
    noting(&log).for_each(|item| log.note(format_args!("got-{item}")));
    assert_eq!(log.take(), IN_TURNS);
    noting(&log).take(2).for_each(|item| log.note(format_args!("got-{item}")));
    assert_eq!(log.take(), "closure before-1 got-1 before-2 got-2");
    assert!(noting(&log).any(|item| item == 1));
    assert_eq!(log.take(), "closure before-1");
}

#[test]
fn an_emit_does_nothing_unless_it_is_awaited() {
    let generator = generate(|out| async move {
        drop(out.emit(1));
        let later = out.emit(2);
        out.emit(3).await;
        later.await;
    });
    assert!(generator.eq([3, 2]));
}
