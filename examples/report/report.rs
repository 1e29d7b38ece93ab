//! What there is to report.

#[cfg(feature = "exchange")]
use serde::{Deserialize, Serialize};

use crate::places::Place;
use crate::totals::Totals;

/// What an access log says.
#[derive(Debug)]
pub struct Report {
    /// All lines.
    pub lines: u64,
    /// Those that are requests.
    pub parsed: u64,
    /// Those that are none.
    pub unparsed: u64,
    /// Where the first unparsed lines are.
    pub unparsed_first: Vec<Place>,
    /// What was sent.
    pub bytes: u128,
    /// The earliest time, as RFC 3339 writes it.
    pub first: Option<String>,
    /// The latest time.
    pub last: Option<String>,
    /// By `YYYY-MM-DD`.
    pub days: Counts,
    /// By `00` to `23`, all of them.
    pub hours: Counts,
    /// By code, of three digits.
    pub status: Counts,
    /// What was asked for.
    pub paths: Ranking,
    /// Who asked.
    pub hosts: Ranking,
    /// Which pages led there.
    pub referrers: Ranking,
    /// With which programs.
    pub agents: Ranking,
}

impl Report {
    /// Returns what was counted as it is told; `lists` are paths, hosts, referrers and user agents.
    #[must_use]
    pub fn new(totals: Totals, lists: [Ranking; 4]) -> Self {
        let [paths, hosts, referrers, agents] = lists;
        Self {
            lines: totals.lines,
            parsed: totals.parsed,
            unparsed: totals.lines - totals.parsed,
            unparsed_first: totals.unparsed.into_vec(),
            bytes: totals.bytes,
            first: totals.range.map(|(first, _)| first.to_rfc3339()),
            last: totals.range.map(|(_, last)| last.to_rfc3339()),
            days: totals.days.into_iter().map(|(day, count)| (day.to_string(), count)).collect(),
            hours: (0..)
                .zip(totals.hours)
                .map(|(hour, count)| (format!("{hour:02}"), count))
                .collect(),
            status: (0..)
                .zip(totals.statuses)
                .filter(|(_, count)| *count > 0)
                .map(|(code, count)| (format!("{code:03}"), count))
                .collect(),
            paths,
            hosts,
            referrers,
            agents,
        }
    }
}

/// Texts, and how often each is there.
pub type Counts = Vec<(String, u64)>;

/// The most frequent texts, most first.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "exchange", derive(Deserialize, Serialize))]
pub struct Ranking {
    /// How many texts there are, also outside `top`.
    pub distinct: usize,
    /// The most frequent ones, those that are as frequent sorted by text.
    pub top: Counts,
}

impl Ranking {
    /// Adds the ranking of other texts: none may be in both. The `top` most frequent stay.
    pub fn merge(&mut self, other: Self, top: usize) {
        self.distinct += other.distinct;
        self.top.extend(other.top);
        self.top.sort_unstable_by(|(text, count), (other_text, other_count)| {
            other_count.cmp(count).then_with(|| text.cmp(other_text))
        });
        self.top.truncate(top);
    }
}
