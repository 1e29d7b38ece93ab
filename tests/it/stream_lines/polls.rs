//! What a poll that is not ready leaves behind: nothing is lost.

use std::task::{Poll, Waker};

use futures::channel::mpsc;
use futures::stream::StreamExt as _;
use headwater::Source;
use headwater::stream::lines;

use crate::support::polls::{poll_next, poll_once};

#[test]
fn a_next_that_is_dropped_loses_nothing() {
    let (send, receive) = mpsc::unbounded::<Result<&str, std::io::Error>>();
    let mut log = lines::chunks(receive);
    let give = |text| send.unbounded_send(Ok(text)).unwrap();
    assert!(poll_once(log.next()).is_pending());
    give("on");
    assert!(poll_once(log.next()).is_pending());
    assert!(poll_once(log.next()).is_pending());
    assert_eq!(log.position().offset(), 0);
    give("e\ntwo\nth");
    assert!(matches!(poll_once(log.next()), Poll::Ready(Some(Ok(line))) if line == "one"));
    assert!(matches!(poll_once(log.next()), Poll::Ready(Some(Ok(line))) if line == "two"));
    assert!(poll_once(log.next()).is_pending());
    assert_eq!(log.position().offset(), 8);
    drop(send);
    assert!(matches!(poll_once(log.next()), Poll::Ready(Some(Ok(line))) if line == "th"));
    assert!(matches!(poll_once(log.next()), Poll::Ready(None)));
}

#[test]
fn a_search_and_blocks_wait_as_well() {
    let (send, receive) = mpsc::unbounded::<Result<&str, std::io::Error>>();
    let mut found = lines::chunks(receive).containing("t");
    let give = |text| send.unbounded_send(Ok(text)).unwrap();
    give("one\n");
    assert!(poll_once(found.next()).is_pending());
    give("two\nthr");
    assert!(matches!(poll_once(found.next()), Poll::Ready(Some(Ok(line))) if line == "two"));
    assert!(poll_once(found.next()).is_pending());
    let mut blocks = found.into_lines().blocks();
    assert!(poll_once(blocks.next()).is_pending());
    give("ee\nf");
    let Poll::Ready(Some(Ok(block))) = poll_once(blocks.next()) else { panic!("no block") };
    assert_eq!(block.as_bytes(), b"three\n");
    assert!(poll_once(blocks.next()).is_pending());
    assert_eq!(blocks.position().offset(), 14);
}

#[test]
fn the_last_waker_is_woken() {
    use std::sync::Arc;

    use crate::support::polls::Wakes;

    let (send, receive) = mpsc::unbounded::<Result<&str, std::io::Error>>();
    let mut log = lines::chunks(receive);
    let [first, last] = [(); 2].map(|()| Arc::new(Wakes::default()));
    assert!(poll_next(&mut log, &Waker::from(Arc::clone(&first))).is_pending());
    assert!(poll_next(&mut log, &Waker::from(Arc::clone(&last))).is_pending());
    send.unbounded_send(Ok("one\n")).unwrap();
    assert_eq!((first.count(), last.count()), (0, 1));
    assert!(poll_next(&mut log, Waker::noop()).is_ready());
}
