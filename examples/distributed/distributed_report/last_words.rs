//! What is said when a thread panics: once, in one line, and the process ends with 1.

use std::panic;
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// So long the others have to notice who was lost first, before this process is lost to them, too.
const GRACE: Duration = Duration::from_millis(500);

/// Has each panic end the process. The engine panics where a connection breaks, in several threads.
pub(crate) fn install(addresses: &[String]) {
    let addresses = addresses.to_vec();
    let spoken = AtomicBool::new(false);
    panic::set_hook(Box::new(move |panic| {
        if spoken.swap(true, Ordering::SeqCst) {
            loop {
                thread::park();
            }
        }
        match peer().and_then(|peer| Some((peer, addresses.get(peer)?))) {
            Some((peer, address)) => {
                eprintln!(
                    "distributed_report: process {peer} ({address}) was lost before the work was done"
                );
                thread::sleep(GRACE);
            }
            None => eprintln!("distributed_report: {panic}"),
        }
        process::exit(1);
    }));
}

/// Returns which process a thread of the engine talks with.
fn peer() -> Option<usize> {
    let name = thread::current().name()?.to_owned();
    let peer = name.strip_prefix("timely:recv-").or_else(|| name.strip_prefix("timely:send-"))?;
    peer.parse().ok()
}
