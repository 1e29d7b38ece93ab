use std::collections::VecDeque;
use std::convert::Infallible;
use std::net::{TcpListener, TcpStream};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use headwater::distributed::Time;
use timely::communication::allocator::ProcessBuilder;
use timely::communication::allocator::zero_copy::initialize::initialize_networking_from_sockets;
use timely::communication::{AllocatorBuilder, Hooks, WorkerGuards};
use timely::dataflow::StreamVec;
use timely::dataflow::channels::pact::Pipeline;
use timely::dataflow::operators::generic::Operator as _;
use timely::worker::Worker;

/// Whoever takes longer than this waits for something that will not come.
const PATIENCE: Duration = Duration::from_secs(60);

pub(super) fn n(n: usize) -> NonZeroUsize {
    NonZeroUsize::new(n).unwrap()
}

/// Runs workers of one process to their end, and returns what they return.
pub(super) fn run<R: Send + 'static>(
    workers: usize,
    work: impl Fn(&mut Worker) -> R + Send + Sync + 'static,
) -> Vec<R> {
    in_time(move || {
        let guards = timely::execute(timely::Config::process(workers), work).unwrap();
        guards.join().into_iter().map(Result::unwrap).collect()
    })
}

/// Runs two processes, as far as the engine can tell: what crosses between them are bytes of a socket.
pub(super) fn run_two<R: Send + 'static>(
    workers: usize,
    work: impl Fn(&mut Worker) -> R + Send + Sync + 'static,
) -> Vec<R> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let one = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let two = listener.accept().unwrap().0;
    // Else each word waits for the receipt of the one before.
    for socket in [&one, &two] {
        socket.set_nodelay(true).unwrap();
    }
    let work = Arc::new(work);
    in_time(move || {
        let mut guards = Vec::new();
        for (index, sockets) in
            [vec![None, Some(one)], vec![Some(two), None]].into_iter().enumerate()
        {
            let hooks = Hooks::default();
            let builders = ProcessBuilder::new_typed_vector(workers, hooks.refill.clone(), None);
            let (builders, guard) =
                initialize_networking_from_sockets(builders, sockets, index, workers, hooks)
                    .unwrap();
            let builders = builders.into_iter().map(AllocatorBuilder::Tcp).collect();
            let (config, work) = (timely::WorkerConfig::default(), Arc::clone(&work));
            let work = move |worker: &mut Worker| work(worker);
            guards.push(
                timely::execute::execute_from(builders, Box::new(guard), config, work).unwrap(),
            );
        }
        guards.into_iter().flat_map(WorkerGuards::join).map(Result::unwrap).collect()
    })
}

fn in_time<R: Send + 'static>(work: impl FnOnce() -> R + Send + 'static) -> R {
    let (done, result) = mpsc::channel();
    thread::spawn(move || done.send(work()));
    result.recv_timeout(PATIENCE).expect("it waits for ever, or a worker panicked")
}

/// Steps until nothing is left to do.
pub(super) fn finish(worker: &mut Worker) {
    while worker.has_dataflows() {
        worker.step_or_park(None);
    }
}

/// Numbers as a share that never fails.
pub(super) fn numbers(count: u64) -> impl Iterator<Item = Result<u64, Infallible>> {
    (0..count).map(Ok)
}

/// Counts how many of something there are, and how many there were at most.
#[derive(Clone, Debug, Default)]
pub(super) struct Census(Arc<(AtomicUsize, AtomicUsize)>);

impl Census {
    pub(super) fn join(&self) -> Member {
        let now = self.0.0.fetch_add(1, Ordering::SeqCst) + 1;
        self.0.1.fetch_max(now, Ordering::SeqCst);
        Member(self.clone())
    }

    pub(super) fn now(&self) -> usize {
        self.0.0.load(Ordering::SeqCst)
    }

    pub(super) fn most(&self) -> usize {
        self.0.1.load(Ordering::SeqCst)
    }
}

#[derive(Debug)]
pub(super) struct Member(Census);

impl Drop for Member {
    fn drop(&mut self) {
        self.0.0.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Takes in whatever comes, and is done with one item each `steps` times that it has its turn.
pub(super) fn slowly<T: 'static>(
    stream: StreamVec<'_, Time, T>,
    steps: usize,
) -> StreamVec<'_, Time, T> {
    let scope = stream.scope();
    stream.unary_frontier(Pipeline, "slowly", |first, info| {
        drop(first);
        let activator = scope.activator_for(info.address);
        let (mut waiting, mut turns) = (VecDeque::new(), 0);
        move |(input, _), output| {
            input.for_each(|time, items| {
                let times = time.retain_stamp(0);
                waiting.extend(items.drain(..).map(|item| (times.clone(), item)));
            });
            turns += 1;
            if turns % steps == 0
                && let Some((times, item)) = waiting.pop_front()
            {
                output.session(&times).give(item);
            }
            if !waiting.is_empty() {
                activator.activate();
            }
        }
    })
}
