//! Same everywhere: whichever way it comes to its lines, a source gives the same items, the same
//! errors and the same positions.

use headwater::ErrorKind;
use headwater::lines::{LongLine, Position};

use crate::support::data::Data;
use crate::support::healed::Heals;
use crate::support::inputs;
use crate::support::options::Options;
#[cfg(feature = "parallel")]
use crate::support::parallel::Parallels;
use crate::support::seen::Seen;
use crate::support::sources::{Lawful, Medium, Strategy, Visitor, visit_containing, visit_lines};

/// What a source gives, with the position before each pull, and what its error says.
type Trace = Vec<(u64, Option<Seen>, Option<String>)>;

/// Holds what every source gives against the first.
#[derive(Default)]
struct Same {
    first: Option<(Strategy, Trace)>,
    context: String,
}

impl Visitor for Same {
    fn forward<S: Lawful>(&mut self, strategy: Strategy, open: impl Fn() -> S) {
        let mut source = open();
        let mut trace = Trace::new();
        loop {
            let offset = source.position().offset();
            let item = source.next();
            let says = item.as_ref().and_then(|item| item.as_ref().err()).map(|error| {
                assert_eq!(error.path().is_some(), is_of_file(strategy), "{strategy}");
                let path = error.path().map(|path| format!("{}: ", path.display()));
                error.to_string().replace(&path.unwrap_or_default(), "")
            });
            let ended = item.is_none();
            trace.push((offset, item.map(Seen::of), says));
            if ended {
                break;
            }
        }
        trace.push((source.position().offset(), None, None));
        match &self.first {
            Some((first, expected)) => {
                assert_eq!(trace, *expected, "{strategy} is not as {first}: {}", self.context);
            }
            None => self.first = Some((strategy, trace)),
        }
    }
}

fn is_of_file(strategy: Strategy) -> bool {
    !matches!(strategy.medium, Medium::Reader | Medium::Storage)
}

#[test]
fn every_way_gives_the_same_items_errors_and_positions() {
    let new = Options::NEW;
    let bom = Options { keep_bom: true, ..new };
    let policies = [LongLine::Error, LongLine::Truncate, LongLine::Skip];
    let limits = policies.map(|policy| new.blocks_of(2).limit(4, policy));
    for (name, bytes) in inputs::small() {
        let data = Data::new(&bytes);
        for options in [new, bom.blocks_of(1)].into_iter().chain(limits) {
            let context = format!("{name}, {options:?}");
            let mut same = Same { context, ..Same::default() };
            visit_lines(&data, options, &mut same);
            visit_lines(&data, options, &mut Heals(&mut same));
            #[cfg(feature = "parallel")]
            visit_lines(&data, options, &mut Parallels(&mut same));
        }
    }
}

#[test]
fn every_search_gives_the_same_items_and_errors() {
    let data = Data::new(b"b1\na2\na3b\nb4\n\na6\nb7\na8\nlong b\na9\n");
    for options in [Options::NEW, Options::NEW.limit(3, LongLine::Error)] {
        visit_containing(&data, options.blocks_of(1), b"b", &mut Same::default());
    }
}

/// Goes to the end of the bytes, and beyond it.
struct GoesBeyond<'a>(&'a [u8]);

impl Visitor for GoesBeyond<'_> {
    fn forward<S: Lawful>(&mut self, strategy: Strategy, open: impl Fn() -> S) {
        if strategy.name == "each" {
            // Without a path, a place is one in the first file, which is empty.
            return;
        }
        let end = self.0.len() as u64;
        let mut source = open();
        source.resume_at(Position::from(end));
        assert!(source.next().is_none(), "{strategy}");

        let mut source = open();
        source.resume_at(Position::from(end + 9));
        let expected = Seen::Error { kind: ErrorKind::Shrunk, offset: Some(end) };
        assert_eq!(source.next().map(Seen::of), Some(expected), "{strategy}");
        assert!(source.next().is_none(), "{strategy}");
    }
}

#[test]
fn a_place_beyond_the_end_is_the_same_error_everywhere() {
    for bytes in [&b"1\n22\n"[..], b"1\n22", b""] {
        let data = Data::new(bytes);
        visit_lines(&data, Options::NEW, &mut GoesBeyond(bytes));
        visit_lines(&data, Options::NEW.blocks_of(2), &mut GoesBeyond(bytes));
        visit_containing(&data, Options::NEW, b"2", &mut GoesBeyond(bytes));
    }
}
