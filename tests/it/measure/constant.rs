//! Every source but lines, and every adapter of this crate, takes as much memory for many items as
//! for few.

use std::hint::black_box;
#[cfg(feature = "checkpoint")]
use std::num::NonZeroU64;

use headwater::measure::assert_constant_memory;
use headwater::pages::{self, Page, Reply, pages};
use headwater::{
    Retry, Source, Stack, coroutine, count, generate, guard, prelude::*, resource, scope,
    try_generate, try_unfold, unfold,
};

const ITEMS: [usize; 3] = [1000, 5000, 25_000];

/// The fewest fill what pages know of cursors that were seen.
const PAGES: [usize; 3] = [15_000, 20_000, 30_000];

/// Holds that a source is constant, and gives as many items as it is told.
fn gives<I: Iterator>(sizes: [usize; 3], source: impl Fn(usize) -> I) {
    assert_constant_memory(sizes, |n| {
        let mut items = 0;
        for item in source(n) {
            black_box(item);
            items += 1;
        }
        assert_eq!(items, n);
    });
}

#[test]
fn generators_are_constant() {
    gives(ITEMS, |n| {
        generate(move |out| async move {
            for n in 0..n {
                out.emit(n.to_string()).await;
            }
        })
    });
    gives(ITEMS, |n| generate(move |out| async move { out.emit_all(0..n).await }));
    gives(ITEMS, |n| {
        try_generate(move |out| async move {
            for n in 0..n {
                if n % 2 == 0 { out.emit(n).await } else { out.emit_err(n).await }
            }
            Ok::<_, usize>(())
        })
    });
    assert_constant_memory(ITEMS, |n| {
        let mut echo = coroutine(|out, mut value: usize| async move {
            loop {
                value = out.emit(value).await;
            }
        });
        assert!((0..n).all(|n| echo.send(n) == Some(n)));
    });
}

#[test]
fn numbers_and_states_are_constant() {
    gives(ITEMS, |n| count(0_usize).take(n));
    gives(ITEMS, |n| unfold(0, move |&at| (at < n).then_some((at, at + 1))));
    gives(ITEMS, |n| {
        try_unfold(0, move |&at| Ok::<_, ()>((at < n).then(|| (at.to_string(), at + 1))))
    });
}

#[test]
fn scopes_are_constant() {
    gives(ITEMS, |n| {
        resource(move || Ok(0..n), |numbers| Ok::<_, ()>(numbers.next()), |_, _| Ok(()))
    });
    gives(ITEMS, |n| guard(0..n, vec![0_u8; 100]));
    assert_constant_memory(ITEMS, |n| {
        for n in 0..n {
            scope(|| Ok(n.to_string()), |text| Ok(text.len()), |_, _| Ok::<_, ()>(())).unwrap();
        }
    });
    assert_constant_memory(ITEMS, |n| {
        for _ in 0..n / 10 {
            let used = Stack::scope(|stack| {
                stack.defer(|_| Ok::<_, ()>(()));
                Ok(())
            });
            used.unwrap();
        }
    });
}

/// A source that can be resumed, and fails at each hundredth item, once.
fn faulty(n: usize) -> impl Source<Position = usize> + Iterator<Item = Result<usize, usize>> {
    let mut failed = 0;
    try_unfold(0_usize, move |&at| {
        if at % 100 == 99 && failed < at {
            failed = at;
            return Err(at);
        }
        Ok((at < n).then_some((at, at + 1)))
    })
}

#[test]
fn retried_sources_are_constant() {
    let retry = Retry::immediately;
    gives(ITEMS, |n| faulty(n).retry(retry()).map(Result::unwrap));
    gives(ITEMS, |n| {
        let open = move |after: Option<usize>| {
            let first = after.map_or(0, |n| n + 1);
            let items = (first..n).map(Ok).take(100);
            Ok(items.chain((first + 100 < n).then_some(Err("it broke off"))))
        };
        retry().resume(open, |n| *n).map(Result::unwrap)
    });
    gives(ITEMS, |n| retry().restart(move || Ok::<_, ()>((0..n).map(Ok))).map(Result::unwrap));
    assert_constant_memory(ITEMS, |n| {
        let policy = retry();
        assert!(
            (0..n).all(|n| policy.call(|| if n < usize::MAX { Ok(n) } else { Err(n) }).is_ok())
        );
    });
}

#[test]
fn tracked_sources_are_constant() {
    assert_constant_memory(ITEMS, |n| {
        let (items, place) = unfold(0, move |&at| (at < n).then_some((at, at + 1))).tracked();
        assert_eq!(items.filter(|n| n % 2 == 0).map(|_| place.position()).max(), Some(n - 1));
    });
}

#[cfg(feature = "checkpoint")]
#[test]
fn checkpointed_sources_are_constant() {
    use headwater::Checkpoint;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("position");
    let thousand = NonZeroU64::new(1000).unwrap();
    gives(ITEMS, |n| {
        let mut kept = Checkpoint::new(&path).every_items(thousand);
        kept.remove().unwrap();
        let numbers =
            try_unfold(0_usize, move |&at| Ok::<_, String>((at < n).then_some((at, at + 1))));
        numbers.checkpointed(kept).unwrap().map(Result::unwrap)
    });
}

/// So many pages of one item each.
fn feed(n: usize) -> impl FnMut(usize) -> Result<Page<String, usize>, String> + Clone {
    move |page| Ok(Page::new([page.to_string()]).next((page + 1 < n).then_some(page + 1)))
}

#[test]
fn pages_are_constant() {
    gives(PAGES, |n| pages(0, feed(n)));
    gives(PAGES, |n| pages(0, feed(n)).items());
    gives(PAGES, |n| pages(0, feed(n)).retry(Retry::immediately()).items());
    gives(PAGES, |n| pages(0, feed(n)).items().distinct_by(1000, String::clone));
}

#[test]
fn styles_of_cursors_are_constant() {
    gives(PAGES, |n| {
        pages::numbered(0, move |page| Ok::<_, String>(Reply::new(vec![page], Some(n as u64))))
    });
    gives(PAGES, |n| {
        pages::offset(move |offset| Ok::<_, String>(Reply::new(vec![offset], Some(n as u64))))
    });
    gives(PAGES, |n| {
        pages::token(move |token| {
            let page: usize = token.map_or(0, |token| token.parse().unwrap());
            let next = (page + 1 < n).then(|| (page + 1).to_string());
            Ok::<_, String>(Reply::new(vec![page], next))
        })
    });
}
