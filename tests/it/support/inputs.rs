//! The table of cases: bytes that lines have been got wrong with, by one reader or another.

use std::iter;

/// An input, with the name that a failing test tells.
pub(crate) type Input = (&'static str, Vec<u8>);

/// Inputs of a few bytes, for blocks of every size.
pub(crate) fn small() -> Vec<Input> {
    let texts: &[(&str, &[u8])] = &[
        ("empty", b""),
        ("a newline", b"\n"),
        ("only newlines", b"\n\n\n"),
        ("one byte", b"a"),
        ("one line", b"ab\n"),
        ("no final newline", b"a\nbb\nab"),
        ("an empty line first", b"\nABC\n"),
        ("empty lines first and no final newline", b"\n\n\nX"),
        ("empty lines in the middle", b"a\n\n\nb\n"),
        ("empty lines at the end", b"a\nb\n\n\n"),
        ("lines of every length", b"\na\nbb\naaa\nbbbb\naaaaa\nbbbbbb\naaaaaaa\nbbbbbbbb\n"),
        ("CRLF", b"a\r\nbb\r\n\r\nab\r\n"),
        ("CRLF and no final newline", b"a\r\nb"),
        ("only CRLF", b"\r\n\r\n"),
        ("CRLF and LF", b"a\nb\r\nab\n\r\n"),
        ("two carriage returns", b"y\r\r\nb\r\r\n"),
        ("a lone carriage return at the end", b"a\nend\r"),
        ("only a carriage return", b"\r"),
        ("carriage returns within lines", b"a\rb\n\ra\nb\r"),
        ("LF before CR", b"a\n\rb\n\r"),
        ("NUL", b"\0\0\0a\0\nb\0\n\0"),
        ("NUL between names", b"a b\0a\nb\0\0b"),
        ("NUL at the head, as truncation by copying leaves it", b"\0\0\0\0\0\0\0\0a b\nb\n"),
        ("BOM", b"\xEF\xBB\xBFa\nb\n"),
        ("only a BOM", b"\xEF\xBB\xBF"),
        ("a BOM and a newline", b"\xEF\xBB\xBF\n"),
        ("a BOM and CRLF", b"\xEF\xBB\xBF\r\na"),
        ("a BOM and no final newline", b"\xEF\xBB\xBFab"),
        ("two BOMs", b"\xEF\xBB\xBF\xEF\xBB\xBFa\n"),
        ("a BOM at the second line", b"a\n\xEF\xBB\xBFb\n"),
        ("a BOM behind a byte", b"a\xEF\xBB\xBF\n"),
        ("a part of a BOM", b"\xEF\xBB"),
        ("a part of a BOM, a line", b"\xEF\xBBa\nb\n"),
        ("UTF-16, little endian", b"\xFF\xFEa\0b\0\n\0b\0\r\0\n\0"),
        ("UTF-16, big endian", b"\xFE\xFF\0a\0b\0\n\0b\0\r\0\n"),
        ("invalid UTF-8, then valid", b"caf\xE9 a\ncaf\xC3\xA9 b\n\xFF\n"),
        ("a letter cut by a newline", b"\xC3\na\n"),
        ("the long line first", b"aaaaaaaaaab\nb\na\n"),
        ("the long line in the middle", b"a\nbbbbbbbbbba\nb\n"),
        ("the long line last", b"a\nb\naaaaaaaaaab\n"),
        ("the long line last and without an end", b"a\nb\naaaaaaaaaab"),
        ("only a long line", b"aaaaaaaaaab\n"),
        ("only a long line without an end", b"abbbbbbbbba"),
        ("long lines one after the other", b"aaaaaaaab\nbbbbbbbba\naaaaaaaab\n"),
        ("a long line that is a BOM's", b"\xEF\xBB\xBFaaaaaaaaab\nb"),
        ("a long line that ends in CRLF", b"aaaaaaaab\r\nb\r\n"),
        ("a long line that ends in a carriage return", b"b\naaaaaaaab\r"),
        ("lines of the limit, one more and one less", b"aaab\nbbbaa\naab\r\naaab\r\nbbbba\r\nbbbb"),
        ("a line of the limit behind a BOM", b"\xEF\xBB\xBFbbba\nbbbbb\n"),
    ];
    texts.iter().map(|&(name, bytes)| (name, bytes.to_vec())).collect()
}

/// Inputs with lines longer than a block of 4 KiB, some of them longer than one of 64 KiB.
pub(crate) fn large() -> Vec<Input> {
    let line = |len: usize| [vec![b'a'; len - 1], vec![b'b']].concat();
    let lines = |lens: &[usize]| {
        let lines = lens.iter().map(|&len| if len == 0 { Vec::new() } else { line(len) });
        lines.flat_map(|line| line.into_iter().chain(iter::once(b'\n'))).collect::<Vec<u8>>()
    };
    vec![
        ("a line of several blocks first", lines(&[140_000, 2, 1])),
        ("a line of several blocks in the middle", lines(&[2, 140_000, 1])),
        ("a line of several blocks last", lines(&[1, 2, 140_000])),
        ("a line of several blocks without an end", [lines(&[1, 2]), line(140_000)].concat()),
        ("lines that end where blocks do", lines(&[4095, 4096, 0, 65_535, 65_536, 65_534])),
        ("CRLF over the ends of blocks", returned(&lines(&[4095, 4095]).repeat(9))),
        ("many lines", lines(&[0, 1, 30, 90, 7]).repeat(600)),
        ("many newlines", vec![b'\n'; 9_000]),
        ("NUL over several blocks", [vec![0; 140_000], lines(&[2])].concat()),
        ("UTF-16 over several blocks", b"a\0b\0\n\0".repeat(1_500)),
    ]
}

/// Puts a carriage return before each newline.
fn returned(lines: &[u8]) -> Vec<u8> {
    let lines = lines.split_inclusive(|&byte| byte == b'\n');
    lines.flat_map(|line| [&line[..line.len() - 1], b"\r\n"].concat()).collect()
}
