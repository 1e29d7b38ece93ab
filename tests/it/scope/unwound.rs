//! `Unwound`: all errors in their order, and what becomes of them in a function with errors of another
//! type.

use std::error::Error;
use std::{fmt, fs, io};

use headwater::Stack;
use headwater::scope::Unwound;

/// What comes of a body and of releases that fail with these errors.
fn unwound<E>(body: E, releases: impl IntoIterator<Item = E>) -> Unwound<E> {
    let failed = Stack::scope(|stack| {
        for error in releases {
            stack.defer(|_| Err(error));
        }
        Err::<(), _>(body)
    });
    failed.unwrap_err()
}

#[test]
fn the_errors_are_told_in_the_order_in_which_they_came() {
    let all = unwound("body", ["below", "above"]);
    assert!(all.errors().eq(&["body", "above", "below"]));
    assert_eq!(all.first(), &"body");
    assert_eq!(all.to_string(), "body; then, on release: above; then, on release: below");
    assert_eq!(all.clone(), all);
    assert!(all.clone().into_errors().eq(["body", "above", "below"]));
    assert_eq!(all.into_first(), "body");

    let alone = unwound("body", []);
    assert!(alone.errors().eq(&["body"]));
    assert_eq!(alone.to_string(), "body");
}

#[test]
fn the_alternate_form_is_that_of_each() {
    struct Caused;

    impl fmt::Display for Caused {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(if f.alternate() { "dry: no rain" } else { "dry" })
        }
    }

    let all = unwound(Caused, [Caused]);
    assert_eq!(format!("{all}"), "dry; then, on release: dry");
    assert_eq!(format!("{all:#}"), "dry: no rain; then, on release: dry: no rain");
}

#[test]
fn a_question_mark_makes_a_boxed_error_of_it() {
    fn fails() -> Result<(), Box<dyn Error + Send + Sync>> {
        Stack::scope(|stack| {
            stack.defer(|_| Err("above".to_owned()));
            Err::<(), _>("body".to_owned())
        })?;
        Ok(())
    }
    let error = fails().unwrap_err();
    assert_eq!(error.to_string(), "body; then, on release: above");
    assert!(error.source().is_none());
    assert!(error.downcast::<Unwound<String>>().unwrap().into_errors().eq(["body", "above"]));
}

#[test]
fn a_question_mark_makes_an_io_error_of_it_that_is_the_first_if_it_is_alone() {
    fn opens() -> io::Result<()> {
        Stack::scope(|stack| {
            stack.defer(|_| Ok(()));
            fs::read("no such file").map(drop)
        })?;
        Ok(())
    }
    let error = opens().unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::NotFound);
    assert!(error.raw_os_error().is_some(), "as it was");
}

#[test]
fn several_are_an_io_error_with_the_text_of_all_and_the_kind_and_source_of_the_first() {
    let first = headwater::lines("no such file").unwrap_err();
    let text = first.to_string();
    let source = first.source().unwrap().to_string();
    let later = io::Error::new(io::ErrorKind::StorageFull, "full");

    let error = io::Error::from(unwound(io::Error::from(first), [later]));
    assert_eq!(error.kind(), io::ErrorKind::NotFound);
    assert_eq!(error.to_string(), format!("{text}; then, on release: full"));
    assert_eq!(error.source().unwrap().to_string(), source);

    let reset = io::Error::from(io::ErrorKind::ConnectionReset);
    let error = io::Error::from(unwound(reset, [io::Error::other("full")]));
    assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    assert_eq!(error.to_string(), "connection reset; then, on release: full");
    assert!(error.source().is_none());
}
