//! Messages, as they come: in pieces, or from somebody who sends something else.

use std::io::{self, ErrorKind, Read};

#[path = "../../distributed_report/message.rs"]
mod message;

/// Gives a byte at a time, and has no more than these.
struct Drops<'a>(&'a [u8]);

impl Read for Drops<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        assert!(!self.0.is_empty(), "it reads on");
        let len = buf.len().min(1);
        self.0.read(&mut buf[..len])
    }
}

fn sent(text: &str) -> Vec<u8> {
    let mut sent = Vec::new();
    message::send(&mut sent, &text).unwrap();
    sent
}

#[test]
fn no_more_is_read_than_the_message() {
    let two = [sent("one"), sent("two")].concat();
    let mut drops = Drops(&two);
    assert_eq!(message::receive::<String>(&mut drops).unwrap(), "one");
    assert_eq!(message::receive::<String>(&mut drops).unwrap(), "two");
}

#[test]
fn it_is_known_how_much_is_missing() {
    let whole = sent("hello");
    let text = r#""hello""#.len();
    for heard in 0..=whole.len() {
        let expected = if heard < 20 { 20 - heard } else { whole.len() - heard };
        assert_eq!(message::missing(&whole[..heard], text).unwrap(), expected, "{heard}");
    }
    let error = message::missing(&whole[..20], text - 1).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidData);
}

#[test]
fn strangers_are_told_from_processes() {
    let error = message::missing(b"headwater:", 256).unwrap_err();
    assert_eq!(error.to_string(), "it is no process of a report");
    let error = message::receive::<String>(Drops(b"GET / HTTP/1.1\r\nHost")).unwrap_err();
    assert_eq!(error.to_string(), "it is no process of a report");
    let endless = [&sent("")[..16], &[0xFF; 4]].concat();
    let error = message::receive::<String>(Drops(&endless)).unwrap_err();
    assert_eq!(error.to_string(), "it is no process of a report");
    const { assert!(message::LONGEST < 0xFFFF_FFFF) };
    let whole = sent("hello");
    let cut = message::receive::<String>(&whole[..whole.len() - 1]).unwrap_err();
    assert_eq!(cut.kind(), ErrorKind::UnexpectedEof);
}
