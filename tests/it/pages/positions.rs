//! Positions of pages and items.

use headwater::Source;
use headwater::pages::{ErrorKind, Page, Position, pages};

use super::shelf::Shelf;

#[test]
fn a_position_is_on_the_page_of_the_next_item() {
    let shelf = Shelf::new(&[2, 0, 1]);
    let mut items = pages(0, |n| shelf.fetch(n)).items();
    let at = |items: &dyn Source<Position = Position<u32>>| {
        let at = items.position();
        (at.cursor().copied(), at.index())
    };
    assert_eq!(at(&items), (Some(0), 0));
    items.next();
    assert_eq!(at(&items), (Some(0), 1));
    items.next();
    assert_eq!(at(&items), (Some(1), 0), "that it has no items is not known yet");
    items.next();
    assert_eq!(at(&items), (None, 0));
    assert!(items.next().is_none());
    assert_eq!(at(&items), (None, 0));
}

#[test]
fn behind_the_end_is_nothing() {
    let shelf = Shelf::new(&[1]);
    let mut items = pages(0, |n| shelf.fetch(n)).items();
    assert_eq!(items.by_ref().count(), 1);
    let end = items.position();
    let mut other = pages(0, |n| shelf.fetch(n)).items();
    other.resume_at(end);
    assert_eq!((other.size_hint(), other.next().is_none()), ((0, Some(0)), true));
    assert_eq!(shelf.asked(), [0]);
    assert_eq!(end.to_string(), "behind the last page");
}

/// A page that lost items since: what follows can't be told.
#[test]
fn a_page_that_shrank_is_an_error() {
    let shelf = Shelf::new(&[3, 3]);
    for (index, kind) in [(2, None), (3, None), (4, Some(ErrorKind::Shrunk))] {
        let mut items = pages(0, |n| shelf.fetch(n)).items();
        items.resume_at(Position::new(0, index));
        let first = items.next().unwrap().map_err(|error| (error.kind(), *error.position()));
        assert_eq!(first.err(), kind.map(|kind| (kind, Position::new(0, index))));
    }
    let mut far = pages(0, |n| shelf.fetch(n)).items();
    far.resume_at(Position::new(0, u64::MAX));
    assert_eq!(far.next().unwrap().unwrap_err().kind(), ErrorKind::Shrunk);
    assert!(!far.can_recover());
}

/// What it begins with may be any page: a position that was made by hand.
#[test]
fn a_position_can_be_made_of_a_cursor() {
    let shelf = Shelf::new(&[1, 1, 1]);
    let mut items = pages(0, |n| shelf.fetch(n)).items();
    items.resume_at(2.into());
    assert!(items.map(Result::unwrap).eq([200]));
}

#[test]
fn a_source_of_pages_prints_what_it_can() {
    let mut feed = pages(0, |n: u32| Ok::<_, ()>(Page::new([n]).next(n + 1)));
    feed.by_ref().take(100).for_each(drop);
    let printed = format!("{feed:?}");
    assert!(printed.contains("cursor: Some(100)") && printed.len() < 800, "{printed}");
    let printed = format!("{:?}", feed.items().distinct_by(5, |n| *n));
    assert!(printed.starts_with("Distinct { items: Items { pages: Pages {"), "{printed}");
}

#[cfg(feature = "serde")]
mod written {
    use headwater::Source;
    use headwater::pages::{self, Position, Reply};
    use serde::Serialize;
    use serde::de::DeserializeOwned;
    use std::fmt::Debug;

    fn is_written<C>(position: &Position<C>, expected: &str)
    where
        C: Debug + DeserializeOwned + PartialEq + Serialize,
    {
        assert_eq!(serde_json::to_string(position).unwrap(), expected);
        assert_eq!(&serde_json::from_str::<Position<C>>(expected).unwrap(), position);
    }

    /// The first page of a token style has no token, which is not the end.
    #[test]
    fn a_cursor_that_is_nothing_is_told_from_the_end() {
        let feed = || {
            pages::token(|token| {
                let items = vec![token.clone().unwrap_or_default(); 2];
                let next = token.is_none().then(|| "b".to_owned());
                Ok::<_, ()>(Reply::new(items, next))
            })
            .items()
        };
        let mut items = feed();
        is_written(&items.position(), r#"{"page":{"cursor":null,"index":0}}"#);
        items.next();
        is_written(&items.position(), r#"{"page":{"cursor":null,"index":1}}"#);
        items.next();
        is_written(&items.position(), r#"{"page":{"cursor":"b","index":0}}"#);
        items.by_ref().for_each(drop);
        is_written(&items.position(), r#""end""#);

        let mut resumed = feed();
        let noted = r#"{"page":{"cursor":null,"index":1}}"#;
        resumed.resume_at(serde_json::from_str(noted).unwrap());
        assert!(resumed.map(Result::unwrap).eq(["", "b", "b"]));
    }

    #[test]
    fn cursors_of_all_styles_are_written() {
        is_written(&Position::new(7_u64, 3), r#"{"page":{"cursor":7,"index":3}}"#);
        let keyset = Position::new(Some(("2026-01-01".to_owned(), 7)), 3);
        is_written(&keyset, r#"{"page":{"cursor":["2026-01-01",7],"index":3}}"#);
    }

    #[test]
    fn nonsense_is_refused() {
        for nonsense in ["null", "{}", r#"{"page":{}}"#, r#"{"page":{"cursor":1,"index":-1}}"#] {
            assert!(serde_json::from_str::<Position<u32>>(nonsense).is_err(), "{nonsense}");
        }
    }
}
