use std::pin::Pin;

/// A future that works ahead of its stream, for an executor to run.
///
/// It ends when there is nothing more to do, and when its stream is dropped.
pub type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

#[cfg(feature = "tokio")]
pub(crate) fn spawn_on_tokio(task: Task) {
    drop(tokio::spawn(task));
}
