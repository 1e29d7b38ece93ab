use std::future::poll_fn;
use std::num::NonZeroUsize;
use std::panic;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{self, TryRecvError};
use std::task::Poll;
use std::thread;

use crate::error::{Error, ErrorKind};
#[cfg(feature = "compression")]
use crate::lines::decompressed::{self, Decompressed};
use crate::lines::file::File;
use crate::lines::iter::{self, Lines};
use crate::lines::stream::threaded::Threaded;
use crate::lines::wait::Wait;

/// So many blocks of 128 KiB keep a thread and an executor from waiting for each other.
const BLOCKS: NonZeroUsize = NonZeroUsize::MIN.saturating_add(7);

/// Opens a file to give its lines, as a stream that a thread reads.
///
/// It is the twin of [`lines`](crate::lines()), and runs on any executor: a thread opens the file,
/// and one reads it from the first poll on, eight blocks ahead. A line costs what it costs there.
/// Every 256 KiB that come without a pause other tasks have their turn.
///
/// The options are those of [`Lines`], and so are [`containing`](Lines::containing), `matching` and
/// [`blocks`](Lines::blocks). What can be read in other ways becomes a stream by
/// [`into_stream`](Lines::into_stream).
///
/// # Errors
///
/// Those of [`lines`](crate::lines()), at the call and as items; and [`ErrorKind::Open`] or
/// [`ErrorKind::Read`] if no thread could be started.
///
/// # Resources
///
/// One open file and one thread, up to the last byte, the fatal error or the drop, and then up to the end
/// of the read that is under way. At most fourteen blocks of 128 KiB, unless a line is longer.
///
/// # Cancel safety
///
/// A future that is dropped has opened nothing that stays open. A `next` of the stream that is
/// dropped before it is ready loses nothing.
///
/// # Examples
///
/// ```
/// use futures::{TryStreamExt, executor::block_on};
///
/// block_on(async {
///     let mut log = headwater::stream::lines("fixtures/apache_access.log").await?.containing(" 500 ");
///     let mut failures = 0;
///     while let Some(_line) = log.try_next().await? {
///         failures += 1;
///     }
///     assert_eq!(failures, 3);
///     Ok::<(), headwater::Error>(())
/// })?;
/// # Ok::<(), headwater::Error>(())
/// ```
pub async fn lines(path: impl AsRef<Path>) -> Result<Lines<Threaded<File>>, Error> {
    let lines = open(path.as_ref(), |path| iter::lines(path)).await?;
    Ok(lines.into_stream(BLOCKS))
}

/// Opens a file to give its lines, decompressing it if it is gzip or zstd, as a stream that a thread
/// reads.
///
/// It is the twin of [`lines::decompressed`](crate::lines::decompressed()); all else is as with
/// [`lines`].
///
/// # Errors
///
/// Those of [`lines::decompressed`](crate::lines::decompressed()), and [`ErrorKind::Open`] or
/// [`ErrorKind::Read`] if no thread could be started.
///
/// # Resources
///
/// As with [`lines`], and what [`Decoder`](crate::lines::Decoder) needs.
///
/// # Cancel safety
///
/// As with [`lines`].
///
/// # Examples
///
/// ```
/// use futures::{StreamExt, executor::block_on};
/// use headwater::stream::lines;
///
/// let log = block_on(lines::decompressed("fixtures/rotated/access.log.1.zst"))?;
/// assert_eq!(block_on(log.count()), 100);
/// # Ok::<(), headwater::Error>(())
/// ```
#[cfg(feature = "compression")]
pub async fn decompressed(path: impl AsRef<Path>) -> Result<Lines<Threaded<Decompressed>>, Error> {
    let lines = open(path.as_ref(), |path| decompressed::decompressed(path)).await?;
    Ok(lines.into_stream(BLOCKS))
}

/// Opens a file on a thread of its own, since that can take long where the file is far away.
async fn open<T: Send + 'static>(
    path: &Path,
    open: impl FnOnce(&Path) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let path: Arc<Path> = Arc::from(path);
    let (send, opened) = mpsc::channel();
    let wait = Wait::default();
    let (woken, named) = (wait.clone(), Arc::clone(&path));
    let opening = move || {
        // Dropped in the reverse order: woken, whoever waits finds what was sent, or that nothing was.
        let _wakes = Wakes(woken);
        let send = send;
        // The receiver may be gone; then what was opened is closed here.
        let _ = send.send(open(&named));
    };
    let thread = thread::Builder::new().name("headwater open".to_owned()).spawn(opening);
    let thread =
        thread.map_err(|cause| Error::new(ErrorKind::Open).in_file(Some(&path)).because(cause))?;
    let received = poll_fn(move |cx| {
        wait.attend(cx);
        match opened.try_recv() {
            Err(TryRecvError::Empty) => Poll::Pending,
            received => Poll::Ready(received.ok()),
        }
    });
    if let Some(opened) = received.await {
        return opened;
    }
    match thread.join() {
        Err(payload) => panic::resume_unwind(payload),
        Ok(()) => Err(Error::new(ErrorKind::Open).in_file(Some(&path))),
    }
}

/// Wakes when it is dropped, after a panic too.
struct Wakes(Wait);

impl Drop for Wakes {
    fn drop(&mut self) {
        self.0.wake();
    }
}
