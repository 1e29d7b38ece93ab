use std::fmt;
use std::io;
use std::mem;
use std::num::NonZeroUsize;
use std::sync::Arc;

use crate::error::{Error, ErrorKind};
use crate::lines::background::{Background, Returning, Side};
use crate::lines::form::Form;
use crate::lines::iter::Lines;
use crate::lines::meter::Meter;
use crate::lines::origin::{BackOrigin, Origin};
use crate::lines::place::Place;
use crate::lines::position::Position;
use crate::lines::run::Run;
use crate::lines::runs::{Runs, Step};
use crate::lines::wait::Wait;

impl<S: Origin + Send + 'static> Lines<S> {
    /// Reads and decompresses on a thread of its own, at most `blocks` blocks ahead.
    ///
    /// What can be read from both ends still can. It is read ahead from the end that lines are
    /// taken from; each change to the other end opens it again, and starts a new thread.
    ///
    /// The thread starts with the first pull. Positions are those of the lines given, whatever was
    /// read beyond them.
    ///
    /// Handing blocks over costs time: from files, half of `blocks` are handed over at once, and 4
    /// is a good number. From [`read`](crate::lines::read()) each is handed over as it comes.
    ///
    /// # Errors
    ///
    /// Each item may be an error of the source that it is called on, or [`ErrorKind::Read`] if no
    /// thread could be started, or the one that was is gone: it panicked, or still waits for a pipe.
    ///
    /// # Panics
    ///
    /// A panic in a reader is passed on to the pull that would have given its lines.
    ///
    /// # Resources
    ///
    /// The thread, which ends at the end, with the fatal error, or when this is dropped. Dropping
    /// waits for the read that is under way, except for [`read`](crate::lines::read()) and for
    /// pipes, which may wait for ever: their thread ends with that read.
    ///
    /// It holds at most `blocks` × block + 12 KiB more than without it.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::num::NonZeroUsize;
    ///
    /// let four = NonZeroUsize::new(4).unwrap();
    /// let log = headwater::lines("fixtures/rotated/access.log")?;
    /// assert_eq!(log.read_ahead(four).count(), 100);
    /// # Ok::<(), headwater::Error>(())
    /// ```
    pub fn read_ahead(self, blocks: NonZeroUsize) -> Lines<ReadAhead<S>> {
        Lines { ends: self.ends.map_origin(|origin| ReadAhead::new(origin, blocks)) }
    }
}

/// An origin of lines that is read on a thread.
///
/// It is created by [`Lines::read_ahead`].
pub struct ReadAhead<S> {
    state: State<S>,
    blocks: NonZeroUsize,
    /// Where it begins.
    begin: Position,
    meter: Meter,
    /// Whether another file follows one that is given up.
    goes_on: bool,
    /// The file of the last run given.
    last: Option<Arc<Place>>,
    /// A file whose lines are not wanted any more, though they may have been read.
    given_up: Option<Arc<Place>>,
    /// Up to where runs were given, from the front and from the back, once some were.
    front: Option<u64>,
    back: Option<u64>,
    /// Whom to wake, where nobody waits for the thread.
    wait: Option<Wait>,
}

enum State<S> {
    /// The thread is still to be started.
    Idle(S),
    Running(Background<S>),
    /// The thread is ending, and nobody waits for it. Then it is to be gone on there, if anywhere.
    Returning(Returning<S>, Option<Position>),
    /// There is no thread any more; the origin is there if it can be read again.
    Over(Option<S>),
}

impl<S: Runs> ReadAhead<S> {
    /// Makes one that nobody waits for, but that wakes.
    #[cfg(feature = "async")]
    pub(super) fn waking(origin: S, blocks: NonZeroUsize, wait: &Wait) -> Self {
        let mut this = Self::new(origin, blocks);
        this.wait = Some(wait.clone());
        this
    }

    /// Takes back a run whose lines have all been given.
    #[cfg(feature = "async")]
    pub(super) fn take_back(&self, spent: Run) {
        if let State::Running(running) = &self.state {
            running.take_back(spent);
        }
    }

    fn new(origin: S, blocks: NonZeroUsize) -> Self {
        Self {
            begin: origin.start(),
            meter: origin.meter().clone(),
            goes_on: origin.goes_on(),
            last: None,
            given_up: None,
            front: None,
            back: None,
            state: State::Idle(origin),
            blocks,
            wait: None,
        }
    }
}

impl<S: Runs + Send + 'static> ReadAhead<S> {
    /// Gives the next run from one side.
    fn next(&mut self, side: Side, form: &Form, spent: Option<Run>) -> Step {
        if matches!(&self.state, State::Running(running) if running.side != side) {
            self.turn();
        }
        if let Some(step) = self.take_returning() {
            return step;
        }
        if matches!(self.state, State::Idle(_))
            && let Some(origin) = self.stop()
        {
            match Background::spawn(origin, side, form, self.blocks, self.wait.clone()) {
                Ok(running) => self.state = State::Running(running),
                Err((mut origin, cause)) => {
                    origin.give_up();
                    self.state = State::Over(Some(origin));
                    return Step::Failed(self.failed(cause));
                }
            }
        }
        let running = match &mut self.state {
            State::Running(running) => running,
            State::Over(None) => {
                return Step::Failed(
                    self.failed(io::Error::other("the thread that read it is gone")),
                );
            }
            State::Idle(_) | State::Returning(..) | State::Over(Some(_)) => return Step::End,
        };
        if let Some(spent) = spent {
            running.take_back(spent);
        }
        loop {
            match running.next(&mut self.begin) {
                Some(Step::Run(run)) if self.given_up.as_ref() == Some(run.block().place()) => {}
                Some(Step::Run(run)) => {
                    self.last = Some(Arc::clone(run.block().place()));
                    match side {
                        Side::Front => self.front = Some(run.back()),
                        Side::Back => self.back = Some(run.front()),
                    }
                    return Step::Run(run);
                }
                Some(Step::Stalled(error)) if is_of(self.given_up.as_ref(), &error) => {}
                Some(step @ Step::Stalled(_)) => return step,
                step => {
                    self.state = State::Over(self.stop());
                    return step.unwrap_or(Step::End);
                }
            }
        }
    }

    fn failed(&self, cause: io::Error) -> Error {
        let path = self.begin.place.path.as_ref();
        Error::new(ErrorKind::Read).at(path, self.front.unwrap_or(self.begin.front)).because(cause)
    }

    /// Takes the origin back from a thread that nobody waited for; a step if it is still at work.
    fn take_returning(&mut self) -> Option<Step> {
        match mem::replace(&mut self.state, State::Over(None)) {
            State::Returning(returning, at) => match (returning.try_join(), &self.wait) {
                (Ok(origin), _) => {
                    self.state = State::Over(origin);
                    if let Some(at) = at {
                        self.seek(at);
                    }
                }
                (Err(returning), Some(wait)) => {
                    let step = Step::pending(wait);
                    self.state = State::Returning(returning, at);
                    return Some(step);
                }
                (Err(returning), None) => self.state = State::Over(returning.join()),
            },
            state => self.state = state,
        }
        None
    }

    /// Has the origin read from the other side: it goes back to what was given.
    fn turn(&mut self) {
        if let Some(mut origin) = self.stop() {
            origin.seek(Position {
                place: self.last.clone().unwrap_or_else(|| Arc::clone(&self.begin.place)),
                front: self.front.unwrap_or(self.begin.front),
                back: self.back.or(self.begin.back),
                rough: self.begin.rough,
            });
            self.state = State::Idle(origin);
        }
    }
}

/// Tells whether an error is of the file `given_up`, which was read on meanwhile.
fn is_of(given_up: Option<&Arc<Place>>, error: &Error) -> bool {
    given_up
        .is_some_and(|place| (place.index, place.path.as_deref()) == (error.index(), error.path()))
}

impl<S> ReadAhead<S> {
    /// Lets the thread end, where nobody waits for it.
    fn leave(&mut self) {
        if self.wait.is_some() {
            self.state = match mem::replace(&mut self.state, State::Over(None)) {
                State::Running(running) => State::Returning(running.release(), None),
                state => state,
            };
        }
    }

    /// Ends the thread, and gets the origin back.
    fn stop(&mut self) -> Option<S> {
        match mem::replace(&mut self.state, State::Over(None)) {
            State::Idle(origin) => Some(origin),
            State::Over(origin) => origin,
            State::Running(running) => running.release().join(),
            State::Returning(returning, _) => returning.join(),
        }
    }
}

impl<S> Drop for ReadAhead<S> {
    fn drop(&mut self) {
        if let State::Running(running) = mem::replace(&mut self.state, State::Over(None)) {
            let waits = running.can_be_awaited();
            let thread = running.release();
            if waits {
                thread.wait();
            }
        }
    }
}

impl<S: fmt::Debug> fmt::Debug for ReadAhead<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("ReadAhead");
        debug.field("blocks", &self.blocks).field("begin", &self.begin);
        if let State::Idle(origin) = &self.state {
            debug.field("origin", origin);
        }
        debug.finish_non_exhaustive()
    }
}

impl<S: Runs + Send + 'static> Runs for ReadAhead<S> {
    const BACKWARD: bool = S::BACKWARD;
    const ONE_WAY: bool = S::ONE_WAY;

    fn next_run(&mut self, form: &Form, spent: Option<Run>) -> Step {
        self.next(Side::Front, form, spent)
    }

    fn next_run_back(&mut self, form: &Form, spent: Option<Run>) -> Step {
        self.next(Side::Back, form, spent)
    }

    fn seek(&mut self, at: Position) {
        (self.last, self.given_up, self.front, self.back) = (None, None, None, None);
        self.leave();
        if let State::Returning(_, goes_to) = &mut self.state {
            *goes_to = Some(at.clone());
            self.begin = at;
        } else if let Some(mut origin) = self.stop() {
            origin.seek(at);
            self.begin = origin.start();
            self.state = State::Idle(origin);
        }
    }

    fn give_up(&mut self) {
        if self.goes_on {
            self.given_up = self.last.take();
            return;
        }
        self.leave();
        if matches!(&self.state, State::Running(running) if !running.prompt) {
            self.state = State::Over(None);
        } else if !matches!(self.state, State::Returning(..))
            && let Some(mut origin) = self.stop()
        {
            origin.give_up();
            self.state = State::Over(Some(origin));
        }
    }

    fn goes_on(&self) -> bool {
        self.goes_on
    }

    fn start(&self) -> Position {
        self.begin.clone()
    }

    fn meter(&self) -> &Meter {
        &self.meter
    }

    fn is_prompt(&self) -> bool {
        match &self.state {
            State::Idle(origin) | State::Over(Some(origin)) => origin.is_prompt(),
            State::Running(running) => running.prompt,
            State::Returning(..) | State::Over(None) => true,
        }
    }
}

impl<S: Origin + Send + 'static> Origin for ReadAhead<S> {}

impl<S: BackOrigin + Send + 'static> BackOrigin for ReadAhead<S> {}
