//! The time of a request.

use chrono::{DateTime, FixedOffset, NaiveDate};

const MONTHS: [&[u8; 3]; 12] = [
    b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec",
];

/// How long a time is in a log: `17/May/2015:10:05:03 +0000`.
pub(crate) const LEN: usize = 26;

/// Reads times, and remembers the last day and the last zone: most lines share them.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    day: Option<([u8; 11], NaiveDate)>,
    zone: Option<([u8; 5], FixedOffset)>,
}

impl Clock {
    /// Returns the time that is written there; `None` if it is none, such as 31 April.
    pub(crate) fn read(&mut self, text: &[u8; LEN]) -> Option<DateTime<FixedOffset>> {
        let [day @ .., b':', h, h2, b':', m, m2, b':', s, s2, b' ', z0, z1, z2, z3, z4] = text
        else {
            return None;
        };
        let day = match self.day {
            Some((last, parsed)) if &last == day => parsed,
            _ => self.day.insert((*day, parse_day(day)?)).1,
        };
        let zone = [*z0, *z1, *z2, *z3, *z4];
        let zone = match self.zone {
            Some((last, parsed)) if last == zone => parsed,
            _ => self.zone.insert((zone, parse_zone(zone)?)).1,
        };
        let time =
            day.and_hms_opt(two_digits(*h, *h2)?, two_digits(*m, *m2)?, two_digits(*s, *s2)?)?;
        time.and_local_timezone(zone).single()
    }
}

/// Parses `17/May/2015`.
fn parse_day(text: &[u8; 11]) -> Option<NaiveDate> {
    let [d, d2, b'/', month @ .., b'/', y, y2, y3, y4] = text else { return None };
    let month = (1..).zip(MONTHS).find(|(_, name)| *name == month)?.0;
    let year = two_digits(*y, *y2)? * 100 + two_digits(*y3, *y4)?;
    NaiveDate::from_ymd_opt(year.try_into().ok()?, month, two_digits(*d, *d2)?)
}

/// Parses `+0130`.
fn parse_zone([sign, h, h2, m, m2]: [u8; 5]) -> Option<FixedOffset> {
    let seconds = (two_digits(h, h2)? * 60 + two_digits(m, m2).filter(|m| *m < 60)?) * 60;
    let seconds = i32::try_from(seconds).ok()?;
    match sign {
        b'+' => FixedOffset::east_opt(seconds),
        b'-' => FixedOffset::west_opt(seconds),
        _ => None,
    }
}

fn two_digits(tens: u8, ones: u8) -> Option<u32> {
    Some(char::from(tens).to_digit(10)? * 10 + char::from(ones).to_digit(10)?)
}

#[cfg(test)]
mod tests {
    use super::Clock;

    #[test]
    fn times_are_read_in_their_zone() {
        let mut clock = Clock::default();
        for (text, expected) in [
            ("17/May/2015:10:05:03 +0000", "2015-05-17T10:05:03+00:00"),
            ("17/May/2015:23:59:59 +0330", "2015-05-17T23:59:59+03:30"),
            ("18/May/2015:00:00:00 -1200", "2015-05-18T00:00:00-12:00"),
            ("29/Feb/2024:00:00:00 +0000", "2024-02-29T00:00:00+00:00"),
            ("31/Dec/9999:00:00:00 +2359", "9999-12-31T00:00:00+23:59"),
        ] {
            let time = clock.read(text.as_bytes().try_into().unwrap()).unwrap();
            assert_eq!(time.to_rfc3339(), expected);
        }
    }

    #[test]
    fn times_that_do_not_exist_are_refused() {
        let mut clock = Clock::default();
        assert!(clock.read(b"17/May/2015:10:05:03 +0000").is_some());
        for text in [
            b"29/Feb/2023:00:00:00 +0000",
            b"31/Apr/2015:10:05:03 +0000",
            b"00/May/2015:10:05:03 +0000",
            b" 1/May/2015:10:05:03 +0000",
            b"17/may/2015:10:05:03 +0000",
            b"17/Mai/2015:10:05:03 +0000",
            b"17-May-2015:10:05:03 +0000",
            b"17/May/+015:10:05:03 +0000",
            b"17/May/2015:24:05:03 +0000",
            b"17/May/2015:10:60:03 +0000",
            b"17/May/2015:10:05:60 +0000",
            b"17/May/2015:1a:05:03 +0000",
            b"17/May/2015 10:05:03 +0000",
            b"17/May/2015:10:05:03 00000",
            b"17/May/2015:10:05:03 +2400",
            b"17/May/2015:10:05:03 +0060",
            b"17/May/2015:10:05:03  0000",
        ] {
            assert_eq!(clock.read(text), None, "{}", String::from_utf8_lossy(text));
        }
    }
}
