//! Counting.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use bstr::ByteSlice as _;
use chrono::{DateTime, FixedOffset, NaiveDate, Timelike as _};
use foldhash::fast::RandomState;
use headwater::Line;

use crate::clock::Clock;
use crate::entry::Entry;
use crate::report::{Place, Ranking, Report};

/// Of so many unparsed lines the report tells where they are.
const PLACES: usize = 5;

/// What has been counted so far.
#[derive(Debug)]
pub(crate) struct Tally {
    clock: Clock,
    lines: u64,
    parsed: u64,
    /// The first lines that are no entries, at most [`PLACES`].
    unparsed: Vec<Place>,
    /// Wide enough for every sum of 64-bit numbers that a log can hold.
    bytes: u128,
    /// The earliest and the latest time; `None` before the first entry.
    range: Option<(DateTime<FixedOffset>, DateTime<FixedOffset>)>,
    days: BTreeMap<NaiveDate, u64>,
    hours: [u64; 24],
    statuses: Box<[u64; 1000]>,
    paths: Counter,
    hosts: Counter,
    referrers: Counter,
    agents: Counter,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            clock: Clock::default(),
            lines: 0,
            parsed: 0,
            unparsed: Vec::new(),
            bytes: 0,
            range: None,
            days: BTreeMap::new(),
            hours: [0; 24],
            statuses: Box::new([0; 1000]),
            paths: Counter::default(),
            hosts: Counter::default(),
            referrers: Counter::default(),
            agents: Counter::default(),
        }
    }
}

impl Tally {
    pub(crate) fn lines(&self) -> u64 {
        self.lines
    }

    pub(crate) fn add(&mut self, line: &Line) {
        self.lines += 1;
        // Of a line that was cut nobody knows what it said.
        let entry = if line.is_truncated() { None } else { Entry::parse(line, &mut self.clock) };
        let Some(entry) = entry else {
            if self.unparsed.len() < PLACES {
                let file =
                    line.path().map_or_else(|| "-".into(), |path| path.display().to_string());
                self.unparsed.push(Place { file, offset: line.offset() });
            }
            return;
        };
        self.parsed += 1;
        self.bytes += u128::from(entry.bytes);
        let (first, last) = self.range.unwrap_or((entry.time, entry.time));
        self.range = Some((first.min(entry.time), last.max(entry.time)));
        *self.days.entry(entry.time.date_naive()).or_default() += 1;
        self.hours[entry.time.hour() as usize] += 1;
        self.statuses[entry.status] += 1;
        self.paths.add(entry.path());
        self.hosts.add(entry.host);
        entry.referrer.into_iter().for_each(|text| self.referrers.add(text));
        entry.agent.into_iter().for_each(|text| self.agents.add(text));
    }

    /// Returns what was counted, with the `top` most frequent of each list; 0 stands for all.
    pub(crate) fn report(self, top: usize) -> Report {
        let top = if top == 0 { usize::MAX } else { top };
        Report {
            lines: self.lines,
            parsed: self.parsed,
            unparsed: self.lines - self.parsed,
            unparsed_first: self.unparsed,
            bytes: self.bytes,
            first: self.range.map(|(first, _)| first.to_rfc3339()),
            last: self.range.map(|(_, last)| last.to_rfc3339()),
            days: self.days.into_iter().map(|(day, count)| (day.to_string(), count)).collect(),
            hours: (0..)
                .zip(self.hours)
                .map(|(hour, count)| (format!("{hour:02}"), count))
                .collect(),
            status: (0..)
                .zip(*self.statuses)
                .filter(|(_, count)| *count > 0)
                .map(|(code, count)| (format!("{code:03}"), count))
                .collect(),
            paths: self.paths.ranking(top),
            hosts: self.hosts.ranking(top),
            referrers: self.referrers.ranking(top),
            agents: self.agents.ranking(top),
        }
    }
}

/// Counts texts. Only a text that it has not seen before is copied.
///
/// The hash is seeded at random: what is in a log is up to strangers.
#[derive(Debug, Default)]
struct Counter(HashMap<Box<[u8]>, u64, RandomState>);

impl Counter {
    fn add(&mut self, text: &[u8]) {
        if let Some(count) = self.0.get_mut(text) {
            *count += 1;
        } else {
            self.0.insert(text.into(), 1);
        }
    }

    fn ranking(mut self, top: usize) -> Ranking {
        // What is not UTF-8 is made so here: two texts that look the same are then one.
        let invalid: Vec<_> = self.0.extract_if(|text, _| text.to_str().is_err()).collect();
        for (text, count) in invalid {
            let text = text.to_str_lossy().into_owned().into_bytes();
            *self.0.entry(text.into()).or_default() += count;
        }
        let distinct = self.0.len();
        let mut counts: Vec<_> =
            self.0.into_iter().map(|(text, count)| (Reverse(count), text)).collect();
        if top < distinct {
            counts.select_nth_unstable(top);
            counts.truncate(top);
        }
        counts.sort_unstable();
        let text = |text: &[u8]| text.to_str_lossy().into_owned();
        let top = counts.iter().map(|(Reverse(count), key)| (text(key), *count)).collect();
        Ranking { distinct, top }
    }
}
