use std::cell::Cell;
use std::ptr;
use std::task::{Context, Poll, Waker};

use crate::generate::turnstile::{Pass, Turns, turnstile};

/// Makes the slot through which a body hands its items, one at a time, to its generator, and through
/// which a coroutine sends its replies.
pub(super) fn slot<T, R>() -> (Taker<T, R>, Giver<T, R>) {
    let (turns, pass) = turnstile(Cells {
        item: Cell::new(None),
        reply: Cell::new(None),
        waker: Cell::new(identity(ASLEEP)),
        waiting: Cell::new(Vec::new()),
        any_waiting: Cell::new(false),
    });
    (Taker(turns), Giver(pass))
}

/// The waker of those that nobody has to wake: a generator's body is polled at each pull.
pub(super) static ASLEEP: &Waker = Waker::noop();

/// What a generator and its body share.
struct Cells<T, R> {
    /// The item that was given in this pull, until it is taken.
    item: Cell<Option<T>>,
    /// What was sent with this pull, until an emit takes it.
    reply: Cell<Option<R>>,
    /// The waker that the body is polled with: who waits with this one is polled at each pull.
    waker: Cell<usize>,
    /// The wakers of emits that wait with another one, to be woken with the next pull. Something
    /// between the body and those emits polls none that it was not woken for, as `join_all` does.
    waiting: Cell<Vec<Waker>>,
    /// Whether `waiting` holds any: quicker to look at.
    any_waiting: Cell<bool>,
}

/// The generator's side.
pub(super) struct Taker<T, R>(Turns<Cells<T, R>>);

impl<T, R> Taker<T, R> {
    /// Polls the body once, with a reply if there is one, and takes what it gave.
    #[inline]
    pub(super) fn pull<O>(
        &mut self,
        reply: Option<R>,
        cx: &mut Context<'_>,
        poll: impl FnOnce(&mut Context<'_>) -> O,
    ) -> (O, Option<T>) {
        self.0.turn(|cells| {
            if reply.is_some() {
                cells.reply.set(reply);
            }
            cells.begin(cx);
            let polled = poll(cx);
            (polled, cells.item.take())
        })
    }
}

/// The body's side. Its methods return `None` outside of the body: it is not its turn.
pub(super) struct Giver<T, R>(Pass<Cells<T, R>>);

impl<T, R> Giver<T, R> {
    /// Gives the item, unless another was given in this pull, and waits for the next.
    #[inline]
    pub(super) fn give(&self, item: &mut Option<T>, cx: &Context<'_>) -> Option<()> {
        self.0.pass(|cells| {
            if let Some(earlier) = cells.item.replace(item.take()) {
                cells.give_back(earlier, item);
            }
            cells.wait(cx);
        })
    }

    /// Takes what was sent with this pull, or waits for the next.
    pub(super) fn reply(&self, cx: &Context<'_>) -> Option<Poll<R>> {
        self.0.pass(|cells| {
            if let Some(reply) = cells.reply.take() {
                return Poll::Ready(reply);
            }
            cells.wait(cx);
            Poll::Pending
        })
    }
}

impl<T, R> Cells<T, R> {
    #[inline]
    fn begin(&self, cx: &Context<'_>) {
        self.waker.set(identity(cx.waker()));
        if self.any_waiting.get() {
            self.wake();
        }
    }

    #[cold]
    fn wake(&self) {
        self.any_waiting.set(false);
        self.waiting.take().into_iter().for_each(Waker::wake);
    }

    /// Sees to it that who waits with this waker is polled at the next pull.
    #[inline]
    fn wait(&self, cx: &Context<'_>) {
        if identity(cx.waker()) != self.waker.get() {
            self.wait_apart(cx.waker());
        }
    }

    #[cold]
    fn wait_apart(&self, waker: &Waker) {
        let waker = waker.clone();
        let mut waiting = self.waiting.take();
        // One that is polled over and over within a pull is kept once.
        if !waiting.last().is_some_and(|last| last.will_wake(&waker)) {
            waiting.push(waker);
        }
        self.waiting.set(waiting);
        self.any_waiting.set(true);
    }

    #[cold]
    fn give_back(&self, earlier: T, item: &mut Option<T>) {
        *item = self.item.replace(Some(earlier));
    }
}

/// Where a waker is: what polls its parts with the waker that it was polled with passes this on.
#[inline]
fn identity(waker: &Waker) -> usize {
    ptr::from_ref(waker).addr()
}
