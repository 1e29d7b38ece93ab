//! `Retry-After`: seconds, dates, and what is neither.

use std::time::{SystemTime, UNIX_EPOCH};

use headwater::Retry;
use headwater::retry::{FakeClock, InvalidRetryAfter, RetryAfter};
use proptest::prelude::any;
use proptest::string::string_regex;

use super::common::{ns, s};
use crate::support::property;

#[test]
fn seconds_are_read() {
    for (text, seconds) in [
        ("0", 0),
        ("1", 1),
        ("120", 120),
        ("  7\t", 7),
        ("007", 7),
        ("99999999", 99_999_999),
        ("18446744073709551615", u64::MAX),
        ("99999999999999999999999999", u64::MAX),
    ] {
        assert_eq!(text.parse(), Ok(RetryAfter::Delay(s(seconds))), "{text}");
        assert_eq!(RetryAfter::hint(text), Some(s(seconds)));
    }
}

#[test]
fn dates_are_read_in_all_three_forms() {
    let then = UNIX_EPOCH + s(784_111_777);
    for text in [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
    ] {
        let date: RetryAfter = text.parse().unwrap();
        assert_eq!(date, RetryAfter::Date(then), "{text}");
        assert_eq!(date.delay(then - s(30)), s(30));
        assert_eq!(date.delay(then - ns(1)), ns(1));
        assert_eq!(date.delay(then), s(0));
        assert_eq!(date.delay(then + s(1)), s(0), "it is past");
        assert_eq!(RetryAfter::hint(text), Some(s(0)));
    }
    let year_9999 = RetryAfter::hint("Fri, 31 Dec 9999 23:59:59 GMT").unwrap();
    assert!(year_9999 > s(1_000_000_000));
}

#[test]
fn what_is_neither_is_no_hint() {
    for text in [
        "",
        " ",
        "soon",
        "-1",
        "+1",
        "1.5",
        "1e3",
        "0x10",
        "1 2",
        "١٢",
        "Infinity",
        "NaN",
        "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 99 Nov 1994 08:49:37 GMT",
        "1994-11-06T08:49:37Z",
        "Sun, 06 Nov 1994 08:49:37 GMT; 5",
    ] {
        assert!(text.parse::<RetryAfter>().is_err(), "{text}");
        assert_eq!(RetryAfter::hint(text), None, "{text}");
    }
    let error: InvalidRetryAfter = "soon".parse::<RetryAfter>().unwrap_err();
    assert_eq!(error.to_string(), "neither a number of seconds nor a date of HTTP");
}

#[test]
fn garbage_panics_nobody() {
    property::check(2000, &any::<String>(), |text| {
        let _ = text.parse::<RetryAfter>();
    });
    let likely = string_regex("(Sun|Mon|), ?[0-9]{1,2}[ -](Nov|Feb)[ -][0-9]{2,4} [0-9:]{5,9} GMT");
    property::check(2000, &likely.unwrap(), |text| {
        if let Ok(date) = text.parse::<RetryAfter>() {
            assert!(date.delay(UNIX_EPOCH) >= date.delay(SystemTime::now()));
        }
    });
}

#[test]
fn a_server_is_obeyed_within_limits() {
    let headers = ["0", "3", "99999999", "Thu, 01 Jan 1970 00:00:00 GMT", "soon", "3"];
    let clock = FakeClock::new();
    let retry = Retry::fixed(s(1))
        .max_attempts(6)
        .max_hint(s(10))
        .hint(|header: &&str| RetryAfter::hint(header))
        .clock(clock.clone());
    let mut answers = headers.into_iter();
    retry.call(|| Err::<(), _>(answers.next().unwrap())).unwrap_err();
    assert_eq!(clock.slept(), [1, 3, 10, 1, 1].map(s));
}
