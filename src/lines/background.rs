use std::io;
use std::mem;
use std::num::NonZeroUsize;
use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::{self, Receiver, Sender, SyncSender, TryRecvError};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::vec;

use crate::lines::form::Form;
use crate::lines::position::Position;
use crate::lines::run::Run;
use crate::lines::runs::{Runs, Step};
use crate::lines::wait::Wait;

/// An origin that is read on a thread, from one side.
pub(super) struct Background<S> {
    pub(super) side: Side,
    /// What was handed over and is still to be given.
    ready: vec::IntoIter<Step>,
    /// In a lock that nobody waits for: so it can be shared by reference, as other sources can.
    batches: Mutex<Receiver<Batch>>,
    /// Takes runs back whose lines have all been given.
    spent: Sender<Run>,
    /// Whether the thread can be waited for.
    pub(super) prompt: bool,
    /// Whom to wake, where nobody waits for the thread.
    wait: Option<Wait>,
    returning: Returning<S>,
}

/// An origin that its thread gives back when it ends.
pub(super) struct Returning<S> {
    back: Mutex<Receiver<S>>,
    thread: JoinHandle<()>,
    /// Whether the thread is waited for, once it gave the origin back: it may call a waker after that,
    /// which may want a lock that is held while a source is polled.
    is_awaited: bool,
}

/// From where it is read.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Side {
    Front,
    Back,
}

/// Steps that are handed over at once, and where the origin began.
struct Batch {
    steps: Vec<Step>,
    begin: Position,
}

impl<S: Runs + Send + 'static> Background<S> {
    /// Starts the thread, which reads at most `blocks` ahead.
    ///
    /// Handing over wakes a thread, which costs more than reading a block. So an origin that is
    /// prompt hands over half of them at once, while it reads the other half.
    ///
    /// With `wait`, nobody waits for the thread, but is woken by it.
    ///
    /// # Errors
    ///
    /// That of the system if it starts no thread; the origin comes back with it.
    pub(super) fn spawn(
        origin: S,
        side: Side,
        form: &Form,
        blocks: NonZeroUsize,
        wait: Option<Wait>,
    ) -> Result<Self, (S, io::Error)> {
        let (blocks, prompt) = (blocks.get(), origin.is_prompt());
        let (batch, waiting) = if prompt { (blocks.div_ceil(2), 0) } else { (1, blocks - 1) };
        // What takes without waiting takes only what waits.
        let waiting = if wait.is_some() { waiting.max(1) } else { waiting };
        let (send, batches) = mpsc::sync_channel(waiting);
        let (spent, take) = mpsc::channel();
        let (give_back, back) = mpsc::channel();
        // Handed over only to a thread that is there.
        let (hand_over, receive) = mpsc::channel();
        let (form, woken) = (*form, wait.clone());
        let reading = move || {
            let Ok(origin) = receive.recv() else { return };
            let read = || read_all(origin, side, &form, batch, &send, &take, wait.as_ref());
            let read = panic::catch_unwind(AssertUnwindSafe(read));
            let (origin, panic) = match read {
                Ok(origin) => (Some(origin), None),
                Err(payload) => (None, Some(payload)),
            };
            // Nobody may want it any more.
            origin.map(|origin| give_back.send(origin).ok());
            drop((send, give_back));
            wait.iter().for_each(Wait::wake);
            if let Some(payload) = panic {
                panic::resume_unwind(payload);
            }
        };
        match thread::Builder::new().name("headwater read-ahead".to_owned()).spawn(reading) {
            Ok(thread) => {
                let _ = hand_over.send(origin);
                let (ready, batches) = (Vec::new().into_iter(), Mutex::new(batches));
                let (back, is_awaited) = (Mutex::new(back), woken.is_none());
                let returning = Returning { back, thread, is_awaited };
                Ok(Self { side, ready, batches, spent, prompt, wait: woken, returning })
            }
            Err(cause) => Err((origin, cause)),
        }
    }
}

impl<S> Background<S> {
    /// Gets the next step; `None` if the thread has ended without an end, because of a panic.
    pub(super) fn next(&mut self, begin: &mut Position) -> Option<Step> {
        if self.ready.len() == 0 {
            let batches = self.batches.get_mut().unwrap_or_else(PoisonError::into_inner);
            let batch = match &self.wait {
                None => batches.recv().ok()?,
                Some(wait) => match batches.try_recv() {
                    Ok(batch) => batch,
                    Err(TryRecvError::Disconnected) => return None,
                    Err(TryRecvError::Empty) => return Some(Step::pending(wait)),
                },
            };
            self.ready = batch.steps.into_iter();
            *begin = batch.begin;
        }
        self.ready.next()
    }

    pub(super) fn take_back(&self, spent: Run) {
        // The thread may have ended; then nobody needs the buffer.
        let _ = self.spent.send(spent);
    }

    /// Lets the thread end, which it does when it finds that nobody receives.
    pub(super) fn release(self) -> Returning<S> {
        self.returning
    }

    /// Tells whether it can be waited for.
    pub(super) fn can_be_awaited(&self) -> bool {
        self.prompt && self.wait.is_none()
    }
}

impl<S> Returning<S> {
    /// Waits for the thread to end, and gets the origin back; a panic there goes on here.
    pub(super) fn join(mut self) -> Option<S> {
        let back = self.back.get_mut().unwrap_or_else(PoisonError::into_inner);
        let origin = back.recv().ok();
        if self.is_awaited || origin.is_none() {
            self.thread.join().unwrap_or_else(|payload| panic::resume_unwind(payload));
        }
        origin
    }

    /// Waits for the thread to end. A panic there has nobody to go to.
    pub(super) fn wait(self) {
        let _ = self.thread.join();
    }

    /// Gets the origin back, if the thread is done with it.
    pub(super) fn try_join(mut self) -> Result<Option<S>, Self> {
        let back = self.back.get_mut().unwrap_or_else(PoisonError::into_inner);
        match back.try_recv() {
            Ok(origin) => Ok(Some(origin)),
            Err(TryRecvError::Disconnected) => Ok(self.join()),
            Err(TryRecvError::Empty) => Err(self),
        }
    }
}

/// Reads until there is nothing more, or nobody takes it.
fn read_all<S: Runs>(
    mut origin: S,
    side: Side,
    form: &Form,
    batch: usize,
    send: &SyncSender<Batch>,
    take: &Receiver<Run>,
    wait: Option<&Wait>,
) -> S {
    let mut steps = Vec::with_capacity(batch);
    loop {
        let spent = take.try_recv().ok();
        let next = || match side {
            Side::Front => origin.next_run(form, spent),
            Side::Back => origin.next_run_back(form, spent),
        };
        let step = panic::catch_unwind(AssertUnwindSafe(next)).unwrap_or_else(|payload| {
            // What was read before the panic is given before it.
            let _ = send.send(Batch { steps: mem::take(&mut steps), begin: origin.start() });
            panic::resume_unwind(payload)
        });
        let last = matches!(step, Step::End | Step::Failed(_));
        steps.push(step);
        if last || steps.len() == batch {
            let steps = mem::replace(&mut steps, Vec::with_capacity(batch));
            let is_over = send.send(Batch { steps, begin: origin.start() }).is_err();
            if is_over && wait.is_some() {
                // Who does not wait for the thread finds nothing open once it has ended.
                origin.give_up();
            }
            if is_over || last {
                return origin;
            }
            wait.into_iter().for_each(Wait::wake);
        }
    }
}
