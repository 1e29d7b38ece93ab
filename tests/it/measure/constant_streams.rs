//! The async twins take as much memory for many items as for few.

use std::future::{Ready, ready};
use std::hint::black_box;

use futures::executor::block_on;
use futures::{Stream, StreamExt};
use headwater::measure::assert_constant_memory;
use headwater::pages::Page;
use headwater::{Retry, prelude::*, stream};

const ITEMS: [usize; 3] = [1000, 5000, 25_000];

/// The fewest fill what pages know of cursors that were seen.
const PAGES: [usize; 3] = [15_000, 20_000, 30_000];

/// Holds that a stream is constant, and gives as many items as it is told.
fn gives<S: Stream>(sizes: [usize; 3], source: impl Fn(usize) -> S) {
    assert_constant_memory(sizes, |n| {
        let items = source(n).map(black_box).count();
        assert_eq!(block_on(items), n);
    });
}

#[test]
fn generators_are_constant() {
    gives(ITEMS, |n| {
        stream::generate(move |out| async move {
            for n in 0..n {
                out.emit(n.to_string()).await;
            }
        })
    });
    gives(ITEMS, |n| {
        stream::try_generate(move |out| async move {
            out.emit_all(0..n).await;
            Ok::<_, ()>(())
        })
    });
    gives(ITEMS, |n| {
        stream::unfold(0, move |at| async move { (at < n).then(|| (at.to_string(), at + 1)) })
    });
    gives(ITEMS, |n| {
        stream::try_unfold(
            0,
            move |at| async move { Ok::<_, ()>((at < n).then_some((at, at + 1))) },
        )
    });
}

#[test]
fn scopes_are_constant() {
    gives(ITEMS, |n| {
        stream::resource(
            async move || Ok(0..n),
            async |numbers| Ok::<_, ()>(numbers.next()),
            async |_, _| Ok(()),
            drop,
        )
    });
    gives(ITEMS, |n| stream::guard(futures::stream::iter(0..n), vec![0_u8; 100]));
}

#[test]
fn retried_streams_are_constant() {
    gives(ITEMS, |n| {
        let mut failed = 0;
        let numbers = stream::try_unfold(0_usize, move |at| {
            let fails = at % 100 == 99 && std::mem::replace(&mut failed, at) < at;
            async move { if fails { Err(at) } else { Ok((at < n).then_some((at, at + 1))) } }
        });
        RetryStream::retry(numbers, Retry::immediately()).map(Result::unwrap)
    });
    gives(ITEMS, |n| {
        let open = move |after: Option<usize>| async move {
            let first = after.map_or(0, |n| n + 1);
            let items = (first..n).map(Ok).take(100);
            let broken = (first + 100 < n).then_some(Err("it broke off"));
            Ok(futures::stream::iter(items.chain(broken)))
        };
        Retry::immediately().resume_stream(open, |n| *n).map(Result::unwrap)
    });
}

/// A page of one item, of so many.
fn page_of(n: usize, page: usize) -> Ready<Result<Page<String, usize>, String>> {
    ready(Ok(Page::new([page.to_string()]).next((page + 1 < n).then_some(page + 1))))
}

#[test]
fn pages_are_constant() {
    let feed = |n: usize| stream::pages(0, move |page| page_of(n, page));
    gives(PAGES, feed);
    gives(PAGES, |n| feed(n).items());
    gives(PAGES, |n| feed(n).retry(Retry::immediately()).items());
}

/// All of it on one thread, which polls the consumer and the task by turns.
#[test]
fn pages_that_are_fetched_ahead_are_constant() {
    use futures::executor::LocalPool;
    use futures::task::SpawnExt;
    use std::num::NonZeroUsize;

    let four = NonZeroUsize::new(4).unwrap();
    assert_constant_memory(PAGES, |n| {
        let mut pool = LocalPool::new();
        let spawner = pool.spawner();
        let feed = stream::pages(0, move |page| page_of(n, page));
        let feed = feed.prefetch_on(four, move |task| spawner.spawn(task).unwrap());
        assert_eq!(pool.run_until(feed.items().count()), n);
    });
}

/// So many lines, a hundred at once.
fn chunks(lines: usize) -> impl Stream<Item = std::io::Result<&'static [u8]>> {
    futures::stream::iter((0..lines / 100).map(|_| Ok(HUNDRED_LINES.as_slice())))
}

const HUNDRED_LINES: [u8; 6400] = {
    let mut lines = [b'x'; 6400];
    let mut end = 63;
    while end < lines.len() {
        lines[end] = b'\n';
        end += 64;
    }
    lines
};

/// The fewest fill more blocks than a source holds.
const LINES: [usize; 3] = [32_000, 64_000, 256_000];

#[test]
fn lines_of_chunks_and_readers_are_constant() {
    use futures::TryStreamExt as _;
    use headwater::stream::lines::{self, Body};

    gives(LINES, |n| lines::chunks(chunks(n)).map(Result::unwrap));
    gives(LINES, |n| lines::read(chunks(n).into_async_read()).map(Result::unwrap));
    gives(LINES, |n| {
        let ask = move |_| ready(Ok::<_, std::io::Error>(Body::new(chunks(n))));
        lines::remote(ask).map(Result::unwrap)
    });
}
