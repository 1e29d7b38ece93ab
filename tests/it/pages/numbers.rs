//! Pages by number, and items by offset: totals that are known, wrong, or change.

use headwater::Source as _;
use headwater::pages::{self, ErrorKind, Numbered, Offset, Position, Reply, Style};

const NONE: [u32; 0] = [];

#[test]
fn the_last_of_as_many_pages_as_there_are_is_the_end() {
    for first in [0, 1, 7] {
        let style = Numbered::from(first);
        for total in 0..5 {
            for index in 0..6 {
                let at = first + index;
                let next = (index + 1 < total).then_some(at + 1);
                assert_eq!(style.next(&at, &[1], Some(total)), Ok(next), "{index} of {total}");
                assert_eq!(style.next(&at, &NONE, Some(total)), Ok(next), "and items do not count");
            }
        }
    }
}

#[test]
fn where_no_total_is_known_a_short_page_is_the_end() {
    let any = Numbered::from(1);
    assert_eq!((any.next(&1, &[1], None), any.next(&2, &NONE, None)), (Ok(Some(2)), Ok(None)));
    let two = Numbered::from(1).page_size(2);
    assert_eq!((two.next(&1, &[1, 2], None), two.next(&2, &[3], None)), (Ok(Some(2)), Ok(None)));
    assert_eq!(two.next(&1, &[1, 2, 3], None), Ok(Some(2)), "more than asked for is no end");
    assert_eq!(two.next(&1, &[1], Some(2)), Ok(Some(2)), "the total knows better");
    let zero = Numbered::from(1).page_size(0);
    assert_eq!(zero.next(&1, &NONE, None), Ok(None), "none are always too few");
}

#[test]
fn numbers_at_the_edge_end() {
    assert_eq!(Numbered::from(0).next(&u64::MAX, &[1], None), Ok(None));
    assert_eq!(Numbered::from(9).next(&3, &[1], Some(2)), Ok(Some(4)), "before the first");
    assert_eq!(Offset::new().next(&u64::MAX, &[1], None), Ok(None));
    assert_eq!(Offset::new().next(&u64::MAX, &[1], Some(u64::MAX)), Ok(None));
}

#[test]
fn the_next_offset_is_behind_what_came() {
    let style = Offset::new();
    assert_eq!(style.next(&10, &[1, 2, 3], None), Ok(Some(13)));
    assert_eq!(style.next(&10, &NONE, None), Ok(None));
    assert_eq!(style.next(&10, &[1, 2, 3], Some(14)), Ok(Some(13)));
    assert_eq!(style.next(&10, &[1, 2, 3], Some(13)), Ok(None));
    let two = style.page_size(2);
    assert_eq!((two.next(&0, &[1, 2], None), two.next(&2, &[3], None)), (Ok(Some(2)), Ok(None)));
    assert_eq!(two.next(&0, &[1], Some(5)), Ok(Some(1)), "the total knows better");
}

/// The total says that there is more, and nothing says where.
#[test]
fn an_empty_page_before_the_total_is_an_error() {
    assert_eq!(Offset::new().next(&10, &NONE, Some(11)), Err(ErrorKind::NoCursor));
    let mut items = pages::offset(|at| {
        Ok::<_, ()>(Reply::new(if at == 0 { vec![1, 2] } else { vec![] }, Some(9)))
    })
    .items();
    assert!(items.by_ref().take(2).map(Result::unwrap).eq([1, 2]));
    let error = items.next().unwrap().unwrap_err();
    assert_eq!((error.kind(), *error.position()), (ErrorKind::NoCursor, Position::from(2)));
}

/// A server of letters, whose total is that of each moment.
fn letters(all: &[char], offset: u64, limit: usize) -> Vec<char> {
    all.iter().skip(usize::try_from(offset).unwrap()).take(limit).copied().collect()
}

/// The server gives three at most, whatever is asked for: nothing is lost.
#[test]
fn a_server_that_caps_its_pages_loses_nothing() {
    let all: Vec<char> = ('a'..='k').collect();
    for total in [Some(11), None] {
        let feed = pages::offset(|at| Ok::<_, ()>(Reply::new(letters(&all, at, 3), total)));
        assert!(feed.items().map(Result::unwrap).eq('a'..='k'));
    }
    let style = Offset::new().page_size(100);
    let feed = pages::by(style, |at| Ok::<_, ()>(Reply::new(letters(&all, at, 3), None)));
    assert_eq!(feed.items().count(), 3, "as the documentation warns");
}

#[test]
fn a_total_that_shrinks_or_grows_is_followed() {
    for totals in [[11, 8, 5], [5, 8, 11]] {
        let mut totals = totals.into_iter();
        let mut total = 0;
        let feed = pages::offset(|at| {
            total = totals.next().unwrap_or(total);
            let all: Vec<char> = ('a'..='k').take(total).collect();
            Ok::<_, ()>(Reply::new(letters(&all, at, 3), Some(total as u64)))
        });
        let items: Vec<char> = feed.items().map(Result::unwrap).collect();
        // It shrank to five once six were given.
        let expected = if total == 5 { 6 } else { 11 };
        assert!(items.iter().copied().eq(('a'..='k').take(expected)), "{items:?}");
    }
    let mut totals = [5, 2, 2].into_iter();
    let numbered = pages::numbered(1, |n| Ok::<_, ()>(Reply::new(vec![n], totals.next())));
    assert!(numbered.items().map(Result::unwrap).eq([1, 2]));
}

/// What offsets do to data that changes, as the documentation warns.
#[test]
fn what_is_deleted_before_an_offset_moves_the_rest() {
    let mut all: Vec<char> = ('a'..='f').collect();
    let feed = pages::offset(|at| {
        let page = letters(&all, at, 2);
        all.remove(0);
        Ok::<_, ()>(Reply::new(page, None))
    });
    let items: String = feed.items().map(Result::unwrap).collect();
    assert_eq!(items, "abde", "c and f are never given");
}

#[test]
fn it_can_begin_anywhere() {
    let all: Vec<char> = ('a'..='k').collect();
    let mut items = pages::offset(|at| Ok::<_, ()>(Reply::new(letters(&all, at, 3), None))).items();
    items.resume_at(Position::from(9));
    assert!(items.map(Result::unwrap).eq(['j', 'k']));
}
