//! Random programs of nested async scopes and stacks do what the oracle of the sync ones says.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::executor::block_on;
use futures::future::LocalBoxFuture;
use headwater::Outcome;
use headwater::stream::{self, Stack};

use super::journal::{never, waits};
use super::runs::told;
use crate::scope::ends::End;
use crate::scope::oracle::{Oracle, Program, Way};
use crate::scope::programs::programs;
use crate::support::log::Log;
use crate::support::property;

/// Runs programs with what is tested; every step waits once.
#[derive(Default)]
struct Run {
    log: Log,
    named: Arc<AtomicUsize>,
}

async fn release(log: Log, end: End, name: String, outcome: Outcome) -> Result<(), String> {
    log.note(format_args!("{name}:{outcome:?}"));
    waits(1).await;
    end.of(name)
}

impl Run {
    fn name(&self) -> String {
        (self.named.fetch_add(1, Ordering::Relaxed) + 1).to_string()
    }

    async fn all(&self, body: &[Program]) -> Result<(), String> {
        for step in body {
            self.run(step).await?;
        }
        Ok(())
    }

    async fn fill(&self, stack: &mut Stack<String>, body: &[(End, Program)]) -> Result<(), String> {
        for (end, step) in body {
            let (log, end) = (self.log.clone(), *end);
            stack.push(self.name(), move |name, outcome| release(log, end, name, outcome));
            self.run(step).await?;
        }
        Ok(())
    }

    fn run<'a>(&'a self, program: &'a Program) -> LocalBoxFuture<'a, Result<(), String>> {
        Box::pin(async move {
            waits(1).await;
            match program {
                Program::Step(end) => end.of(self.name()),
                Program::Scope { acquire, body, release: end } => {
                    let acquire = async || {
                        let name = self.name();
                        waits(1).await;
                        acquire.of(&*name).map(|()| name)
                    };
                    let release = |name, outcome| release(self.log.clone(), *end, name, outcome);
                    stream::scope(acquire, async |_| self.all(body).await, release, never).await
                }
                Program::Stack { body, .. } => {
                    let work = async |stack: &mut Stack<String>| self.fill(stack, body).await;
                    let unwound = Stack::scope(work, never).await;
                    unwound.map_err(|unwound| unwound.to_string())
                }
            }
        })
    }
}

#[test]
fn random_programs_do_what_the_oracle_says() {
    property::check(1_000, &programs(&[Way::Scope]), |program| {
        let run = Run::default();
        let came = block_on(told(run.run(&program)));
        let journal = run.log.take();
        let expected = Oracle::default().tell(&program);
        assert_eq!(format!("{journal} {came}").trim_start(), expected, "{program:?}");
    });
}
