//! Redis' `SCAN`: at least once.

use std::collections::BTreeSet;

use headwater::Source;
use headwater::pages::{self, OnRepeat, Position, Reply, Scan, Style};

/// A hash table that is scanned as Redis does: the cursor counts with its bits reversed, so that a table
/// that grows or shrinks loses nothing that is there all the time.
struct Table {
    bits: u32,
    items: BTreeSet<u64>,
}

impl Table {
    fn new(bits: u32, items: impl IntoIterator<Item = u64>) -> Self {
        Self { bits, items: items.into_iter().collect() }
    }

    /// The items of one bucket, and the cursor of the next.
    fn scan(&self, cursor: u64) -> Reply<u64, u64> {
        let mask = (1_u64 << self.bits) - 1;
        let bucket = cursor & mask;
        let items = self.items.iter().copied().filter(|item| item & mask == bucket).collect();
        let next = (cursor | !mask).reverse_bits().wrapping_add(1).reverse_bits();
        Reply::new(items, next)
    }
}

#[test]
fn cursor_0_is_both_the_first_and_the_end() {
    let table = Table::new(4, 0..100);
    let mut asked = Vec::new();
    let keys: Vec<u64> = pages::scan(|cursor| {
        asked.push(cursor);
        Ok::<_, ()>(table.scan(cursor))
    })
    .items()
    .map(Result::unwrap)
    .collect();
    assert_eq!((keys.len(), keys.iter().copied().collect::<BTreeSet<_>>().len()), (100, 100));
    assert_eq!((asked.len(), asked[0], asked[1]), (16, 0, 8), "cursors have no order");
    assert_eq!(<Scan as Style<u64>>::next(&Scan, &0, &[], 0), Ok(None));
}

#[test]
fn empty_pages_in_the_middle_and_at_the_beginning_go_on() {
    let sparse = Table::new(6, [3, 60]);
    let keys = pages::scan(|cursor| Ok::<_, ()>(sparse.scan(cursor))).items();
    assert_eq!(keys.map(Result::unwrap).collect::<BTreeSet<_>>(), sparse.items);
}

/// While the table shrinks, buckets are joined, and whole pages come again; nothing is lost.
#[test]
fn a_table_that_shrinks_gives_some_twice_and_loses_none() {
    let mut repeated = 0;
    for shrinks_at in 1..16 {
        let mut table = Table::new(5, 0..200);
        let mut requests = 0;
        let keys = pages::scan(|cursor| {
            requests += 1;
            if requests == shrinks_at {
                table.bits = 2;
            }
            Ok::<_, ()>(table.scan(cursor))
        });
        let keys: Vec<u64> = keys.items().map(Result::unwrap).collect();
        let distinct: BTreeSet<_> = keys.iter().copied().collect();
        assert_eq!(distinct.len(), 200, "shrunk at {shrinks_at}");
        repeated += keys.len() - distinct.len();
    }
    assert!(repeated > 0);
}

/// As it was seen of Redis 7.0: the whole first page came again, at the cursor of before.
#[test]
fn a_cursor_that_comes_again_is_no_error_and_a_window_leaves_out_what_came() {
    let script = [(0, 12, 5), (5, 20, 9), (9, 12, 5), (5, 20, 3), (3, 30, 0)];
    let feed = || {
        let mut script = script.into_iter();
        pages::scan(move |cursor| {
            let (expected, upto, next) = script.next().unwrap();
            assert_eq!(cursor, expected);
            Ok::<_, ()>(Reply::new((upto - 10..upto).collect(), next))
        })
    };
    assert_eq!(feed().items().map(Result::unwrap).count(), 50);
    let distinct: Vec<u64> = feed().items().distinct_by(100, |key| *key).flatten().collect();
    assert!(distinct.iter().copied().eq(2..30), "{distinct:?}");
    assert_eq!(<Scan as Style<u64>>::on_repeat(&Scan), OnRepeat::Allow);
    let strict = feed().on_repeat(OnRepeat::Error);
    assert!(strict.last().unwrap().is_err(), "unless it is said otherwise");
}

#[test]
fn a_quiet_table_is_gone_on_with_at_the_item() {
    let table = Table::new(3, 0..40);
    let feed = || pages::scan(|cursor| Ok::<_, ()>(table.scan(cursor))).items();
    let all: Vec<u64> = feed().map(Result::unwrap).collect();
    for taken in 0..=40 {
        let mut items = feed();
        items.by_ref().take(taken).for_each(drop);
        let mut later = feed();
        later.resume_at(items.position());
        assert!(later.map(Result::unwrap).eq(all[taken..].iter().copied()), "{taken}");
    }
    let mut unknown = feed();
    unknown.resume_at(Position::from(0xdead_beef));
    assert!(unknown.all(|item| item.is_ok()), "the server accepts any cursor");
}
