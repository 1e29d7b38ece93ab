//! What errors of pages say.

use std::error::Error as _;
use std::io;

use headwater::Retry;
use headwater::pages::{self, ErrorKind, Page, PageInfo, Reply, pages};

#[test]
fn an_error_is_one_word_and_says_what_failed_and_where() {
    type Error = headwater::pages::Error<u32, io::Error>;
    assert_eq!(size_of::<Error>(), size_of::<usize>());

    let mut feed = pages(7, |_| Err::<Page<u8, u32>, _>(io::Error::other("no route")));
    let error = feed.next().unwrap().unwrap_err();
    assert_eq!(error.to_string(), "page 7, item 0: cannot be fetched");
    assert_eq!(error.source().unwrap().to_string(), "no route");
    assert_eq!(error.into_cause().unwrap().to_string(), "no route");
}

#[test]
fn the_chain_of_causes_goes_through_the_retry() {
    let feed = pages("first", |_| Err::<Page<u8, _>, _>(io::Error::other("no route")));
    let mut feed = feed.retry(Retry::immediately().max_attempts(2));
    let error = feed.next().unwrap().unwrap_err();
    assert_eq!(error.to_string(), "page \"first\", item 0: cannot be fetched");
    let gave_up = error.source().unwrap();
    assert!(gave_up.to_string().starts_with("gave up after 2 attempts"), "{gave_up}");
    assert_eq!(gave_up.source().unwrap().to_string(), "no route");
}

#[test]
fn what_is_no_failure_of_a_fetch_has_no_cause() {
    let mut feed =
        pages::connection(|_| Ok::<_, io::Error>(Reply::new(vec![1], PageInfo::new(None, true))));
    assert!(feed.next().unwrap().is_ok());
    let error = feed.next().unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoCursor);
    assert!(error.source().is_none() && error.cause().is_none());
    let told = "page None, item 1: the server says that more follows, and not where";
    assert_eq!(error.to_string(), told);
    assert_eq!(
        format!("{error:?}"),
        "Error { kind: NoCursor, position: Position { cursor: Some(None), index: 1 }, cause: None }"
    );
}
