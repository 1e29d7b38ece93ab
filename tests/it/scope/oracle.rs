//! Programs of nested scopes and stacks, and a model of what they do.

use headwater::Outcome::{self, Abandoned, Failed, Finished};

use super::ends::{End, Fails, Gives, Panics};

/// A step, or scopes and stacks around steps. What is named gets the next number as it begins.
#[derive(Clone, Debug)]
pub(super) enum Program {
    Step(End),
    Scope {
        acquire: End,
        body: Vec<Program>,
        release: End,
    },
    /// A stack that takes a release before each step of its body.
    Stack {
        body: Vec<(End, Program)>,
        way: Way,
    },
}

/// How a stack is used.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Way {
    Scope,
    Drop,
}

/// What comes of a program.
#[derive(Clone, Debug)]
enum Came {
    Gave,
    Failed(String),
    Panicked(String),
}

impl Came {
    fn of(end: End, name: String) -> Self {
        match end {
            Gives => Self::Gave,
            Fails => Self::Failed(name),
            Panics => Self::Panicked(name),
        }
    }

    fn outcome(&self) -> Outcome {
        match self {
            Self::Gave => Finished,
            Self::Failed(_) => Failed,
            Self::Panicked(_) => Abandoned,
        }
    }
}

/// Tells what a program does: what its releases are told, and what comes of it.
#[derive(Default)]
pub(super) struct Oracle {
    named: usize,
    journal: Vec<String>,
}

impl Oracle {
    pub(super) fn tell(mut self, program: &Program) -> String {
        let came = match self.run(program) {
            Came::Gave => "gave".to_owned(),
            Came::Failed(error) => format!("failed: {error}"),
            Came::Panicked(name) => format!("panicked: {name}"),
        };
        self.journal.push(came);
        self.journal.join(" ")
    }

    fn name(&mut self) -> String {
        self.named += 1;
        self.named.to_string()
    }

    fn note(&mut self, name: &str, outcome: Outcome) {
        self.journal.push(format!("{name}:{outcome:?}"));
    }

    fn run(&mut self, program: &Program) -> Came {
        match program {
            Program::Step(end) => Came::of(*end, self.name()),
            Program::Scope { acquire, body, release } => self.run_scope(*acquire, body, *release),
            Program::Stack { body, way } => self.run_stack(body, *way),
        }
    }

    fn run_scope(&mut self, acquire: End, body: &[Program], release: End) -> Came {
        let name = self.name();
        if acquire != Gives {
            return Came::of(acquire, name);
        }
        let mut came = Came::Gave;
        for step in body {
            came = self.run(step);
            if !matches!(came, Came::Gave) {
                break;
            }
        }
        self.note(&name, came.outcome());
        match (came, Came::of(release, name)) {
            (Came::Panicked(name), _) | (_, Came::Panicked(name)) => Came::Panicked(name),
            (Came::Failed(error), _) | (_, Came::Failed(error)) => Came::Failed(error),
            (Came::Gave, Came::Gave) => Came::Gave,
        }
    }

    fn run_stack(&mut self, body: &[(End, Program)], way: Way) -> Came {
        let (mut releases, mut came) = (Vec::new(), Came::Gave);
        for (release, step) in body {
            releases.push((self.name(), *release));
            came = self.run(step);
            if !matches!(came, Came::Gave) {
                break;
            }
        }
        let mut told = if way == Way::Drop { Abandoned } else { came.outcome() };
        let (mut errors, mut panics) = (Vec::new(), Vec::new());
        match came {
            Came::Gave => {}
            Came::Failed(error) => errors.push(error),
            Came::Panicked(name) => panics.push(name),
        }
        let kept = if way == Way::Drop { errors.len() } else { usize::MAX };
        for (name, release) in releases.into_iter().rev() {
            self.note(&name, told);
            match release {
                Gives => {}
                Fails => {
                    errors.push(name);
                    told = if told == Finished { Failed } else { told };
                }
                Panics => {
                    panics.push(name);
                    told = Abandoned;
                }
            }
        }
        // Nobody hears the errors of a drop.
        errors.truncate(kept);
        match (panics.into_iter().next(), errors.is_empty()) {
            (Some(first), _) => Came::Panicked(first),
            (None, true) => Came::Gave,
            (None, false) => Came::Failed(errors.join("; then, on release: ")),
        }
    }
}

#[test]
fn the_oracle_tells_what_can_be_told_by_hand() {
    let step = |end| Program::Step(end);
    let scope = |body, release| Program::Scope { acquire: Gives, body, release };
    let stack = |body, way| Program::Stack { body, way };
    let table = [
        (step(Fails), "failed: 1"),
        (scope(vec![step(Gives), step(Fails), step(Panics)], Fails), "1:Failed failed: 3"),
        (scope(vec![scope(vec![], Fails)], Panics), "2:Finished 1:Failed panicked: 1"),
        (
            stack(vec![(Fails, step(Gives)), (Fails, step(Fails))], Way::Scope),
            "3:Failed 1:Failed failed: 4; then, on release: 3; then, on release: 1",
        ),
        (stack(vec![(Fails, step(Gives))], Way::Drop), "1:Abandoned gave"),
    ];
    for (program, told) in table {
        assert_eq!(Oracle::default().tell(&program), told, "{program:?}");
    }
}
