//! `stream::Stack`, dropped at any await: the hook gets the rest, in its order.

use headwater::stream::{Stack, Unwinding};

use super::journal::{Late, never, release, waits};
use super::runs::{polled, told};
use super::stack::fill;
use crate::scope::ends::{End, Fails, Gives, Panics};
use crate::support::log::Log;

/// What three releases note that are each pending once: poll by poll.
const STEPS: [&str; 5] = ["", "c:X", " /c b:X", " /b a:X", " /a"];

fn steps(told: [&str; 3]) -> [String; 5] {
    let mut told = told.into_iter();
    STEPS.map(|step| match step.strip_suffix('X') {
        Some(step) => step.to_owned() + told.next().unwrap(),
        None => step.to_owned(),
    })
}

#[test]
fn a_close_that_is_dropped_at_any_await_hands_over_the_rest() {
    let table = [
        ([Gives, Gives, Gives], ["Finished", "Finished", "Finished"]),
        ([Fails, Gives, Fails], ["Finished", "Failed", "Failed"]),
    ];
    for (ends, told) in table {
        for polls in 0..=4 {
            let (log, late) = (Log::default(), Late::new());
            let mut stack = Stack::new(late.hook());
            fill(&mut stack, &log, 1, ends);
            let closed = polled(polls, stack.close());
            let steps = steps(if polls == 0 { ["Abandoned"; 3] } else { told });
            assert_eq!(log.take(), steps[..=polls].concat(), "after {polls} polls");
            assert_eq!(closed.is_some(), polls == 4);
            let errors = late.run();
            assert_eq!(log.take(), steps[polls + 1..].concat().trim(), "after {polls} polls");
            let all = ["c", "b", "a"].into_iter().zip(ends.into_iter().rev());
            let all = all.filter(|&(_, end)| end == Fails).map(|(name, _)| name.to_owned());
            assert_eq!(errors, (polls < 4).then(|| all.collect()), "after {polls} polls");
            assert_eq!(late.run(), None, "twice");
        }
    }
}

/// Pushes `a` and `b`, each with a wait after it.
async fn scoped(log: &Log, late: &Late<Unwinding<String>>, body: End) -> String {
    let work = async |stack: &mut Stack<String>| {
        for name in ["a", "b"] {
            stack.push(name, release(log, 1, Gives));
            waits(1).await;
        }
        body.of("body")
    };
    told(Stack::scope(work, late.hook())).await
}

#[test]
fn a_scope_that_is_dropped_at_any_await_hands_over_the_rest() {
    for (body, told) in [(Gives, "Finished"), (Fails, "Failed"), (Panics, "Abandoned")] {
        let whole = format!("b:{told} /b a:{told} /a");
        #[rustfmt::skip]
        let table = [
            (String::new(), None),
            (String::new(), Some("a:Abandoned /a".to_owned())),
            (String::new(), Some("b:Abandoned /b a:Abandoned /a".to_owned())),
            (format!("b:{told}"), Some(format!("/b a:{told} /a"))),
            (format!("b:{told} /b a:{told}"), Some("/a".to_owned())),
            (whole, None),
        ];
        for (polls, (noted, later)) in table.into_iter().enumerate() {
            let (log, late) = (Log::default(), Late::new());
            let came = polled(polls, scoped(&log, &late, body));
            assert_eq!(came.is_some(), polls == 5, "{body:?}, after {polls} polls");
            assert_eq!(log.take(), noted, "{body:?}, after {polls} polls");
            assert_eq!(late.run(), later.as_ref().map(|_| vec![]), "{body:?}, after {polls}");
            assert_eq!(log.take(), later.unwrap_or_default(), "{body:?}, after {polls} polls");
        }
    }
}

#[test]
fn a_stack_that_is_dropped_hands_everything_over() {
    let (log, late) = (Log::default(), Late::new());
    let mut stack = Stack::new(late.hook());
    fill(&mut stack, &log, 1, [Fails, Gives, Fails]);
    drop(stack);
    assert_eq!(log.take(), "", "nothing is begun");
    assert_eq!(late.run(), Some(vec!["c".to_owned(), "a".to_owned()]));
    assert_eq!(log.take(), "c:Abandoned /c b:Abandoned /b a:Abandoned /a");
}

#[test]
fn an_empty_stack_has_nothing_to_hand_over() {
    drop(Stack::<String>::new(never));
    assert!(polled(0, Stack::<String>::new(never).close()).is_none());
    let body = async |_: &mut Stack<String>| std::future::pending().await;
    assert_eq!(polled(1, Stack::scope(body, never)), None::<Result<(), _>>);
}

#[test]
fn a_late_unwinding_that_is_dropped_drops_the_rest_of_its_values() {
    for (polls, dropped) in [(0, "c b a"), (1, "c b a"), (2, "b a"), (3, "a"), (4, "")] {
        let (log, late) = (Log::default(), Late::<Unwinding<String>>::new());
        let mut stack = Stack::new(late.hook());
        for name in ["a", "b", "c"] {
            stack.push(log.drops(name), async |_value, _| {
                waits(1).await;
                Ok(())
            });
        }
        polled(polls, stack.close());
        log.take();
        assert_eq!(late.give_up(), usize::from(polls < 4), "after {polls} polls");
        assert_eq!(log.take(), dropped, "after {polls} polls: the last one first");
    }
}
