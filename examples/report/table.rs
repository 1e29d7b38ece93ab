//! The report as tables.

use std::borrow::Cow;
use std::io::{self, Write};

use comfy_table::{Cell, CellAlignment, ColumnConstraint, ContentArrangement, Row, Table};
use indicatif::{HumanBytes, HumanCount};

use crate::report::{Counts, Ranking, Report};

/// The longest bar, in columns.
const BAR: usize = 20;

/// Writes tables; on a terminal, `width` columns wide, they have bars and long texts are cut.
///
/// # Errors
///
/// Those of `out`.
pub fn write(mut out: impl Write, report: &Report, width: Option<u16>) -> io::Result<()> {
    summarize(&mut out, report)?;
    let mut section = |title: &str, counts: &Counts| {
        if counts.is_empty() {
            return Ok(());
        }
        writeln!(out, "\n{title}\n{}", table(counts, report.parsed, width).trim_fmt())
    };
    section("Requests per day", &report.days)?;
    section("Requests per hour", &report.hours)?;
    section("Status codes", &report.status)?;
    for (name, Ranking { distinct, top }) in [
        ("Paths", &report.paths),
        ("Hosts", &report.hosts),
        ("Referrers", &report.referrers),
        ("User agents", &report.agents),
    ] {
        let (shown, distinct) = (HumanCount(top.len() as u64), HumanCount(*distinct as u64));
        section(&format!("{name} ({shown} of {distinct})"), top)?;
    }
    Ok(())
}

fn summarize(out: &mut impl Write, report: &Report) -> io::Result<()> {
    writeln!(out, "Lines        {}", HumanCount(report.lines))?;
    writeln!(out, "Requests     {}", HumanCount(report.parsed))?;
    writeln!(out, "Unparsed     {}", HumanCount(report.unparsed))?;
    for place in &report.unparsed_first {
        writeln!(out, "             {} at byte {}", printable(&place.file), place.offset)?;
    }
    let rounded = HumanBytes(report.bytes.try_into().unwrap_or(u64::MAX));
    writeln!(out, "Bytes sent   {} ({rounded})", report.bytes)?;
    if let (Some(first), Some(last)) = (&report.first, &report.last) {
        writeln!(out, "First        {first}\nLast         {last}")?;
    }
    Ok(())
}

fn table(counts: &Counts, requests: u64, width: Option<u16>) -> Table {
    let longest = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    if let Some(width) = width {
        // A text is cut where the terminal ends, not between two of its words.
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        table.set_delimiter('\n').set_truncation_indicator("…");
    }
    for (text, count) in counts {
        let mut row = Row::new();
        row.max_height(1);
        row.add_cell(right(HumanCount(*count).to_string()));
        row.add_cell(right(share(*count, requests)));
        if width.is_some() {
            row.add_cell(Cell::new(bar(*count, longest)));
        }
        row.add_cell(Cell::new(printable(text)));
        table.add_row(row);
    }
    // Where there is too little room, it is the text that gives way.
    for column in table.column_iter_mut().rev().skip(1) {
        column.set_constraint(ColumnConstraint::ContentWidth);
    }
    table
}

fn right(text: String) -> Cell {
    Cell::new(text).set_alignment(CellAlignment::Right)
}

/// Writes a share in percent, rounded to one digit behind the point.
fn share(count: u64, of: u64) -> String {
    let thousandth = (u128::from(count) * 1000 + u128::from(of) / 2) / u128::from(of.max(1));
    format!("{}.{} %", thousandth / 10, thousandth % 10)
}

/// Draws a bar of blocks, to the eighth of a column; what is not 0 is seen.
fn bar(count: u64, longest: u64) -> String {
    const PARTS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = u128::from(count) * (BAR as u128 * 8) / u128::from(longest.max(1));
    let eighths = usize::try_from(eighths).unwrap_or(0).max(usize::from(count > 0));
    "█".repeat(eighths / 8) + PARTS[eighths % 8]
}

/// Escapes what a terminal would obey: a log holds what strangers sent.
fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return text.into();
    }
    text.chars()
        .map(|char| if char.is_control() { char.escape_default().to_string() } else { char.into() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{bar, printable, share, table, write};
    use crate::places::Place;
    use crate::report::{Ranking, Report};

    #[test]
    fn a_report_has_a_section_for_each_list_that_is_not_empty() {
        let counts = |text: &str| vec![(text.to_owned(), 1500)];
        let ranking = |text: &str| Ranking { distinct: 2000, top: counts(text) };
        let report = Report {
            lines: 1501,
            parsed: 1500,
            unparsed: 1,
            unparsed_first: vec![Place { file: "a.log".into(), offset: 7 }],
            bytes: u128::from(u64::MAX) + 1,
            first: Some("2024-03-01T00:00:00+00:00".into()),
            last: Some("2024-03-01T00:00:01+00:00".into()),
            days: counts("2024-03-01"),
            hours: counts("00"),
            status: counts("200"),
            paths: ranking("/"),
            hosts: ranking("::1"),
            referrers: Ranking { distinct: 0, top: Vec::new() },
            agents: ranking("A"),
        };
        let mut text = Vec::new();
        write(&mut text, &report, None).unwrap();
        let expected = "\
Lines        1,501
Requests     1,500
Unparsed     1
             a.log at byte 7
Bytes sent   18446744073709551616 (16.00 EiB)
First        2024-03-01T00:00:00+00:00
Last         2024-03-01T00:00:01+00:00

Requests per day
 1,500  100.0 %  2024-03-01

Requests per hour
 1,500  100.0 %  00

Status codes
 1,500  100.0 %  200

Paths (1 of 2,000)
 1,500  100.0 %  /

Hosts (1 of 2,000)
 1,500  100.0 %  ::1

User agents (1 of 2,000)
 1,500  100.0 %  A
";
        assert_eq!(String::from_utf8(text).unwrap(), expected);
    }

    #[test]
    fn a_table_fits_the_terminal() {
        let counts = vec![("/a b c d e f g h i j k l".repeat(4), 1234), ("é".repeat(30), 617)];
        let text = table(&counts, 2468, Some(50)).trim_fmt();
        assert_eq!(
            text,
            " 1,234  50.0 %  ████████████████████  /a b c d e…\n   617  25.0 %  ██████████            éééééééééé…"
        );
    }

    #[test]
    fn bars_are_as_long_as_their_count() {
        assert_eq!(bar(0, 0), "");
        assert_eq!(bar(0, 9), "");
        assert_eq!(bar(1, u64::MAX), "▏");
        assert_eq!(bar(u64::MAX, u64::MAX), "█".repeat(20));
        assert_eq!(bar(3, 8), "███████▌");
    }

    #[test]
    fn shares_are_rounded() {
        assert_eq!(share(0, 0), "0.0 %");
        assert_eq!(share(1, 3), "33.3 %");
        assert_eq!(share(2, 3), "66.7 %");
        assert_eq!(share(u64::MAX, u64::MAX), "100.0 %");
    }

    #[test]
    fn what_a_terminal_obeys_is_escaped() {
        assert_eq!(printable("/é ü"), "/é ü");
        assert_eq!(printable("\x1B[2J\u{9B}m\n"), "\\u{1b}[2J\\u{9b}m\\n");
    }
}
