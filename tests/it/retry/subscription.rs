//! A feed as a stream that is a source, and the delays of a test.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use futures::channel::oneshot;
use futures::stream::{self, Stream, StreamExt as _};
use headwater::Retry;
use headwater::Source;

use super::feed::{Error, Feed, Items};
use crate::support::handles::Handle;
use crate::support::polls::yield_now;

/// A stream of a feed, which opens it when it is first polled. Each of its items is waited for.
#[derive(Debug)]
pub(super) struct Subscription<'a> {
    feed: &'a Feed,
    at: Option<u32>,
    state: State,
    /// Whether the next poll is pending.
    yields: bool,
}

#[derive(Debug)]
enum State {
    Before,
    Open(Handle<Items>),
    Over,
}

impl<'a> Subscription<'a> {
    pub(super) fn new(feed: &'a Feed) -> Self {
        Self { feed, at: None, state: State::Before, yields: true }
    }

    fn pull(&mut self) -> Option<Result<u32, Error>> {
        if let State::Before = self.state {
            match self.feed.open(self.at) {
                Ok(items) => self.state = State::Open(items),
                Err(error) => {
                    self.state = State::Over;
                    return Some(Err(error));
                }
            }
        }
        let State::Open(items) = &mut self.state else { return None };
        let item = items.next();
        match item {
            Some(Ok(number)) => self.at = Some(number),
            Some(Err(_)) | None => self.state = State::Over,
        }
        item
    }
}

impl Stream for Subscription<'_> {
    type Item = Result<u32, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.yields = !self.yields;
        if !self.yields {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(self.pull())
    }
}

impl Source for Subscription<'_> {
    type Position = Option<u32>;

    fn position(&self) -> Option<u32> {
        self.at
    }

    fn resume_at(&mut self, at: Option<u32>) {
        (self.at, self.state) = (at, State::Before);
    }

    fn can_recover(&self) -> bool {
        !matches!(self.state, State::Open(_))
    }
}

/// Opens a feed in a future, as a stream; both are pending in between.
pub(super) async fn subscribe(
    feed: &Feed,
    after: Option<u32>,
) -> Result<impl Stream<Item = Result<u32, Error>>, Error> {
    yield_now().await;
    let items = feed.open(after)?;
    Ok(stream::iter(items).then(async |item| {
        yield_now().await;
        item
    }))
}

/// Delays that end when they are told to.
#[derive(Clone, Default)]
pub(super) struct Delays(Arc<Mutex<Begun>>);

#[derive(Default)]
struct Begun {
    waiting: VecDeque<oneshot::Sender<()>>,
    begun: usize,
}

impl Delays {
    /// Waits by these.
    pub(super) fn of<R>(&self, retry: Retry<R>) -> Retry<R> {
        let delays = self.clone();
        retry.timer(move |_: Duration| {
            let (send, receive) = oneshot::channel();
            let mut begun = delays.0.lock().unwrap();
            begun.waiting.push_back(send);
            begun.begun += 1;
            receive
        })
    }

    /// How many have begun.
    pub(super) fn begun(&self) -> usize {
        self.0.lock().unwrap().begun
    }

    /// Whether the last one that has begun is still waited for.
    pub(super) fn is_waited(&self) -> bool {
        self.0.lock().unwrap().waiting.back().is_some_and(|send| !send.is_canceled())
    }

    /// Ends the first one.
    pub(super) fn end(&self) {
        let send = self.0.lock().unwrap().waiting.pop_front().expect("a delay");
        let _ = send.send(());
    }
}
