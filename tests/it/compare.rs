//! What a line is equal to, and in what order lines are.

use std::collections::HashMap;

use bstr::{BStr, BString};
use headwater::{Line, lines};

fn line(bytes: &[u8]) -> Line {
    lines::read(bytes).next().unwrap().unwrap()
}

#[test]
fn a_line_is_equal_to_its_bytes_and_its_text() {
    let line = line(b"caf\xC3\xA9\n");
    let bytes = b"caf\xC3\xA9";
    let slice: &[u8] = bytes;
    assert_eq!(line, *bytes);
    assert_eq!(line, bytes);
    assert_eq!(line, *slice);
    assert_eq!(line, slice);
    assert_eq!(line, bytes.to_vec());
    assert_eq!(line, *BStr::new(bytes));
    assert_eq!(line, BStr::new(bytes));
    assert_eq!(line, BString::from("café"));

    let (text, string) = ("café", String::from("café"));
    assert_eq!(line, *text);
    assert_eq!(line, text);
    assert_eq!(line, string);
    assert_eq!(*text, line);
    assert_eq!(text, line);
    assert_eq!(string, line);
    assert_ne!(line, "cafe");
}

#[test]
fn lines_are_in_the_order_of_their_bytes_wherever_they_are() {
    let mut sorted: Vec<Line> = lines::read(&b"b\n\na\xFF\nb\na\n"[..]).flatten().collect();
    sorted.sort();
    assert_eq!(sorted, [&b""[..], b"a", b"a\xFF", b"b", b"b"]);
    assert_eq!(line(b"same\n"), line(b"same"));
}

#[test]
fn a_map_of_lines_is_asked_by_bytes() {
    let numbers: HashMap<Line, usize> =
        lines::read(&b"one\ntwo\n"[..]).flatten().zip(1..).collect();
    assert_eq!(numbers.get(&b"two"[..]), Some(&2));
    assert_eq!(numbers.get(BStr::new("one")), Some(&1));
}
