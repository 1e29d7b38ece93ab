//! Counting.

use headwater::Line;

use crate::clock::Clock;
use crate::counter::Counter;
use crate::entry::Entry;
use crate::places::Place;
use crate::report::Report;
use crate::totals::Totals;

/// What has been counted so far.
///
/// The input may be cut into parts, which several tallies count: merged in any order, they report
/// what one would.
#[derive(Debug, Default)]
pub struct Tally {
    clock: Clock,
    /// Which part of the input is being counted.
    part: u64,
    totals: Totals,
    /// Paths, hosts, referrers and user agents.
    texts: [Counter; 4],
}

impl Tally {
    /// Returns how many lines were counted.
    #[must_use]
    pub fn lines(&self) -> u64 {
        self.totals.lines
    }

    /// Begins a part of the input: what is added from now on is of it, and comes in its order.
    ///
    /// Parts are numbered in the order of the input, and each is counted by one tally. A tally
    /// begins in part 0.
    pub fn begin(&mut self, part: u64) {
        self.part = part;
    }

    /// Counts a line.
    pub fn add(&mut self, line: &Line) {
        // Of a line that was cut nobody knows what it said.
        let entry = if line.is_truncated() { None } else { Entry::parse(line, &mut self.clock) };
        let Some(entry) = entry else {
            self.totals.add_unparsed(self.part, || place(line));
            return;
        };
        self.totals.add(&entry);
        let [paths, hosts, referrers, agents] = &mut self.texts;
        paths.add(entry.path());
        hosts.add(entry.host);
        entry.referrer.into_iter().for_each(|text| referrers.add(text));
        entry.agent.into_iter().for_each(|text| agents.add(text));
    }

    /// Adds what another one counted of other parts.
    pub fn merge(&mut self, other: Self) {
        self.totals.merge(other.totals);
        self.texts.iter_mut().zip(other.texts).for_each(|(sum, texts)| sum.merge(texts));
    }

    /// Returns what was counted: paths, hosts, referrers and user agents apart from the rest.
    #[must_use]
    pub fn into_parts(self) -> (Totals, [Counter; 4]) {
        (self.totals, self.texts)
    }

    /// Returns what was counted, with the `top` most frequent of each list; 0 stands for all.
    #[must_use]
    pub fn report(self, top: usize) -> Report {
        let top = if top == 0 { usize::MAX } else { top };
        Report::new(self.totals, self.texts.map(|texts| texts.ranking(top)))
    }
}

fn place(line: &Line) -> Place {
    let file = line.path().map_or_else(|| "-".into(), |path| path.display().to_string());
    Place { file, offset: line.offset() }
}

#[cfg(test)]
mod tests {
    use headwater::lines;

    use super::Tally;
    use crate::json;

    /// What is hard to merge: ties, texts that are not UTF-8, zones, lines that are no entries.
    fn log() -> Vec<u8> {
        let mut log = Vec::new();
        for n in 0..60_u32 {
            let (path, day) = (n * 7 % 11, n % 5 + 1);
            log.extend(format!("h{} - - [0{day}/Mar/2024:0{}:", n % 4, n % 3).bytes());
            log.extend(format!("00:{n:02} +0{}00] \"GET /{path}", n % 6).bytes());
            log.extend([b'/', 0xE9 + u8::try_from(n % 3).unwrap()]);
            log.extend(format!(" HTTP/1.1\" {} 7 \"-\" \"A{}\"\n", 200 + n % 9, n % 2).bytes());
            if n % 6 == 4 {
                log.extend(b"no entry\n");
            }
        }
        log
    }

    fn told(tally: Tally, top: usize) -> String {
        let mut text = Vec::new();
        json::write(&mut text, &tally.report(top)).unwrap();
        String::from_utf8(text).unwrap()
    }

    /// Counts all lines, `len` of them a part, with `count` tallies that take turns.
    fn shared_out(log: &[u8], len: usize, count: usize) -> Vec<Tally> {
        let mut tallies: Vec<_> = (0..count).map(|_| Tally::default()).collect();
        for (index, line) in lines::read(log).enumerate() {
            let part = index / len;
            let tally = &mut tallies[part % count];
            tally.begin(part as u64);
            tally.add(&line.unwrap());
        }
        tallies
    }

    #[test]
    fn tallies_of_parts_report_what_one_would() {
        let log = log();
        for top in [0, 1, 3, 100] {
            let expected = told(shared_out(&log, usize::MAX, 1).remove(0), top);
            for (len, count) in [(1, 2), (1, 7), (4, 3), (9, 5), (70, 2)] {
                let merge = |mut one: Tally, other| {
                    one.merge(other);
                    one
                };
                let forward = shared_out(&log, len, count).into_iter().reduce(merge).unwrap();
                assert_eq!(told(forward, top), expected, "{len} {count}");
                let backward = shared_out(&log, len, count).into_iter().rev().reduce(merge);
                assert_eq!(told(backward.unwrap(), top), expected, "{len} {count}, backward");
                let mut tallies = shared_out(&log, len, count);
                let right = tallies.split_off(1).into_iter().reduce(merge).unwrap();
                let nested = merge(tallies.remove(0), right);
                assert_eq!(told(nested, top), expected, "{len} {count}, from the right");
            }
        }
    }
}
