//! The contract of an iterator, held against the defaults of its own methods.
//!
//! A wrapper that forwards `next` alone has the methods that `Iterator` provides: what an iterator
//! overrides must give what those give, at every position.

use std::collections::VecDeque;
use std::fmt::Debug;

use super::random::Random;

/// Checks what every iterator that ends must keep, telling items apart by `key`.
///
/// Keep it to a dozen items: it takes a few hundred iterators.
pub(crate) fn contract<I, K>(make: impl Fn() -> I, key: impl Fn(I::Item) -> K)
where
    I: Iterator,
    K: Debug + PartialEq,
{
    let items: Vec<K> = OnlyNext(make()).map(&key).collect();
    let at = |taken: usize| {
        let mut iterator = make();
        (0..taken).for_each(|_| assert!(iterator.next().is_some(), "it gave more before"));
        iterator
    };
    for taken in 0..=items.len() {
        let (default, rest) = (|| OnlyNext(at(taken)), &items[taken..]);
        has_in_hint(&at(taken), rest.len());
        assert_eq!(at(taken).count(), default().count(), "count after {taken}");
        assert_eq!(at(taken).last().map(&key), default().last().map(&key), "last after {taken}");
        assert_eq!(folded(at(taken), &key), rest, "fold after {taken}");
        assert_eq!(collected(&mut at(taken), &key), rest, "next after {taken}");
        for skipped in 0..=rest.len() + 1 {
            let (mut iterator, mut default) = (at(taken), default());
            let context = format!("nth({skipped}) after {taken}");
            let nth = (iterator.nth(skipped).map(&key), default.nth(skipped).map(&key));
            assert_eq!(nth.0, nth.1, "{context}");
            let rest = rest.get(skipped + 1..).unwrap_or_default();
            has_in_hint(&iterator, rest.len());
            assert_eq!(collected(&mut iterator, &key), rest, "what follows {context}");
            stays_ended(&mut iterator);
        }
        let mut iterator = at(taken);
        let first = iterator.by_ref().take(2).map(&key);
        assert_eq!(first.collect::<Vec<_>>(), rest[..rest.len().min(2)], "by_ref after {taken}");
        assert_eq!(folded(iterator, &key), rest[rest.len().min(2)..], "by_ref after {taken}");
    }
}

/// Checks what every iterator from both ends must keep, besides [`contract`].
#[expect(clippy::double_ended_iterator_last, reason = "it may be overridden")]
pub(crate) fn contract_of_both_ends<I, K>(make: impl Fn() -> I, key: impl Fn(I::Item) -> K)
where
    I: DoubleEndedIterator,
    K: Clone + Debug + PartialEq,
{
    let items: Vec<K> = OnlyEnds(make()).map(&key).collect();
    for seed in 0..16 {
        takes_from_either_end(&mut make(), &key, items.iter().cloned().collect(), seed);
    }
    for front in 0..=items.len() {
        for back in 0..=items.len() - front {
            let at = || {
                let mut iterator = make();
                (0..front).for_each(|_| drop(iterator.next()));
                (0..back).for_each(|_| drop(iterator.next_back()));
                iterator
            };
            let default = || OnlyEnds(at());
            let (rest, context) = (&items[front..items.len() - back], format!("{front}, {back}"));
            has_in_hint(&at(), rest.len());
            assert_eq!(at().count(), rest.len(), "count after {context}");
            assert_eq!(at().last().map(&key), default().last().map(&key), "last after {context}");
            assert_eq!(folded(at(), &key), rest, "fold after {context}");
            assert_eq!(folded(at().rev(), &key), folded(default().rev(), &key), "rfold: {context}");
            for skipped in 0..=rest.len() + 1 {
                let (mut iterator, mut default) = (at(), default());
                let nth = iterator.nth_back(skipped).map(&key);
                assert_eq!(nth, default.nth_back(skipped).map(&key), "nth_back after {context}");
                let rest = &rest[..rest.len().saturating_sub(skipped + 1)];
                assert_eq!(collected(&mut iterator, &key), rest, "after nth_back: {context}");
                assert!(iterator.next_back().is_none(), "after nth_back: {context}");

                let (mut iterator, mut default) = (at(), OnlyEnds(at()));
                let nth = iterator.nth(skipped).map(&key);
                assert_eq!(nth, default.nth(skipped).map(&key), "nth after {context}");
                assert_eq!(folded(iterator.rev(), &key), folded(default.rev(), &key), "{context}");
            }
        }
    }
}

/// Pulls at both ends in a random order, to the end.
fn takes_from_either_end<I, K>(
    iterator: &mut I,
    key: impl Fn(I::Item) -> K,
    mut items: VecDeque<K>,
    seed: u64,
) where
    I: DoubleEndedIterator,
    K: Debug + PartialEq,
{
    let mut random = Random::new(seed);
    while !items.is_empty() {
        has_in_hint(iterator, items.len());
        let (item, expected) = if random.coin() {
            (iterator.next(), items.pop_front())
        } else {
            (iterator.next_back(), items.pop_back())
        };
        assert_eq!(item.map(&key), expected, "seed {seed}, {} left", items.len());
    }
    for _ in 0..3 {
        assert!(iterator.next_back().is_none(), "it goes on behind its end");
        stays_ended(iterator);
    }
}

fn has_in_hint(iterator: &impl Iterator, left: usize) {
    let (least, most) = iterator.size_hint();
    assert!(least <= left, "at least {least}, it says, but {left} are left");
    assert!(most.is_none_or(|most| most >= left), "at most {most:?}, it says: {left} are left");
}

fn stays_ended(iterator: &mut impl Iterator) {
    for _ in 0..3 {
        assert!(iterator.next().is_none(), "it goes on after its end");
        has_in_hint(iterator, 0);
    }
}

fn collected<I: Iterator, K>(iterator: &mut I, key: impl Fn(I::Item) -> K) -> Vec<K> {
    let mut items = Vec::new();
    for item in iterator.by_ref() {
        items.push(key(item));
    }
    items
}

fn folded<I: Iterator, K>(iterator: I, key: impl Fn(I::Item) -> K) -> Vec<K> {
    iterator.fold(Vec::new(), |mut items, item| {
        items.push(key(item));
        items
    })
}

/// Overrides nothing.
struct OnlyNext<I>(I);

impl<I: Iterator> Iterator for OnlyNext<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        self.0.next()
    }
}

/// Overrides nothing, at either end.
struct OnlyEnds<I>(I);

impl<I: Iterator> Iterator for OnlyEnds<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        self.0.next()
    }
}

impl<I: DoubleEndedIterator> DoubleEndedIterator for OnlyEnds<I> {
    fn next_back(&mut self) -> Option<I::Item> {
        self.0.next_back()
    }
}
