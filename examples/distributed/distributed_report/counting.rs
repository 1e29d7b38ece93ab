//! The dataflow: count, exchange, add up, rank, and bring together.

use std::cell::RefCell;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::rc::Rc;

use headwater::distributed::{Failure, fold, source};
use headwater::lines::Block;
use headwater_examples::{Counter, Ranking, Report, Tally, Totals};
use serde::{Deserialize, Serialize};
use timely::dataflow::channels::pact::{Exchange, Pipeline};
use timely::worker::Worker;

use crate::part;
use crate::plan::Plan;

/// A worker holds so many blocks at most that are not counted yet.
const IN_FLIGHT: NonZeroUsize = NonZeroUsize::new(4).unwrap();

/// What workers send each other.
#[derive(Deserialize, Serialize)]
enum Count {
    Totals(Box<Totals>),
    /// How often a text is in one of the four lists.
    Text(u8, String, u64),
}

impl Count {
    /// Says which worker adds it up. It is the same in all processes, unlike seeds of hash maps.
    fn home(&self) -> u64 {
        match self {
            Self::Totals(_) => 0,
            Self::Text(list, text, _) => {
                let mut hasher = DefaultHasher::new();
                (list, text).hash(&mut hasher);
                hasher.finish()
            }
        }
    }
}

/// What has been added up of what others counted.
#[derive(Default)]
struct Sums {
    totals: Totals,
    texts: [Counter; 4],
}

/// Counts this worker's parts and takes part in the rest; worker 0 returns the report.
pub(crate) fn run(
    worker: &mut Worker,
    plan: &Plan,
    paths: &[PathBuf],
    top: usize,
) -> Result<Option<Report>, Failure> {
    let index = worker.index();
    let paths = paths.to_vec();
    let parts = plan.of_worker(index).into_iter();
    let blocks = parts.flat_map(move |part| {
        let path = &paths[part.file];
        part::blocks(part, path)
    });
    let report = Rc::new(RefCell::new(None));
    let told = Rc::clone(&report);
    let failures = worker.dataflow(|scope| {
        let (counts, failures) = source(scope, blocks, IN_FLIGHT, |blocks| {
            fold(blocks, Pipeline, Tally::default(), count, counts)
        });
        let by_home = Exchange::new(Count::home);
        let ranked = fold(counts, by_home, Sums::default(), add, move |sums| {
            Some((sums.totals, sums.texts.map(|texts| texts.ranking(top))))
        });
        let to_first = Exchange::new(|_: &(Totals, [Ranking; 4])| 0);
        let merge = move |all: &mut (Totals, [Ranking; 4]),
                          (totals, lists): (Totals, [Ranking; 4])| {
            all.0.merge(totals);
            all.1.iter_mut().zip(lists).for_each(|(all, list)| all.merge(list, top));
        };
        fold(ranked, to_first, Default::default(), merge, move |(totals, lists)| {
            *told.borrow_mut() = (index == 0).then(|| Report::new(totals, lists));
            None::<()>
        });
        failures
    });
    while worker.has_dataflows() {
        worker.step_or_park(None);
    }
    match failures.first() {
        Some(failure) => Err(failure),
        None => Ok(report.take()),
    }
}

fn count(tally: &mut Tally, (part, block): (u64, Block)) {
    tally.begin(part);
    block.for_each(|line| tally.add(&line));
}

/// Gives what was counted, each text for itself.
fn counts(tally: Tally) -> impl Iterator<Item = Count> {
    let (totals, texts) = tally.into_parts();
    let texts = (0..).zip(texts).flat_map(|(list, texts)| {
        texts.into_texts().map(move |(text, count)| Count::Text(list, text, count))
    });
    std::iter::once(Count::Totals(Box::new(totals))).chain(texts)
}

fn add(sums: &mut Sums, count: Count) {
    match count {
        Count::Totals(totals) => sums.totals.merge(*totals),
        Count::Text(list, text, count) => {
            sums.texts[usize::from(list)].add_many(text.into_bytes().into(), count);
        }
    }
}
