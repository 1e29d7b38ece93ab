use std::io;

use crate::error::{Error, ErrorKind};
use crate::lines::form::Form;
use crate::lines::meter::Meter;
use crate::lines::position::Position;
use crate::lines::run::Run;
use crate::lines::wait::Wait;

/// What every origin of lines does: it gives them in runs, a block each.
pub trait Runs {
    /// Whether it can be read from its end as well.
    const BACKWARD: bool = false;

    /// Whether it can't be opened again: it goes to a position by reading up to there.
    const ONE_WAY: bool = false;

    /// Gives the next run from the front, and takes back the last one.
    fn next_run(&mut self, form: &Form, spent: Option<Run>) -> Step;

    /// Gives the next run from the back, and takes back the last one.
    fn next_run_back(&mut self, _form: &Form, _spent: Option<Run>) -> Step {
        Step::End
    }

    /// Lets go of what is open and remembers where to go on. One that is one way is never asked.
    fn seek(&mut self, _at: Position) {}

    /// Lets go of what is open, because of a line that is an error.
    fn give_up(&mut self);

    /// Tells whether something else follows what is given up.
    fn goes_on(&self) -> bool {
        false
    }

    /// Where it begins, before it has given anything.
    fn start(&self) -> Position;

    /// What it has read, in bytes as they are stored.
    fn meter(&self) -> &Meter;

    /// How many bytes it has still to give, where that is known.
    fn unread(&self) -> Option<u64> {
        None
    }

    /// Tells whether each of its reads ends by itself, and soon: none waits for a peer.
    fn is_prompt(&self) -> bool {
        true
    }
}

/// What an origin gives when it is asked for a run.
#[derive(Debug)]
pub enum Step {
    /// At least one line, unless a byte order mark is all there is.
    Run(Run),
    /// An error after which the next call goes on.
    Stalled(Error),
    /// An error after which it is closed.
    Failed(Error),
    /// Nothing, for ever; it is closed.
    End,
}

impl Step {
    /// Nothing yet. Nobody sees the error.
    pub fn pending(wait: &Wait) -> Self {
        wait.be_pending();
        Self::Stalled(Error::new(ErrorKind::Read).because(io::ErrorKind::WouldBlock.into()))
    }
}
