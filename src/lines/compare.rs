//! What a line can be compared with: bytes and texts, byte by byte.

use std::cmp::Ordering;

use bstr::{BStr, BString};

use crate::lines::line::Line;

impl Eq for Line {}

impl PartialEq for Line {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

impl PartialEq<[u8]> for Line {
    fn eq(&self, other: &[u8]) -> bool {
        self.bytes() == other
    }
}

impl PartialEq<&[u8]> for Line {
    fn eq(&self, other: &&[u8]) -> bool {
        self.bytes() == *other
    }
}

impl PartialEq<str> for Line {
    fn eq(&self, other: &str) -> bool {
        self.bytes() == other.as_bytes()
    }
}

impl PartialEq<&str> for Line {
    fn eq(&self, other: &&str) -> bool {
        self.bytes() == other.as_bytes()
    }
}

impl<const N: usize> PartialEq<[u8; N]> for Line {
    fn eq(&self, other: &[u8; N]) -> bool {
        self.bytes() == other
    }
}

impl<const N: usize> PartialEq<&[u8; N]> for Line {
    fn eq(&self, other: &&[u8; N]) -> bool {
        self.bytes() == *other
    }
}

impl PartialEq<BStr> for Line {
    fn eq(&self, other: &BStr) -> bool {
        self.bytes() == &**other
    }
}

impl PartialEq<BString> for Line {
    fn eq(&self, other: &BString) -> bool {
        self.bytes() == other.as_slice()
    }
}

impl PartialEq<Vec<u8>> for Line {
    fn eq(&self, other: &Vec<u8>) -> bool {
        self.bytes() == other.as_slice()
    }
}

impl PartialEq<&BStr> for Line {
    fn eq(&self, other: &&BStr) -> bool {
        self.bytes() == &***other
    }
}

impl PartialEq<String> for Line {
    fn eq(&self, other: &String) -> bool {
        self.bytes() == other.as_bytes()
    }
}

impl PartialEq<Line> for str {
    fn eq(&self, other: &Line) -> bool {
        self.as_bytes() == other.bytes()
    }
}

impl PartialEq<Line> for &str {
    fn eq(&self, other: &Line) -> bool {
        self.as_bytes() == other.bytes()
    }
}

impl PartialEq<Line> for String {
    fn eq(&self, other: &Line) -> bool {
        self.as_bytes() == other.bytes()
    }
}

impl Ord for Line {
    fn cmp(&self, other: &Self) -> Ordering {
        self.bytes().cmp(other.bytes())
    }
}

impl PartialOrd for Line {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
