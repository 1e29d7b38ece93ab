//! Pages by the key of the last item: ties, and data that changes.

use std::cell::RefCell;

use headwater::pages::{self, ErrorKind, Keyset, Reply, Style};

/// A row: when it was written, and its number. Seven are written at once.
type Row = (u32, u32);

fn table() -> Vec<Row> {
    (0..100).map(|id| (id / 7, id)).collect()
}

/// `WHERE row > after ORDER BY at, id LIMIT 10`.
fn query(table: &[Row], after: Option<Row>) -> Vec<Row> {
    table.iter().filter(|row| after.is_none_or(|after| **row > after)).take(10).copied().collect()
}

#[test]
fn a_key_of_one_row_alone_loses_and_repeats_nothing() {
    let table = table();
    let all = pages::keyset(|row| *row, |after| Ok::<_, ()>(query(&table, after).into()));
    assert!(all.items().map(Result::unwrap).eq(table.iter().copied()));

    let mut requests = 0;
    let style = Keyset::new(|row: &Row| *row).page_size(10);
    let all = pages::by(style, |after| {
        requests += 1;
        Ok::<_, ()>(query(&table[..95], after).into())
    });
    assert_eq!(all.items().map(Result::unwrap).count(), 95);
    assert_eq!(requests, 10, "the short page is the last");
}

/// Ordered by the time alone, a page that ends between seven of one time loses the others.
#[test]
fn a_key_that_rows_share_is_an_error() {
    let table = table();
    let by_time = |after: Option<u32>| {
        let later = table.iter().filter(|(at, _)| after.is_none_or(|after| *at > after));
        Ok::<_, ()>(later.take(10).copied().collect::<Vec<_>>().into())
    };
    let mut rows = pages::keyset(|(at, _): &Row| *at, by_time).items();
    assert!(rows.by_ref().take(10).map(Result::unwrap).eq(table[..10].iter().copied()));
    let error = rows.next().unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Tied);
    let told =
        "page None, item 10: its last items have the same key, and what follows can't be told";
    assert_eq!(error.to_string(), told);

    let style = Keyset::new(|(at, _): &Row| *at).allow_ties();
    let rows = pages::by(style, by_time).items().map(Result::unwrap).count();
    assert!(rows < 100, "{rows}: as the documentation warns");
}

#[test]
fn only_a_tie_that_something_follows_is_one() {
    let style = Keyset::new(|key: &u32| *key).page_size(2);
    assert_eq!(style.next(&None, &[7, 7], ()), Err(ErrorKind::Tied));
    assert_eq!(style.next(&None, &[7, 7, 8], ()), Ok(Some(Some(8))));
    assert_eq!(style.next(&None, &[7], ()), Ok(None));
    let style = Keyset::new(|key: &u32| *key).page_size(3);
    assert_eq!(style.next(&None, &[7, 7], ()), Ok(None), "it is the last page");
    assert_eq!(style.next(&None, &[], ()), Ok(None));
}

/// Where offsets lose and repeat, keys do not.
#[test]
fn what_is_inserted_and_deleted_meanwhile_moves_nothing() {
    let table = RefCell::new((0..50).map(|id| (2 * id, 0)).collect::<Vec<Row>>());
    let rows = pages::keyset(
        |row| *row,
        |after| {
            let page = query(&table.borrow(), after);
            let mut table = table.borrow_mut();
            table.retain(|row| row.0 % 10 != 0);
            table.insert(0, (1, 0));
            table.sort_unstable();
            Ok::<_, ()>(Reply::from(page))
        },
    );
    let rows: Vec<Row> = rows.items().map(Result::unwrap).collect();
    assert!(rows.is_sorted() && rows.windows(2).all(|pair| pair[0] != pair[1]), "{rows:?}");
    let stayed = (0..50).map(|id| (2 * id, 0)).filter(|row| row.0 % 10 != 0);
    assert!(stayed.clone().all(|row| rows.contains(&row)));
}

/// A server that does not know the parameter gives its first page for ever.
#[test]
fn a_server_that_ignores_the_key_is_found_out() {
    let feed = pages::keyset(|id: &u32| *id, |_| Ok::<_, ()>(vec![1, 2].into()));
    let kinds: Vec<_> = feed.map(|page| page.map(|_| ()).map_err(|error| error.kind())).collect();
    assert_eq!(kinds, [Ok(()), Ok(()), Err(ErrorKind::Repeated)]);
}
