//! Both ends: backward is forward reversed, and meeting in the middle loses nothing.

use headwater::lines::LongLine;

use crate::support::data::Data;
use crate::support::inputs;
use crate::support::options::Options;
use crate::support::seen::Seen;
use crate::support::sources::{Lawful, Strategy, Visitor, visit_containing, visit_lines};

/// Takes some items from one end, and the rest from the other, for every number of items.
struct Meets(String);

impl Visitor for Meets {
    fn both_ends<S: Lawful + DoubleEndedIterator>(
        &mut self,
        strategy: Strategy,
        open: impl Fn() -> S,
    ) {
        let context = format!("{strategy}: {}", self.0);
        let mut forward = open();
        let items: Vec<Seen> = forward.by_ref().map(Seen::of).collect();
        let long = forward.long_lines();
        let few = items.len().min(if strategy.ahead || items.len() > 20 { 1 } else { 6 });
        for taken in (0..=few).chain(items.len() - few..=items.len()) {
            let mut source = open();
            let mut met: Vec<Seen> = source.by_ref().take(taken).map(Seen::of).collect();
            let back: Vec<Seen> = source.by_ref().rev().map(Seen::of).collect();
            met.extend(back.into_iter().rev());
            assert_eq!(met, items, "{taken} from the front; {context}");
            assert_eq!(source.long_lines(), long, "{taken} from the front; {context}");

            let mut source = open();
            let back: Vec<Seen> = source.by_ref().rev().take(taken).map(Seen::of).collect();
            let mut met: Vec<Seen> = source.by_ref().map(Seen::of).collect();
            met.extend(back.into_iter().rev());
            assert_eq!(met, items, "{taken} from the back; {context}");
            assert_eq!(source.long_lines(), long, "{taken} from the back; {context}");
        }
    }
}

#[test]
fn both_ends_meet_wherever_they_do() {
    let inputs = inputs::small().into_iter().filter(|(_, bytes)| bytes.len() > 8);
    for (name, bytes) in inputs.chain(inputs::large()) {
        let data = Data::new(&bytes);
        let [truncate, skip] =
            [LongLine::Truncate, LongLine::Skip].map(|policy| Options::NEW.limit(4, policy));
        for options in [Options::NEW, truncate, skip] {
            let options = if bytes.len() < 100 { options.blocks_of(3) } else { options };
            let mut check = Meets(format!("{name}, {options:?}"));
            visit_lines(&data, options, &mut check);
            visit_containing(&data, options, b"b", &mut check);
        }
    }
}
