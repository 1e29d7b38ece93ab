//! Random programs of nested scopes and stacks do what the oracle says.

use std::cell::Cell;

use headwater::{Stack, scope};
use proptest::collection::vec;
use proptest::prop_oneof;
use proptest::sample::select;
use proptest::strategy::{Just, Strategy};

use super::ends::{End, Fails, Gives, Panics, told};
use super::journal::release;
use super::oracle::{Oracle, Program, Way};
use crate::support::log::Log;
use crate::support::property;

/// Most steps give, or programs would end before they are deep.
fn ends() -> impl Strategy<Value = End> + Clone {
    select(vec![Gives, Gives, Gives, Gives, Fails, Panics])
}

pub(super) fn programs(ways: &'static [Way]) -> impl Strategy<Value = Program> {
    ends().prop_map(Program::Step).prop_recursive(4, 24, 4, move |inner| {
        let scope = (ends(), vec(inner.clone(), 0..4), ends());
        let stack = (vec((ends(), inner), 0..4), select(ways));
        prop_oneof![
            1 => Just(Program::Step(Gives)),
            3 => scope.prop_map(|(acquire, body, release)| Program::Scope { acquire, body, release }),
            3 => stack.prop_map(|(body, way)| Program::Stack { body, way }),
        ]
    })
}

/// Runs programs with what is tested.
#[derive(Default)]
struct Run {
    log: Log,
    named: Cell<usize>,
}

impl Run {
    fn name(&self) -> String {
        self.named.set(self.named.get() + 1);
        self.named.get().to_string()
    }

    fn run(&self, program: &Program) -> Result<(), String> {
        match program {
            Program::Step(end) => end.of(self.name()),
            Program::Scope { acquire, body, release: end } => scope(
                || {
                    let name = self.name();
                    acquire.of(&*name).map(|()| name)
                },
                |_| body.iter().try_for_each(|step| self.run(step)),
                release(&self.log, *end),
            ),
            Program::Stack { body, way: Way::Scope } => {
                let unwound = Stack::scope(|stack| self.fill(stack, body));
                unwound.map_err(|unwound| unwound.to_string())
            }
            Program::Stack { body, way: Way::Drop } => self.fill(&mut Stack::new(), body),
        }
    }

    fn fill(&self, stack: &mut Stack<'_, String>, body: &[(End, Program)]) -> Result<(), String> {
        body.iter().try_for_each(|(end, step)| {
            stack.push(self.name(), release(&self.log, *end));
            self.run(step)
        })
    }
}

#[test]
fn random_programs_do_what_the_oracle_says() {
    property::check(3_000, &programs(&[Way::Scope, Way::Drop]), |program| {
        let run = Run::default();
        let came = told(|| run.run(&program));
        let journal = run.log.take();
        let expected = Oracle::default().tell(&program);
        assert_eq!(format!("{journal} {came}").trim_start(), expected, "{program:?}");
    });
}
