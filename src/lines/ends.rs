use std::sync::Arc;

use crate::error::{Error, ErrorKind};
use crate::lines::form::{Form, LongLine};
use crate::lines::line::Line;
use crate::lines::place::Place;
use crate::lines::position::Position;
use crate::lines::run::{Cut, Run};
use crate::lines::runs::{Runs, Step};

/// Lines from both ends of an origin: the loop around the machine that [`Run`] is.
pub(super) struct Ends<S> {
    pub(super) origin: S,
    pub(super) form: Form,
    /// Lines that were read from the front and are still to be given; at last maybe what is left
    /// of those that were read from the back.
    pub(super) front: Option<Run>,
    /// The same, read from the back.
    pub(super) back: Option<Run>,
    /// Where it was when a run was last asked for; all `None` before that.
    left: Left,
    /// Where it is to go on, while an origin that is one way still has to get there.
    target: Option<u64>,
    /// Where it is to go on, and can't; then `held` is what was `front`.
    lost: Option<u64>,
    held: Option<Run>,
    state: State,
    /// Whether the last error may be gone when it is gone on with.
    can_recover: bool,
    long_lines: u64,
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum State {
    Going,
    /// It gives nothing any more, and holds nothing either.
    Ended,
    /// So after an error.
    Failed,
}

/// What is known of the position while no run says it.
#[derive(Default)]
struct Left {
    place: Option<Arc<Place>>,
    front: Option<u64>,
    back: Option<u64>,
}

#[derive(Clone, Copy)]
enum Side {
    Front,
    Back,
}

impl<S> Ends<S> {
    /// Puts its origin into another.
    pub(super) fn map_origin<T>(self, wrap: impl FnOnce(S) -> T) -> Ends<T> {
        Ends {
            origin: wrap(self.origin),
            form: self.form,
            front: self.front,
            back: self.back,
            left: self.left,
            target: self.target,
            lost: self.lost,
            held: self.held,
            state: self.state,
            can_recover: self.can_recover,
            long_lines: self.long_lines,
        }
    }

    pub(super) fn long_lines(&self) -> u64 {
        self.long_lines
    }

    pub(super) fn can_recover(&self) -> bool {
        self.can_recover
    }

    pub(super) fn has_ended(&self) -> bool {
        self.state != State::Going && self.lost.is_none()
    }
}

impl<S: Runs> Ends<S> {
    pub(super) fn new(origin: S) -> Self {
        Self {
            origin,
            form: Form::default(),
            front: None,
            back: None,
            left: Left::default(),
            target: None,
            lost: None,
            held: None,
            state: State::Going,
            can_recover: true,
            long_lines: 0,
        }
    }

    /// How many bytes it has still to give at most, where that is known.
    pub(super) fn most(&self) -> Option<usize> {
        let runs = [&self.front, &self.back].into_iter().flatten();
        let loaded: u64 = runs.map(|run| run.back() - run.front()).sum();
        let unread = if self.has_ended() { Some(0) } else { self.origin.unread() };
        unread.and_then(|unread| usize::try_from(unread + loaded).ok())
    }

    #[inline]
    pub(super) fn next_front(&mut self) -> Option<Result<Line, Error>> {
        match self.front.as_mut().and_then(|run| run.cut_front(&self.form)) {
            Some(line) => Some(Ok(line)),
            None => self.pull_front(),
        }
    }

    #[inline]
    pub(super) fn next_back(&mut self) -> Option<Result<Line, Error>> {
        match self.back.as_mut().and_then(|run| run.cut_back(&self.form)) {
            Some(line) => Some(Ok(line)),
            None => self.pull_back(),
        }
    }

    pub(super) fn position(&self) -> Position {
        let here = self.here();
        Position { front: self.lost.or(self.target).unwrap_or(here.front), ..here }
    }

    /// Where the next line is, wherever it is to go on.
    fn here(&self) -> Position {
        let start = self.origin.start();
        let run = self.front.as_ref().or(self.back.as_ref());
        let place = run.map(|run| run.block().place()).or(self.left.place.as_ref());
        let front = self.front.as_ref().map(Run::front).or(self.left.front);
        let back = self.back.as_ref().map(Run::back).or(self.left.back);
        let rough =
            start.rough && back.is_none() && place.is_none_or(|place| **place == *start.place);
        Position {
            place: place.map_or(start.place, Arc::clone),
            front: front.unwrap_or(start.front),
            back: back.or(start.back),
            rough,
        }
    }

    pub(super) fn resume_at(&mut self, at: Position) {
        if S::ONE_WAY {
            return self.go_on_to(at.front);
        }
        self.front = None;
        self.back = None;
        self.left = Left::default();
        self.state = State::Going;
        self.origin.seek(at);
    }

    /// Goes on with what is open, up to a later offset; all else is out of reach.
    fn go_on_to(&mut self, offset: u64) {
        (self.target, self.lost) = (None, None);
        self.front = self.held.take().or(self.front.take());
        let here = self.here().front;
        match self.state {
            State::Ended if offset == here => {}
            State::Going | State::Ended if offset >= here => {
                self.state = State::Going;
                self.target = Some(offset).filter(|&offset| offset > here);
                self.pass();
            }
            State::Going | State::Ended | State::Failed => {
                self.note();
                self.held = self.front.take();
                self.lost = Some(offset);
            }
        }
    }

    /// Passes over what is before the place to go on at.
    fn pass(&mut self) {
        if let (Some(target), Some(run)) = (self.target, &mut self.front) {
            run.pass_to_offset(target);
            self.target = Some(target).filter(|&target| run.front() < target);
        }
    }

    /// Has lines in `front`, if there are any more.
    pub(super) fn load_front(&mut self) -> Option<Result<(), Error>> {
        if let Some(offset) = self.lost {
            return Some(Err(self.fail_to_reach(offset)));
        }
        if self.state != State::Going {
            return None;
        }
        self.note();
        let end = self.here().front;
        let mut step = self.origin.next_run(&self.form, self.front.take());
        if let (Step::End, Some(offset)) = (&step, self.target) {
            step = Step::Failed(Error::new(ErrorKind::Shrunk).at(None, end).number(offset));
        }
        match (step, &mut self.back) {
            (Step::Run(run), _) => {
                self.front = Some(run);
                self.pass();
            }
            (Step::End, Some(back)) if !back.is_empty() => {
                self.front = Some(back.split_off_front());
            }
            (step, _) => return self.stop(step),
        }
        Some(Ok(()))
    }

    /// Has lines in `back`, if there are any more.
    pub(super) fn load_back(&mut self) -> Option<Result<(), Error>> {
        if self.state != State::Going {
            return None;
        }
        self.note();
        let step = self.origin.next_run_back(&self.form, self.back.take());
        match (step, &mut self.front) {
            (Step::Run(run), _) => self.back = Some(run),
            (Step::End, Some(front)) if !front.is_empty() => {
                self.back = Some(front.split_off_back());
            }
            (step, _) => return self.stop(step),
        }
        Some(Ok(()))
    }

    /// Ends, unless it only stalled.
    fn stop(&mut self, step: Step) -> Option<Result<(), Error>> {
        self.identify();
        match step {
            Step::Run(_) => Some(Ok(())),
            Step::Stalled(error) => {
                self.can_recover = error.is_transient();
                Some(Err(error))
            }
            Step::Failed(error) => {
                self.can_recover = error.is_transient() && !S::ONE_WAY;
                self.end(State::Failed);
                Some(Err(error))
            }
            Step::End => {
                self.end(State::Ended);
                None
            }
        }
    }

    /// Notes where it is, before a run is let go.
    fn note(&mut self) {
        let Position { place, front, back, rough } = self.here();
        let is_told = !rough || self.front.is_some() || self.left.front.is_some();
        if is_told {
            let back = back.filter(|_| !rough);
            self.left = Left { place: Some(place), front: Some(front), back };
        }
    }

    /// Notes which file it is, if the pull that gave nothing found it out: the next one that fails
    /// there must fail at an equal position.
    fn identify(&mut self) {
        let found = self.origin.start().place;
        if let Some(noted) = &mut self.left.place
            && noted.identity.is_none()
            && (&noted.path, noted.index) == (&found.path, found.index)
        {
            *noted = found;
        }
    }

    /// Ends because of a place that can't be gone back to.
    fn fail_to_reach(&mut self, offset: u64) -> Error {
        self.origin.give_up();
        self.end(State::Failed);
        self.can_recover = false;
        let Position { place, front, .. } = self.position();
        Error::new(ErrorKind::Unseekable).at(place.path.as_ref(), front).number(offset)
    }

    fn end(&mut self, state: State) {
        self.state = state;
        (self.target, self.lost, self.held) = (None, None, None);
        (self.front, self.back) = (None, None);
    }

    /// Does with a line that is too long what it is to be done with it.
    #[cold]
    fn long(&mut self, head: Line, side: Side, edge: u64) -> Option<Result<Line, Error>> {
        self.long_lines += 1;
        match self.form.on_long {
            LongLine::Truncate => Some(Ok(head)),
            LongLine::Skip => None,
            LongLine::Error => {
                self.note();
                match side {
                    Side::Front => self.left.front = Some(edge),
                    Side::Back => self.left.back = Some(edge),
                }
                self.origin.give_up();
                self.can_recover = false;
                self.end(if self.origin.goes_on() { State::Going } else { State::Failed });
                Some(Err(head.too_long(self.form.max_len)))
            }
        }
    }

    /// Gives the next line, whatever it takes.
    #[cold]
    fn pull_front(&mut self) -> Option<Result<Line, Error>> {
        loop {
            match self.front.as_mut().and_then(|run| run.cut_first(&self.form)) {
                Some(Cut::Line(line)) => return Some(Ok(line)),
                Some(Cut::Long { head, edge }) => {
                    if let Some(item) = self.long(head, Side::Front, edge) {
                        return Some(item);
                    }
                }
                None => {
                    if let Err(error) = self.load_front()? {
                        return Some(Err(error));
                    }
                }
            }
        }
    }

    /// Gives the next line from the back, whatever it takes.
    #[cold]
    fn pull_back(&mut self) -> Option<Result<Line, Error>> {
        loop {
            match self.back.as_mut().and_then(|run| run.cut_last(&self.form)) {
                Some(Cut::Line(line)) => return Some(Ok(line)),
                Some(Cut::Long { head, edge }) => {
                    if let Some(item) = self.long(head, Side::Back, edge) {
                        return Some(item);
                    }
                }
                None => {
                    if let Err(error) = self.load_back()? {
                        return Some(Err(error));
                    }
                }
            }
        }
    }

    /// Has a run in `front` whose first lines are within the limit, or an item that comes first.
    pub(super) fn whole_run(&mut self) -> Option<Result<&mut Run, Result<Line, Error>>> {
        loop {
            if let Some(run) = self.front.as_mut().filter(|run| !run.is_empty()) {
                if run.begins_within(&self.form) {
                    break;
                }
                match run.cut_first(&self.form) {
                    Some(Cut::Line(line)) => return Some(Err(Ok(line))),
                    Some(Cut::Long { head, edge }) => match self.long(head, Side::Front, edge) {
                        Some(item) => return Some(Err(item)),
                        None => continue,
                    },
                    None => {}
                }
            }
            if let Err(error) = self.load_front()? {
                return Some(Err(Err(error)));
            }
        }
        self.front.as_mut().map(Ok)
    }
}
