//! An end by a signal, which does not come between printing and saving.

use std::io;
use std::process;
use std::sync::PoisonError;
use std::thread;

use tokio::runtime;

use crate::notes::Notes;
use crate::printer::Gate;

/// Ends the program at SIGINT and SIGTERM, once what is printed is saved; at the second of them at
/// once, since nobody may read what is printed.
///
/// # Errors
///
/// If that cannot be set up.
pub(crate) fn watch(gate: Gate, notes: Notes) -> io::Result<()> {
    let runtime = runtime::Builder::new_current_thread().enable_io().build()?;
    thread::Builder::new().name("interrupt".to_owned()).spawn(move || {
        let Ok(status) = runtime.block_on(signal()) else { return };
        thread::spawn(move || {
            let _gate = gate.lock().unwrap_or_else(PoisonError::into_inner);
            notes.finish();
            process::exit(status);
        });
        if let Ok(status) = runtime.block_on(signal()) {
            process::exit(status);
        }
    })?;
    Ok(())
}

/// Waits for a signal, and returns the exit status that goes with it.
#[cfg(unix)]
async fn signal() -> io::Result<i32> {
    use futures::future::{Either, select};
    use std::pin::pin;
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let (interrupted, terminated) = (pin!(interrupt.recv()), pin!(terminate.recv()));
    Ok(match select(interrupted, terminated).await {
        Either::Left(_) => 130,
        Either::Right(_) => 143,
    })
}

#[cfg(not(unix))]
async fn signal() -> io::Result<i32> {
    tokio::signal::ctrl_c().await.map(|()| 130)
}
