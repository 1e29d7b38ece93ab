//! What can be asked for again.

use std::future::ready;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::stream::{self, StreamExt as _};
use headwater::stream::lines::{self, Body};
use headwater::{ErrorKind, Source};

use crate::expect::{broken, texts};
use crate::support::blocking::Blocking;
use crate::support::polls::poll_once;
use crate::support::streams::serve;

const LOG: &[u8] = b"one\ntwo\nthree\nfour\n";

#[test]
fn nothing_is_asked_before_the_first_poll() {
    let asks = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asks);
    let mut log = lines::remote(move |wanted| {
        counter.fetch_add(1, Ordering::SeqCst);
        ready(io::Result::Ok(serve(LOG, &wanted)))
    });
    let noted = log.position();
    log.resume_at(noted);
    assert_eq!(asks.load(Ordering::SeqCst), 0);
    let mut log = Blocking(log);
    assert_eq!(log.next().unwrap().unwrap(), "one");
    let noted = log.position();
    log.by_ref().for_each(drop);
    assert_eq!(asks.load(Ordering::SeqCst), 1);
    log.resume_at(noted);
    assert_eq!(asks.load(Ordering::SeqCst), 1);
    assert_eq!(texts(log), ["two", "three", "four"]);
    assert_eq!(asks.load(Ordering::SeqCst), 2);
}

#[test]
fn a_call_that_is_under_way_stays_when_a_next_is_dropped() {
    let (send, receive) = futures::channel::oneshot::channel::<()>();
    let mut receive = Some(receive);
    let mut log = lines::remote(move |wanted| {
        let allowed = receive.take().expect("asked once");
        async move {
            allowed.await.unwrap();
            io::Result::Ok(serve(LOG, &wanted))
        }
    });
    assert!(poll_once(log.next()).is_pending());
    assert!(poll_once(log.next()).is_pending());
    send.send(()).unwrap();
    assert_eq!(texts(Blocking(log)), ["one", "two", "three", "four"]);
}

#[test]
fn a_call_that_fails_is_an_error_to_be_resumed_after() {
    let mut fails = true;
    let mut log = Blocking(lines::remote(move |wanted| {
        let failed = std::mem::take(&mut fails);
        ready(if failed {
            Err(io::Error::from(io::ErrorKind::TimedOut))
        } else {
            io::Result::Ok(serve(LOG, &wanted))
        })
    }));
    let error = log.next().unwrap().unwrap_err();
    assert_eq!((error.kind(), error.is_transient()), (ErrorKind::Open, true));
    assert!(log.next().is_none());
    assert!(log.can_recover());
    let noted = log.position();
    log.resume_at(noted);
    assert_eq!(log.count(), 4);
}

#[test]
fn a_position_without_a_version_fits_any() {
    let mut version = 0;
    let mut log = Blocking(lines::remote(move |_wanted| {
        version += 1;
        let body = Body::new(stream::iter([Ok::<_, io::Error>("1\n2\n")]));
        ready(Ok::<_, io::Error>(body.validator(version.to_string())))
    }));
    assert_eq!(log.next().unwrap().unwrap(), "1");
    let noted = log.position();
    log.resume_at(2.into());
    assert_eq!(log.next().unwrap().unwrap(), "2");
    log.resume_at(noted);
    assert_eq!(broken(log).1.kind(), ErrorKind::SourceChanged);
}

#[cfg(feature = "serde")]
#[test]
fn a_position_that_was_written_down_knows_its_version() {
    let log = || Blocking(lines::remote(|wanted| ready(io::Result::Ok(serve(LOG, &wanted)))));
    let mut first = log();
    assert_eq!(first.next().unwrap().unwrap(), "one");
    let written = serde_json::to_string(&first.position()).unwrap();
    assert!(written.contains(r#""validator":"\"7\"""#), "{written}");
    let mut second = log();
    second.resume_at(serde_json::from_str(&written).unwrap());
    assert_eq!(texts(second), ["two", "three", "four"]);
    // What was written before there were versions can be read.
    let old = r#"{"path":null,"index":0,"identity":null,"front":4,"back":null}"#;
    let mut third = log();
    third.resume_at(serde_json::from_str(old).unwrap());
    assert_eq!(third.count(), 3);
}

#[test]
fn the_end_is_the_end_wherever_it_was_before() {
    let mut log = Blocking(lines::remote(|wanted| ready(io::Result::Ok(serve(LOG, &wanted)))));
    assert_eq!(log.by_ref().count(), 4);
    let end = log.position();
    log.resume_at(4.into());
    assert_eq!(log.next().unwrap().unwrap(), "two");
    // The rest of that body is never read.
    let second = log.position();
    log.resume_at(second);
    log.resume_at(end.clone());
    assert!(log.next().is_none());
    assert_eq!(log.position(), end);
}

#[cfg(feature = "compression")]
#[test]
fn what_is_compressed_is_asked_for_from_its_start() {
    let gzip = std::fs::read("fixtures/rotated/access.log.2.gz").unwrap();
    let expected =
        texts(headwater::lines::decompressed("fixtures/rotated/access.log.2.gz").unwrap());
    let mut log = lines::remote(move |wanted| {
        assert_eq!(wanted.offset(), 0);
        ready(io::Result::Ok(serve(&gzip, &wanted)))
    })
    .decompressed();
    let first = texts(Blocking(&mut log).take(40));
    let noted = log.position();
    assert_eq!(texts(Blocking(&mut log)), expected[40..]);
    log.resume_at(noted);
    assert_eq!(texts(Blocking(&mut log)), expected[40..]);
    assert_eq!(first, expected[..40]);
}
