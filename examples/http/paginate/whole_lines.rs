//! Lines in parts that a pipe takes at once.

use std::iter;

/// A pipe takes so many bytes as a whole or not at all (POSIX says 512, Linux 4096): a reader sees no
/// line that a kill broke off, unless it is longer.
const WHOLE: usize = 4096;

/// Cuts lines into parts of whole lines that are as long as a pipe takes at once; a line that is longer
/// is a part of its own.
pub(crate) fn whole_lines(mut lines: &[u8]) -> impl Iterator<Item = &[u8]> {
    iter::from_fn(move || {
        let within = &lines[..lines.len().min(WHOLE)];
        let fits = within.iter().rposition(|&byte| byte == b'\n');
        let end = fits.or_else(|| lines.iter().position(|&byte| byte == b'\n'))?;
        let (part, rest) = lines.split_at(end + 1);
        lines = rest;
        Some(part)
    })
}

#[cfg(test)]
mod tests {
    use super::{WHOLE, whole_lines};

    #[test]
    fn parts_are_whole_lines_and_as_long_as_possible() {
        for lens in [vec![], vec![1], vec![WHOLE; 3], vec![5000, 1, 2, 9000, 1], vec![100; 1000]] {
            let lines: Vec<u8> =
                lens.iter().flat_map(|&len| [vec![b'x'; len - 1], vec![b'\n']].concat()).collect();
            let parts: Vec<_> = whole_lines(&lines).collect();
            assert_eq!(parts.concat(), lines);
            for part in &parts {
                let is_one = part.iter().position(|&byte| byte == b'\n') == Some(part.len() - 1);
                assert!(part.ends_with(b"\n") && (part.len() <= WHOLE || is_one));
            }
            assert!(parts.windows(2).all(|two| two.concat().len() > WHOLE - 100 || lens.len() < 9));
        }
    }
}
