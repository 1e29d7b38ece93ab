//! What is counted beside texts.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset, NaiveDate, Timelike as _};
#[cfg(feature = "exchange")]
use serde::{Deserialize, Serialize};

use crate::entry::Entry;
use crate::places::{Place, Places};

/// All that a report tells but the lists of texts: small, however long the log is.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "exchange", derive(Deserialize, Serialize))]
pub struct Totals {
    pub(crate) lines: u64,
    pub(crate) parsed: u64,
    /// The first lines that are no entries.
    pub(crate) unparsed: Places,
    /// Wide enough for every sum of 64-bit numbers that a log can hold.
    pub(crate) bytes: u128,
    /// The earliest and the latest time; `None` before the first entry.
    pub(crate) range: Option<(DateTime<FixedOffset>, DateTime<FixedOffset>)>,
    pub(crate) days: BTreeMap<NaiveDate, u64>,
    pub(crate) hours: [u64; 24],
    /// By code, all that three digits can write.
    pub(crate) statuses: Vec<u64>,
}

impl Default for Totals {
    fn default() -> Self {
        Self {
            lines: 0,
            parsed: 0,
            unparsed: Places::default(),
            bytes: 0,
            range: None,
            days: BTreeMap::new(),
            hours: [0; 24],
            statuses: vec![0; 1000],
        }
    }
}

impl Totals {
    pub(crate) fn add(&mut self, entry: &Entry) {
        self.lines += 1;
        self.parsed += 1;
        self.bytes += u128::from(entry.bytes);
        self.widen((entry.time, entry.time));
        *self.days.entry(entry.time.date_naive()).or_default() += 1;
        self.hours[entry.time.hour() as usize] += 1;
        self.statuses[entry.status] += 1;
    }

    pub(crate) fn add_unparsed(&mut self, part: u64, place: impl FnOnce() -> Place) {
        // Within a part the number of lines grows, and so tells their order.
        self.unparsed.add(part, self.lines, place);
        self.lines += 1;
    }

    /// Adds the totals of other parts of the input.
    pub fn merge(&mut self, other: Self) {
        self.lines += other.lines;
        self.parsed += other.parsed;
        self.unparsed.merge(other.unparsed);
        self.bytes += other.bytes;
        if let Some(range) = other.range {
            self.widen(range);
        }
        for (day, count) in other.days {
            *self.days.entry(day).or_default() += count;
        }
        self.hours.iter_mut().zip(other.hours).for_each(|(sum, count)| *sum += count);
        self.statuses.iter_mut().zip(other.statuses).for_each(|(sum, count)| *sum += count);
    }

    fn widen(&mut self, (first, last): (DateTime<FixedOffset>, DateTime<FixedOffset>)) {
        let (earliest, latest) = self.range.unwrap_or((first, last));
        self.range = Some((earliest.min(first), latest.max(last)));
    }
}
