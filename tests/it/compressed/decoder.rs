//! The decoder as a plain reader, over readers that do what readers may do.

use std::io::{self, Read};

use headwater::ErrorKind;
use headwater::lines::{self, Decoder};

use super::{frame, member, text};
use crate::expect::{lines_in, texts};
use crate::support::hostile::{Failing, Interrupted, Trickling};
use crate::support::panics::Panics;

/// The same text in every format, in more than one part.
fn formats(text: &[u8]) -> [(&'static str, Vec<u8>); 3] {
    let (one, two) = text.split_at(text.len() / 2);
    [
        ("gzip", [member(one), member(two)].concat()),
        ("zstd", [frame(one), frame(two)].concat()),
        ("plain", text.to_vec()),
    ]
}

fn read_all(reader: impl Read) -> Vec<u8> {
    let mut decoder = Decoder::new(reader);
    let mut read = Vec::new();
    decoder.read_to_end(&mut read).unwrap();
    assert_eq!(decoder.read(&mut [0; 9]).unwrap(), 0, "it goes on behind its end");
    read
}

#[test]
fn it_reads_nothing_before_it_is_read() {
    let mut decoder = Decoder::new(Panics);
    assert_eq!(decoder.read(&mut []).unwrap(), 0);
    assert!(format!("{decoder:?}").contains("unknown"));
    let _lines = lines::read(decoder);
}

#[test]
fn it_decompresses_whatever_the_reader_does() {
    let text = text(1_000);
    for (format, bytes) in formats(&text) {
        assert!(read_all(&bytes[..]) == text, "{format}");
        assert!(read_all(Trickling::new(&bytes[..], 1, 0)) == text, "{format}, a byte at a time");
        for seed in 0..8 {
            let reader = Interrupted::new(Trickling::new(&bytes[..], 300, seed));
            assert!(read_all(reader) == text, "{format}, seed {seed}");
        }
        let reader = Interrupted::new(Trickling::new(&bytes[..], 1, 0));
        assert_eq!(texts(lines::read(Decoder::new(reader))), lines_in(&text), "{format}");
    }
}

#[test]
fn it_fills_buffers_of_any_size() {
    let text = text(50);
    for (format, bytes) in formats(&text) {
        for size in [1, 2, 3, 100] {
            let mut decoder = Decoder::new(&bytes[..]);
            let (mut read, mut buf) = (Vec::new(), vec![0; size]);
            loop {
                match decoder.read(&mut buf).unwrap() {
                    0 => break,
                    len => read.extend_from_slice(&buf[..len]),
                }
                assert_eq!(decoder.read(&mut []).unwrap(), 0);
            }
            assert!(read == text, "{format} by {size}");
        }
    }
}

#[test]
fn it_goes_on_after_a_stall_at_every_byte() {
    let text = text(20);
    for (format, bytes) in formats(&text) {
        for kind in [io::ErrorKind::TimedOut, io::ErrorKind::WouldBlock] {
            for at in 0..=bytes.len() {
                let reader = Failing::new(&bytes[..], at, kind, 2);
                let (mut good, mut stalls) = (Vec::new(), 0);
                for item in lines::read(Decoder::new(reader)) {
                    match item {
                        Ok(line) => good.push(line.into_owned()),
                        Err(error) => {
                            assert_eq!(
                                error.kind(),
                                ErrorKind::Read,
                                "{format} at {at}: {error:?}"
                            );
                            let cause = io::Error::from(error).kind();
                            assert_eq!(cause, kind, "{format} at {at}");
                            stalls += 1;
                        }
                    }
                }
                assert_eq!(good, lines_in(&text), "{format} at {at}");
                assert_eq!(stalls, 2, "{format} at {at}");
            }
        }
    }
}

#[test]
fn errors_of_the_reader_are_its_own() {
    let text = text(20);
    for (format, bytes) in formats(&text) {
        for at in 0..=bytes.len() {
            let kind = io::ErrorKind::ConnectionReset;
            let reader = Failing::new(&bytes[..], at, kind, 1);
            let mut decoder = Decoder::new(reader);
            let mut read = Vec::new();
            let error = decoder.read_to_end(&mut read).unwrap_err();
            assert_eq!(error.kind(), kind, "{format} at {at}");
            assert!(text.starts_with(&read), "{format} at {at}");
        }
    }
}

#[test]
fn errors_of_the_data_are_told_apart() {
    let text = text(20);
    let kind_of = |bytes: &[u8]| {
        let mut read = Vec::new();
        let error = Decoder::new(bytes).read_to_end(&mut read).unwrap_err();
        assert!(!error.to_string().is_empty());
        (error.kind(), read)
    };
    for (format, bytes) in &formats(&text)[..2] {
        let (kind, read) = kind_of(&bytes[..bytes.len() - 1]);
        assert_eq!(kind, io::ErrorKind::UnexpectedEof, "{format}");
        assert!(text.starts_with(&read) && read.len() >= text.len() / 2, "{format}");
        let (kind, read) = kind_of(&[&bytes[..], b"garbage"].concat());
        assert_eq!((kind, read == text), (io::ErrorKind::InvalidData, true), "{format}");
    }
}

/// A decoder that has failed must not begin to give something else.
#[test]
fn after_an_error_of_the_data_nothing_comes() {
    let text = text(200);
    for (format, bytes) in &formats(&text)[..2] {
        for at in 12..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0xFF;
            let mut decoder = Decoder::new(&damaged[..]);
            let mut read = Vec::new();
            if decoder.read_to_end(&mut read).is_err() {
                let mut more = Vec::new();
                for _ in 0..10 {
                    let _ = decoder.read_to_end(&mut more);
                }
                assert!(more.is_empty(), "{format} at {at}: {:?}", bstr::BStr::new(&more));
            }
        }
    }
}

#[test]
fn its_state_can_be_seen() {
    for (format, bytes) in formats(b"one\ntwo\n") {
        let mut decoder = Decoder::new(&bytes[..]);
        decoder.read_exact(&mut [0; 1]).unwrap();
        assert!(format!("{decoder:?}").contains(format), "{decoder:?}");
    }
}
