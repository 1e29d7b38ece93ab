//! A remote file whose connection breaks at every byte: nothing is lost, nothing comes twice.

use std::future::ready;
use std::io;

use futures::stream::{self, Stream, StreamExt as _};
use headwater::Retry;
use headwater::prelude::*;
use headwater::stream::lines::{self, Body, Wanted};

use crate::expect::{lines_in, texts};
use crate::support::blocking::Blocking;
use crate::support::random::Random;

const LOG: &[u8] = b"one\n\ntwo\r\nthree and more\nfour\nhalf";

/// Bytes that break off at byte `at`, with an error or with an early end.
fn breaking(
    wanted: &Wanted,
    at: usize,
    silently: bool,
) -> Body<impl Stream<Item = io::Result<Vec<u8>>> + use<>> {
    let offset = usize::try_from(wanted.offset()).unwrap();
    let given = LOG[offset..at.max(offset)].to_vec();
    let error = || Err(io::Error::other("reset"));
    let chunks =
        stream::iter([Ok(given)]).chain(stream::iter((!silently && at < LOG.len()).then(error)));
    Body::new(chunks).starting_at(wanted.offset()).validator("7").total_len(LOG.len() as u64)
}

#[test]
fn it_goes_on_after_a_fault_at_every_byte() {
    for silently in [false, true] {
        for at in 0..LOG.len() {
            let mut first = true;
            let log = lines::remote(move |wanted| {
                let at = if std::mem::take(&mut first) { at } else { LOG.len() };
                ready(Ok::<_, io::Error>(breaking(&wanted, at, silently)))
            });
            // The error of a stream that has none of the system below it is one that may be gone.
            let log = log.retry(Retry::immediately());
            let lines =
                Blocking(log).map(|line| line.map_err(headwater::retry::GaveUp::into_cause));
            assert_eq!(texts(lines), lines_in(LOG), "{at}, silently: {silently}");
        }
    }
}

#[test]
fn it_goes_on_after_many_faults() {
    for seed in 0..300 {
        let mut random = Random::new(seed);
        let log = lines::remote(move |wanted| {
            let offset = usize::try_from(wanted.offset()).unwrap();
            // It always gets on by some bytes, but not always by a line.
            let at = (offset + 1 + random.below(20)).min(LOG.len());
            ready(Ok::<_, io::Error>(breaking(&wanted, at, random.below(2) == 0)))
        });
        let log = log.retry(Retry::immediately().max_attempts(1000));
        let lines = Blocking(log).map(|line| line.map_err(headwater::retry::GaveUp::into_cause));
        assert_eq!(texts(lines), lines_in(LOG), "seed {seed}");
    }
}
