//! What generators and scopes allocate: how often, and what more items add to it, which is nothing.
//! A generator allocates nothing before its first pull.
//!
//! It fails if that is more than their documentation says.

use std::alloc::System;

use futures::executor::block_on;
use headwater::{Outcome, coroutine, generate, resource, scope, stream, try_generate, unfold};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static HEAP: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() {
    unpulled();
    println!("| made and pulled to its end | allocations | at most | of 1,000 times the items |");
    println!("|---|---:|---:|---:|");
    row("generate", 2, |n| {
        generate(|out| async move {
            for n in 0..n {
                out.emit(n).await;
            }
        })
        .count()
    });
    row("try_generate", 2, |n| {
        let numbers = try_generate(|out| async move {
            out.emit_all(0..n).await;
            Ok::<_, ()>(())
        });
        numbers.count()
    });
    row("coroutine", 2, |n| {
        let mut echo = coroutine(|out, mut n: usize| async move {
            loop {
                n = out.emit(n).await;
            }
        });
        (0..n).filter(|&n| echo.send(n) == Some(n)).count()
    });
    row("stream::generate", 2, |n| {
        let numbers = stream::generate(|out| async move { out.emit_all(0..n).await });
        taken(numbers)
    });
    row("stream::try_generate", 2, |n| {
        let numbers = stream::try_generate(|out| async move {
            out.emit_all(0..n).await;
            Ok::<_, ()>(())
        });
        taken(numbers)
    });
    row("unfold", 0, |n| unfold(0, |&next| (next < n).then_some((next, next + 1))).count());
    row("stream::unfold", 1, |n| {
        taken(stream::unfold(0, |next| async move { (next < n).then_some((next, next + 1)) }))
    });
    row("stream::try_unfold", 1, |n| {
        taken(stream::try_unfold(0, |next| async move {
            Ok::<_, ()>((next < n).then_some((next, next + 1)))
        }))
    });
    row("scope", 0, |n| {
        let count = scope(|| Ok(0), |sum| Ok(add(sum, n)), |_, _: Outcome| Ok::<_, ()>(()));
        count.unwrap_or(0)
    });
    row("resource", 0, |n| {
        resource(|| Ok(0..n), |numbers| Ok::<_, ()>(numbers.next()), |_, _| Ok(())).count()
    });
    row("stream::scope", 1, |n| {
        let work = stream::scope(
            async || Ok(0),
            async |sum| Ok(add(sum, n)),
            async |_, _| Ok::<_, ()>(()),
            drop,
        );
        block_on(work).unwrap_or(0)
    });
    row("stream::resource", 4, |n| {
        taken(stream::resource(
            async || Ok(0..n),
            async |numbers| Ok::<_, ()>(numbers.next()),
            async |_, _| Ok(()),
            drop,
        ))
    });
}

/// Makes each generator, and pulls none.
fn unpulled() {
    let region = Region::new(HEAP);
    drop(generate(|out| async move { out.emit(0).await }));
    drop(try_generate(|out| async move {
        out.emit(0).await;
        Ok::<_, ()>(())
    }));
    drop(coroutine(|out, n: u32| async move {
        out.emit(n).await;
    }));
    drop(stream::generate(|out| async move { out.emit(0).await }));
    drop(stream::try_generate(|out| async move {
        out.emit(0).await;
        Ok::<_, ()>(())
    }));
    drop(unfold(0, |&n| Some((n, n + 1))));
    drop(stream::unfold(0, |n| async move { Some((n, n + 1)) }));
    drop(stream::try_unfold(0, |n| async move { Ok::<_, ()>(Some((n, n + 1))) }));
    assert_eq!(region.change().allocations, 0, "a generator that was not pulled has allocated");
}

fn add(sum: &mut usize, n: usize) -> usize {
    *sum += n;
    *sum
}

/// Polls a stream to its end, and allocates nothing for that.
fn taken<S: futures::Stream + Unpin>(mut items: S) -> usize {
    let mut count = 0;
    while let Some(Some(_)) = futures::FutureExt::now_or_never(futures::StreamExt::next(&mut items))
    {
        count += 1;
    }
    count
}

/// Runs a job with few items and with many, and counts the allocations of both.
fn row(name: &str, most: usize, job: impl Fn(usize) -> usize) {
    let allocations = |n| {
        let region = Region::new(HEAP);
        assert_eq!(job(n), n, "{name}: the wrong number of items");
        let change = region.change();
        change.allocations + change.reallocations
    };
    allocations(1); // what is made once in a process, as a thread's parker
    let (few, many) = (allocations(100), allocations(100_000));
    println!("| `{name}` | {few} | {most} | {many} |");
    assert!(few <= most, "{name}: {few} allocations, and at most {most} are promised");
    assert_eq!(few, many, "{name}: more items allocate more");
}
