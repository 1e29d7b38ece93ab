//! What Python's `contextlib` says of each of its tools, in one table: what happens here.

use std::cell::Cell;

use headwater::scope::Unwound;
use headwater::{Stack, scope};

use super::ends::{End, Fails, Gives, Panics, told};
use super::journal::{deferred, release};
use crate::support::log::Log;

/// A line of `contextlib`, a program that does it here, and the journal: the releases with what
/// they were told, then what came out.
type Case = (&'static str, fn(&Log) -> String, &'static str);

fn with(log: &Log, body: End, exit: End) -> String {
    told(|| scope(|| Ok("exit"), |_| body.of("body"), release(log, exit)))
}

fn stack_of(log: &Log, releases: &[(&'static str, End)]) -> Stack<'static, String> {
    let mut stack = Stack::new();
    for &(name, end) in releases {
        stack.defer(deferred(log, name, end));
    }
    stack
}

/// Runs a body in a stack that holds `a`, `b` and `c`, of which `b` ends in some way.
fn exit_stack(log: &Log, body: End, b: End) -> String {
    told(|| {
        Stack::scope(|stack| {
            *stack = stack_of(log, &[("a", Gives), ("b", b), ("c", Gives)]);
            body.of("body")
        })
    })
}

#[rustfmt::skip]
const CASES: &[Case] = &[
    ("__enter__ raises: __exit__ is not called",
        |log| told(|| scope(|| Err("enter".to_owned()), |_: &mut &str| Ok(()), release(log, Gives))),
        "failed: enter"),
    ("the body ends: __exit__(None, None, None)",
        |log| with(log, Gives, Gives), "exit:Finished gave"),
    ("the body raises: __exit__(error), which goes on",
        |log| with(log, Fails, Gives), "exit:Failed failed: body"),
    ("the body is left by an exception that is no error of the program",
        |log| with(log, Panics, Gives), "exit:Abandoned panicked: body"),
    ("__exit__ raises after a body that ended: that comes out",
        |log| with(log, Gives, Fails), "exit:Finished failed: exit"),
    // Python gives the second, with the first as its context; here the first is *the* error.
    ("__exit__ raises after a body that raised",
        |log| with(log, Fails, Fails), "exit:Failed failed: body"),
    ("ExitStack: the last one in is the first one out",
        |log| exit_stack(log, Gives, Gives), "c:Finished b:Finished a:Finished gave"),
    ("ExitStack: all see the error of the body",
        |log| exit_stack(log, Fails, Gives), "c:Failed b:Failed a:Failed failed: body"),
    ("ExitStack: every callback runs though one raises, and what it raises is seen further out",
        |log| exit_stack(log, Gives, Fails), "c:Finished b:Finished a:Failed failed: b"),
    ("ExitStack: an error while another is handled keeps both",
        |log| exit_stack(log, Fails, Fails),
        "c:Failed b:Failed a:Failed failed: body; then, on release: b"),
    ("ExitStack: every callback runs though one is left by more than an error",
        |log| exit_stack(log, Gives, Panics), "c:Finished b:Finished a:Abandoned panicked: b"),
    ("ExitStack: the body's exception goes before one of a callback",
        |log| exit_stack(log, Panics, Panics), "c:Abandoned b:Abandoned a:Abandoned panicked: body"),
    ("ExitStack: an __enter__ that raises leaves those that were entered",
        |log| told(|| Stack::scope(|stack| {
            stack.push("a", release(log, Gives));
            let entered = Fails.of("enter").map(|()| "b")?;
            stack.push(entered, release(log, Gives));
            Ok(())
        })),
        "a:Failed failed: enter"),
    ("ExitStack: __exit__, called by another manager, passes on what that was told",
        |log| told(|| scope(
            || Ok(stack_of(log, &[("a", Gives), ("b", Gives)])),
            |_| Fails.of("body"),
            |stack, outcome| stack.close_with(outcome).map_err(Unwound::into_first),
        )),
        "b:Failed a:Failed failed: body"),
    ("pop_all: the block ends, and nothing is called",
        |log| {
            let kept = Stack::scope(|stack| {
                *stack = stack_of(log, &[("a", Gives), ("b", Gives)]);
                Ok(stack.keep())
            }).unwrap();
            log.note("left");
            told(|| kept.close())
        },
        "left b:Finished a:Finished gave"),
    ("pop_all is not reached: all is taken down",
        |log| told(|| Stack::scope(|stack| {
            *stack = stack_of(log, &[("a", Gives), ("b", Gives)]);
            Fails.of("body")?;
            Ok(stack.keep())
        })),
        "b:Failed a:Failed failed: body"),
    // A stack is closed by value, so the second time is that of one which was emptied.
    ("close, twice: the second does nothing",
        |log| {
            let mut stack = stack_of(log, &[("a", Gives)]);
            let first = told(|| stack.keep().close());
            log.note(first);
            told(|| stack.close())
        },
        "a:Finished gave gave"),
    ("ContextDecorator: each call enters anew",
        |log| with(log, Gives, Gives) + ", " + &with(log, Fails, Gives),
        "exit:Finished exit:Failed gave, failed: body"),
    ("suppress: around the block, so that __exit__ has seen the error",
        |log| told(|| {
            let work = scope(|| Ok("exit"), |_| Fails.of("body"), release(log, Gives));
            work.or_else(|error| if error == "body" { Ok(()) } else { Err(error) })
        }),
        "exit:Failed gave"),
    ("suppress: inside the block, so that __exit__ hears of none",
        |log| told(|| {
            scope(|| Ok("exit"), |_| Fails.of("body").or(Ok::<_, String>(())), release(log, Gives))
        }),
        "exit:Finished gave"),
    ("suppress: another error goes on",
        |_| told(|| Fails.of("body").or_else(|error| if error == "dry" { Ok(()) } else { Err(error) })),
        "failed: body"),
    ("nullcontext: there is nothing to release",
        |_| told(|| scope(|| Ok("null"), |_| Fails.of("body"), |_, _| Ok(()))),
        "failed: body"),
    ("closing: whatever happens, it is closed",
        |log| told(|| scope(|| Ok("thing"), |_| Fails.of("body"), |thing, _| {
            log.note(format_args!("closes {thing}"));
            Ok(())
        })),
        "closes thing failed: body"),
    ("redirect_stdout and chdir: what was set is what it was before, on each way out",
        |log| {
            let here = Cell::new("here");
            let moved = |to, end: End| told(|| scope(
                || Ok(here.replace(to)),
                |_| { log.note(here.get()); end.of("body") },
                |before, _| { here.set(before); Ok(()) },
            ));
            let all = End::ALL.map(|end| format!("{}, {}", moved("there", end), here.get()));
            all.join("; ")
        },
        "there there there gave, here; failed: body, here; panicked: body, here"),
    ("redirect_stdout is reentrant: the inner one restores what the outer one set",
        |log| {
            let here = Cell::new("here");
            let restore = |before, _| { log.note(here.replace(before)); Ok(()) };
            told(|| scope(
                || Ok(here.replace("outer")),
                |_| scope(|| Ok::<_, String>(here.replace("inner")), |_| Ok(()), restore),
                restore,
            )) + " " + here.get()
        },
        "inner outer gave here"),
];

#[test]
fn each_line_of_contextlib_holds_here() {
    for &(line, program, expected) in CASES {
        let log = Log::default();
        let came = program(&log);
        let journal = log.take();
        assert_eq!(format!("{journal} {came}").trim_start(), expected, "{line}");
    }
}
