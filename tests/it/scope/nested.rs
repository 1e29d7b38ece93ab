//! Scopes within scopes.

use headwater::scope;

use super::ends::{End, Fails, Gives, Panics, told};
use super::journal::release;
use crate::support::log::Log;

/// A scope in another: how the body, the inner release and the outer one end.
fn nested(log: &Log, body: End, inner: End, outer: End) -> Result<(), String> {
    let within = |_: &mut &str| {
        scope(
            || {
                log.note("acquires");
                Ok("inner")
            },
            |_| body.of("body"),
            release(log, inner),
        )
    };
    scope(|| Ok("outer"), within, release(log, outer))
}

#[test]
fn the_inner_is_released_first_and_the_outer_hears_what_became_of_it() {
    #[rustfmt::skip]
    let table = [
        (Gives, Gives, Gives, "inner:Finished outer:Finished", "gave"),
        (Gives, Gives, Fails, "inner:Finished outer:Finished", "failed: outer"),
        (Gives, Fails, Gives, "inner:Finished outer:Failed", "failed: inner"),
        (Gives, Fails, Fails, "inner:Finished outer:Failed", "failed: inner"),
        (Gives, Panics, Gives, "inner:Finished outer:Abandoned", "panicked: inner"),
        (Gives, Panics, Panics, "inner:Finished outer:Abandoned", "panicked: inner"),
        (Fails, Gives, Gives, "inner:Failed outer:Failed", "failed: body"),
        (Fails, Fails, Fails, "inner:Failed outer:Failed", "failed: body"),
        (Fails, Panics, Fails, "inner:Failed outer:Abandoned", "panicked: inner"),
        (Panics, Gives, Gives, "inner:Abandoned outer:Abandoned", "panicked: body"),
        (Panics, Fails, Panics, "inner:Abandoned outer:Abandoned", "panicked: body"),
        (Panics, Panics, Panics, "inner:Abandoned outer:Abandoned", "panicked: body"),
    ];
    for (body, inner, outer, released, came) in table {
        let log = Log::default();
        let context = format!("{body:?}, {inner:?}, {outer:?}");
        assert_eq!(told(|| nested(&log, body, inner, outer)), came, "{context}");
        assert_eq!(log.take(), format!("acquires {released}"), "{context}");
    }
}

#[test]
fn an_outer_one_is_released_if_the_inner_is_not_acquired() {
    let log = Log::default();
    for (end, outcome) in [(Fails, "Failed"), (Panics, "Abandoned")] {
        let inner = |_: &mut &str| {
            let never = |(), _| panic!("it was released");
            scope(|| end.of("inner"), |()| Ok(()), never)
        };
        let came = told(|| scope(|| Ok("outer"), inner, release(&log, Gives)));
        assert!(came.ends_with("inner"), "{came}");
        assert_eq!(log.take(), format!("outer:{outcome}"));
    }
}

#[test]
fn an_inner_error_that_is_handled_is_none_to_the_outer() {
    let log = Log::default();
    let inner = || scope(|| Ok("inner"), |_| Fails.of("body"), release(&log, Gives));
    let body = |_: &mut &str| inner().or(Ok::<_, String>(()));
    assert_eq!(told(|| scope(|| Ok("outer"), body, release(&log, Gives))), "gave");
    assert_eq!(log.take(), "inner:Failed outer:Finished");
}
