//! A second report, made in another way: a regular expression over text, and maps of strings.

use std::collections::BTreeMap;

use regex_lite::{Captures, Regex};
use serde_json::{Value, json};

const MONTHS: &str = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec";

/// Finds the fields of an entry in text as Latin-1 reads it: every byte is a character.
const ENTRY: &str = r#"(?xs)
    ^(?<host>[^\x20]+) \x20.*?\x20.*?\x20
    \[(?<day>\d\d)/(?<month>MONTHS)/(?<year>\d{4})
    :(?<hour>[01]\d|2[0-3]):[0-5]\d:[0-5]\d\x20[+-](?:[01]\d|2[0-3])[0-5]\d\]
    \x20"(?<request>(?:[^"\\]|\\.)*)" \x20(?<status>\d{3}) \x20(?<bytes>\d+|-)
    (?: $ | \x20(?: "(?<referrer>(?:[^"\\]|\\.?)*)
    (?: $ | "(?: \x20"(?<agent>(?:[^"\\]|\\.?)*)(?:$|") )? ) )? )
"#;

/// Reports on one log, all but its first and its last time.
pub(crate) fn report(name: &str, log: &[u8], top: usize) -> Value {
    let entry = Regex::new(&ENTRY.replace("MONTHS", MONTHS)).unwrap();
    let (mut parsed, mut bytes, mut offset) = (0, 0_u64, 0);
    let mut unparsed = Vec::new();
    let mut counts: BTreeMap<&str, BTreeMap<String, u64>> =
        ["days", "hours", "status", "paths", "hosts", "referrers", "agents"]
            .map(|name| (name, BTreeMap::new()))
            .into();
    let hours = (0..24).map(|hour| (format!("{hour:02}"), 0));
    counts.insert("hours", hours.collect());
    for line in log.split_inclusive(|&byte| byte == b'\n') {
        let text: String = without_end(line).iter().copied().map(char::from).collect();
        if let Some(entry) = entry.captures(&text).filter(is_possible) {
            parsed += 1;
            bytes += entry["bytes"].parse::<u64>().unwrap_or(0);
            for (list, text) in fields(&entry) {
                *counts.get_mut(list).unwrap().entry(text).or_default() += 1;
            }
        } else {
            unparsed.push(json!({"file": name, "offset": offset}));
        }
        offset += line.len();
    }
    let lines = parsed + unparsed.len();
    let mut report = json!({
        "lines": lines, "parsed": parsed, "unparsed": unparsed.len(), "bytes": bytes,
        "unparsed_first": unparsed.into_iter().take(5).collect::<Vec<_>>(),
    });
    for (name, counts) in counts {
        report[name] = match name {
            "days" | "hours" | "status" => json!(counts),
            _ => {
                let mut list: Vec<_> = counts.into_iter().collect();
                // The sort is stable, and the map is sorted by text.
                list.sort_by(|(_, a), (_, b)| b.cmp(a));
                list.truncate(top);
                json!(list)
            }
        };
    }
    report
}

/// Gives what is counted of an entry: the name of the list, and the text.
fn fields(entry: &Captures) -> Vec<(&'static str, String)> {
    let month = 1 + MONTHS.split('|').position(|month| month == &entry["month"]).unwrap();
    let request = &entry["request"];
    let path = request.split(' ').filter(|word| !word.is_empty()).nth(1).unwrap_or(request);
    let mut fields = vec![
        ("days", format!("{}-{month:02}-{}", &entry["year"], &entry["day"])),
        ("hours", entry["hour"].to_owned()),
        ("status", entry["status"].to_owned()),
        ("paths", utf8(path)),
        ("hosts", utf8(&entry["host"])),
    ];
    for (list, name) in [("referrers", "referrer"), ("agents", "agent")] {
        let text = entry.name(name).map_or("-", |found| found.as_str());
        if text != "-" && !text.is_empty() {
            fields.push((list, utf8(text)));
        }
    }
    fields
}

fn without_end(line: &[u8]) -> &[u8] {
    match line {
        [text @ .., b'\r', b'\n'] | [text @ .., b'\n'] | text => text,
    }
}

/// Tells whether there was such a day, and whether so many bytes can be counted.
fn is_possible(entry: &Captures) -> bool {
    let (day, year): (u32, u32) = (entry["day"].parse().unwrap(), entry["year"].parse().unwrap());
    let days = match &entry["month"] {
        "Feb" if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        "Feb" => 28,
        "Apr" | "Jun" | "Sep" | "Nov" => 30,
        _ => 31,
    };
    (1..=days).contains(&day) && (&entry["bytes"] == "-" || entry["bytes"].parse::<u64>().is_ok())
}

/// Reads as UTF-8 what was read as Latin-1.
fn utf8(text: &str) -> String {
    let bytes: Vec<u8> = text.chars().map(|char| u8::try_from(char).unwrap()).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}
