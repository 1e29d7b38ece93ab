use std::io;
use std::mem;
use std::num::NonZeroUsize;
use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::thread::{self, JoinHandle};
use std::vec;

use crate::lines::form::Form;
use crate::lines::position::Position;
use crate::lines::run::Run;
use crate::lines::runs::{Runs, Step};

/// An origin that is read on a thread, from one side.
pub(super) struct Background<S> {
    pub(super) side: Side,
    /// What was handed over and is still to be given.
    ready: vec::IntoIter<Step>,
    batches: Receiver<Batch>,
    /// Takes runs back whose lines have all been given.
    spent: Sender<Run>,
    /// Whether the thread can be waited for.
    pub(super) prompt: bool,
    thread: JoinHandle<Option<S>>,
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
    /// # Errors
    ///
    /// That of the system if it starts no thread; the origin comes back with it.
    pub(super) fn spawn(
        origin: S,
        side: Side,
        form: &Form,
        blocks: NonZeroUsize,
    ) -> Result<Self, (S, io::Error)> {
        let (blocks, prompt) = (blocks.get(), origin.is_prompt());
        let (batch, waiting) = if prompt { (blocks.div_ceil(2), 0) } else { (1, blocks - 1) };
        let (send, batches) = mpsc::sync_channel(waiting);
        let (spent, take) = mpsc::channel();
        // Handed over only to a thread that is there.
        let (hand_over, receive) = mpsc::channel();
        let form = *form;
        let thread =
            thread::Builder::new().name("headwater read-ahead".to_owned()).spawn(move || {
                let origin = receive.recv().ok()?;
                Some(read_all(origin, side, &form, batch, &send, &take))
            });
        match thread {
            Ok(thread) => {
                let _ = hand_over.send(origin);
                Ok(Self { side, ready: Vec::new().into_iter(), batches, spent, prompt, thread })
            }
            Err(cause) => Err((origin, cause)),
        }
    }
}

impl<S> Background<S> {
    /// Gets the next step; `None` if the thread has ended without an end, because of a panic.
    pub(super) fn next(&mut self, begin: &mut Position) -> Option<Step> {
        if self.ready.len() == 0 {
            let batch = self.batches.recv().ok()?;
            self.ready = batch.steps.into_iter();
            *begin = batch.begin;
        }
        self.ready.next()
    }

    pub(super) fn take_back(&self, spent: Run) {
        // The thread may have ended; then nobody needs the buffer.
        let _ = self.spent.send(spent);
    }

    /// Ends the thread, and gets the origin back; a panic there goes on here.
    pub(super) fn join(self) -> Option<S> {
        self.release().join().unwrap_or_else(|payload| panic::resume_unwind(payload))
    }

    /// Lets the thread end, which it does when it finds that nobody receives.
    pub(super) fn release(self) -> JoinHandle<Option<S>> {
        self.thread
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
            if send.send(Batch { steps, begin: origin.start() }).is_err() || last {
                return origin;
            }
        }
    }
}
