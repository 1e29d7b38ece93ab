use std::fmt;
use std::num::NonZeroUsize;

use crate::lines::form::Form;
use crate::lines::iter::Lines;
use crate::lines::meter::Meter;
use crate::lines::origin::Origin as SyncOrigin;
use crate::lines::position::Position;
use crate::lines::read_ahead::ReadAhead;
use crate::lines::run::Run;
use crate::lines::runs::{Runs, Step};
use crate::lines::stream::origin::{Origin, Polled};
use crate::lines::wait::Wait;

impl<S: SyncOrigin + Send + 'static> Lines<S> {
    /// Makes a stream of lines of any origin, which a thread reads, at most `blocks` blocks ahead.
    ///
    /// It is [`read_ahead`](Lines::read_ahead) for async code, and runs on any executor: reading and
    /// decompressing are done by the thread, which starts with the first poll. Eight blocks are a good
    /// number. [`stream::lines`](crate::stream::lines()) opens a file on a thread, too.
    ///
    /// # Errors
    ///
    /// Each item may be an error of the source that it is called on, or [`ErrorKind::Read`] if no
    /// thread could be started, or the one that was is gone.
    ///
    /// # Panics
    ///
    /// A panic in a reader is passed on to the poll that would have given its lines.
    ///
    /// # Resources
    ///
    /// The thread, and what it has open. It ends at the end, with the fatal error, when the stream is
    /// resumed elsewhere, or when it is dropped: with the read that is then under way, for which
    /// nobody waits. It holds `blocks` blocks more than the source alone.
    ///
    /// # Cancel safety
    ///
    /// A `next` that is dropped before it is ready loses nothing.
    ///
    /// [`ErrorKind::Read`]: crate::ErrorKind::Read
    ///
    /// # Examples
    ///
    /// ```
    /// use futures::{StreamExt, executor::block_on};
    /// use std::num::NonZeroUsize;
    ///
    /// let eight = NonZeroUsize::new(8).unwrap();
    /// let log = headwater::lines("fixtures/rotated/access.log")?.into_stream(eight);
    /// assert_eq!(block_on(log.count()), 100);
    /// # Ok::<(), headwater::Error>(())
    /// ```
    pub fn into_stream(self, blocks: NonZeroUsize) -> Lines<Threaded<S>> {
        let wait = Wait::default();
        Lines {
            ends: self.ends.map_origin(|origin| Threaded {
                ahead: ReadAhead::waking(origin, blocks, &wait),
                wait,
            }),
        }
    }
}

/// An origin of lines that a thread reads for a stream.
///
/// It is created by [`Lines::into_stream`] and [`stream::lines`](crate::stream::lines()).
pub struct Threaded<S> {
    ahead: ReadAhead<S>,
    wait: Wait,
}

impl<S: fmt::Debug> fmt::Debug for Threaded<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Threaded").field("ahead", &self.ahead).finish_non_exhaustive()
    }
}

impl<S: Runs + Send + 'static> Runs for Threaded<S> {
    const ONE_WAY: bool = S::ONE_WAY;

    fn next_run(&mut self, form: &Form, spent: Option<Run>) -> Step {
        if self.wait.gives_way() {
            if let Some(spent) = spent {
                self.ahead.take_back(spent);
            }
            return Step::pending(&self.wait);
        }
        let step = self.ahead.next_run(form, spent);
        if let Step::Run(run) = &step {
            self.wait.give(run.back() - run.front());
        }
        step
    }

    fn seek(&mut self, at: Position) {
        self.ahead.seek(at);
    }

    fn give_up(&mut self) {
        self.ahead.give_up();
    }

    fn goes_on(&self) -> bool {
        self.ahead.goes_on()
    }

    fn start(&self) -> Position {
        self.ahead.start()
    }

    fn meter(&self) -> &Meter {
        self.ahead.meter()
    }
}

impl<S: Runs + Send + Unpin + 'static> Polled for Threaded<S> {
    fn wait(&self) -> &Wait {
        &self.wait
    }
}

impl<S: SyncOrigin + Send + Unpin + 'static> Origin for Threaded<S> {}
