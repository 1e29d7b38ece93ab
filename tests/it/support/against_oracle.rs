//! Holds a source of lines against the oracle, whichever way it comes to them.

use super::oracle::Oracle;
use super::random::Random;
use super::seen::Seen;
use super::sources::{Lawful, Strategy, Visitor};

/// Holds what a source gives against the oracle, forward and where it can backward and both.
pub(crate) struct AgainstOracle<'a> {
    pub(crate) oracle: Oracle,
    /// Tells which of the lines are wanted, by their text.
    pub(crate) wanted: &'a dyn Fn(&[u8]) -> bool,
    /// What a failing test tells.
    pub(crate) context: String,
}

impl AgainstOracle<'_> {
    /// Pulls at the end that `is_front` says each time, until the oracle has nothing more.
    fn check<S: Lawful>(
        &self,
        way: &str,
        mut source: S,
        mut is_front: impl FnMut() -> bool,
        pull: impl Fn(&mut S, bool) -> Option<S::Item>,
    ) {
        let mut oracle = self.oracle.clone();
        loop {
            let front = is_front();
            let expected = self.next_wanted(&mut oracle, front);
            let given = pull(&mut source, front).map(Seen::of);
            assert_eq!(given, expected, "{way}: {}", self.context);
            if expected.is_none() {
                break;
            }
        }
        for front in [true, false] {
            assert!(pull(&mut source, front).is_none(), "{way}: it goes on, {}", self.context);
        }
        if let Some(counted) = source.long_lines() {
            assert_eq!(counted, oracle.long_lines(), "long lines, {way}: {}", self.context);
        }
    }

    fn next_wanted(&self, oracle: &mut Oracle, front: bool) -> Option<Seen> {
        let is_wanted = |item: &Seen| item.text().is_none_or(self.wanted);
        if front { oracle.find(is_wanted) } else { oracle.rfind(is_wanted) }
    }
}

impl Visitor for AgainstOracle<'_> {
    fn forward<S: Lawful>(&mut self, strategy: Strategy, open: impl Fn() -> S) {
        self.check(&strategy.to_string(), open(), || true, |source, _| source.next());
    }

    fn both_ends<S: Lawful + DoubleEndedIterator>(
        &mut self,
        strategy: Strategy,
        open: impl Fn() -> S,
    ) {
        let pull = |source: &mut S, front| if front { source.next() } else { source.next_back() };
        self.check(&format!("{strategy}, backward"), open(), || false, pull);
        let lines = self.oracle.clone().count();
        // With a thread, each change of the end starts another.
        for seed in 0..if strategy.ahead { 1 } else { 3 } {
            let (mut random, mut stay, mut front) = (Random::new(seed), 0, false);
            let either = || {
                if stay == 0 {
                    (front, stay) = (random.coin(), 1 + random.below(1 + lines / 16));
                }
                stay -= 1;
                front
            };
            let way = format!("{strategy}, both ends, seed {seed}");
            self.check(&way, open(), either, pull);
        }
    }
}
