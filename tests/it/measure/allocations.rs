//! What sources of items allocate, in number: as many times as their documentation says, and for more
//! items not once more.

#[cfg(feature = "async")]
use futures::executor::block_on;
use headwater::measure::measure;
#[cfg(feature = "async")]
use headwater::stream;
use headwater::{Outcome, coroutine, generate, resource, scope, try_generate, unfold};

#[test]
fn what_is_not_pulled_allocates_nothing() {
    let ((), usage) = measure(|| {
        drop(generate(|out| async move { out.emit(0).await }));
        drop(try_generate(|out| async move {
            out.emit(0).await;
            Ok::<_, ()>(())
        }));
        drop(coroutine(|out, n: u32| async move {
            out.emit(n).await;
        }));
        drop(unfold(0, |&n| Some((n, n + 1))));
    });
    assert_eq!(usage.allocations(), 0, "{usage}");
}

#[cfg(feature = "async")]
#[test]
fn a_stream_that_is_not_polled_allocates_nothing() {
    let ((), usage) = measure(|| {
        drop(stream::generate(|out| async move { out.emit(0).await }));
        drop(stream::try_generate(|out| async move {
            out.emit(0).await;
            Ok::<_, ()>(())
        }));
        drop(stream::unfold(0, |n| async move { Some((n, n + 1)) }));
        drop(stream::try_unfold(0, |n| async move { Ok::<_, ()>(Some((n, n + 1))) }));
    });
    assert_eq!(usage.allocations(), 0, "{usage}");
}

#[test]
fn more_items_allocate_no_more() {
    is_kept("generate", 2, |n| {
        generate(|out| async move {
            for n in 0..n {
                out.emit(n).await;
            }
        })
        .count()
    });
    is_kept("try_generate", 2, |n| {
        let numbers = try_generate(|out| async move {
            out.emit_all(0..n).await;
            Ok::<_, ()>(())
        });
        numbers.count()
    });
    is_kept("coroutine", 2, |n| {
        let mut echo = coroutine(|out, mut n: usize| async move {
            loop {
                n = out.emit(n).await;
            }
        });
        (0..n).filter(|&n| echo.send(n) == Some(n)).count()
    });
    is_kept("unfold", 0, |n| unfold(0, |&next| (next < n).then_some((next, next + 1))).count());
    is_kept("scope", 0, |n| {
        let count = scope(|| Ok(0), |sum| Ok(add(sum, n)), |_, _: Outcome| Ok::<_, ()>(()));
        count.unwrap_or(0)
    });
    is_kept("resource", 0, |n| {
        resource(|| Ok(0..n), |numbers| Ok::<_, ()>(numbers.next()), |_, _| Ok(())).count()
    });
}

#[cfg(feature = "async")]
#[test]
fn more_items_of_streams_allocate_no_more() {
    is_kept("stream::generate", 2, |n| {
        let numbers = stream::generate(|out| async move { out.emit_all(0..n).await });
        taken(numbers)
    });
    is_kept("stream::try_generate", 2, |n| {
        let numbers = stream::try_generate(|out| async move {
            out.emit_all(0..n).await;
            Ok::<_, ()>(())
        });
        taken(numbers)
    });
    is_kept("stream::unfold", 1, |n| {
        taken(stream::unfold(0, |next| async move { (next < n).then_some((next, next + 1)) }))
    });
    is_kept("stream::try_unfold", 1, |n| {
        taken(stream::try_unfold(0, |next| async move {
            Ok::<_, ()>((next < n).then_some((next, next + 1)))
        }))
    });
    is_kept("stream::scope", 1, |n| {
        let work = stream::scope(
            async || Ok(0),
            async |sum| Ok(add(sum, n)),
            async |_, _| Ok::<_, ()>(()),
            drop,
        );
        block_on(work).unwrap_or(0)
    });
    is_kept("stream::resource", 4, |n| {
        taken(stream::resource(
            async || Ok(0..n),
            async |numbers| Ok::<_, ()>(numbers.next()),
            async |_, _| Ok(()),
            drop,
        ))
    });
}

fn add(sum: &mut usize, n: usize) -> usize {
    *sum += n;
    *sum
}

/// Polls a stream to its end, and allocates nothing for that.
#[cfg(feature = "async")]
fn taken<S: futures::Stream + Unpin>(mut items: S) -> usize {
    let mut count = 0;
    while let Some(Some(_)) = futures::FutureExt::now_or_never(futures::StreamExt::next(&mut items))
    {
        count += 1;
    }
    count
}

/// Holds that a job allocates as often as is promised at the most, and with more items not once more.
fn is_kept(name: &str, most: u64, job: impl Fn(usize) -> usize) {
    let allocations = |n| {
        let (count, usage) = measure(|| job(n));
        assert_eq!(count, n, "{name}: the wrong number of items");
        usage.allocations()
    };
    allocations(1); // what is made once in a thread, as its parker
    let (few, many) = (allocations(100), allocations(10_000));
    assert!(few <= most, "{name}: {few} allocations, and at most {most} are promised");
    assert_eq!(few, many, "{name}: more items allocate more");
}
