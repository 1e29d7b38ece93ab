use std::sync::Arc;
use std::time::Duration;

use crate::retry::failure::Failure;
use crate::retry::policy::Retry;
use crate::retry::rules::On;

/// # Which errors
///
/// Each of these says something about errors of one type, and makes the policy one for that type.
/// The last of two that are set counts.
impl<R> Retry<R> {
    /// Tries again only if the function says so of the error. For a source, it decides instead of
    /// the source.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::{Retry, retry::Reason};
    /// use std::io::{Error, ErrorKind};
    ///
    /// let retry = Retry::default().when(|error: &Error| error.kind() != ErrorKind::NotFound);
    /// let error = retry.call(|| std::fs::read("no such file")).unwrap_err();
    /// assert_eq!((error.attempts(), error.reason()), (1, Reason::NotRetryable));
    /// ```
    pub fn when<E>(self, when: impl Fn(&E) -> bool + Send + Sync + 'static) -> Retry<On<E>>
    where
        R: Into<On<E>>,
    {
        self.on(|rules| rules.when = Some(Arc::new(when)))
    }

    /// Waits as long as the other side asks for in the error, as in `Retry-After`.
    ///
    /// What it asks for never makes a delay shorter than it would be without: 0 is as good as
    /// nothing. It is held below [`max_hint`](Retry::max_hint), and all limits hold as ever: who is
    /// asked to wait past the limit of time gives up at once. So with the default limit of 45 seconds
    /// no longer hint is waited: [`stop_before`](Retry::stop_before) has to be raised with it.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::{Retry, retry::FakeClock};
    /// use std::time::Duration;
    ///
    /// let s = Duration::from_secs;
    /// let clock = FakeClock::new();
    /// let retry = Retry::fixed(s(1))
    ///     .max_attempts(4)
    ///     .max_hint(s(30))
    ///     .hint(|seconds: &u64| Some(Duration::from_secs(*seconds)))
    ///     .clock(clock.clone());
    /// let mut hints = [0, 7, 99, 99].into_iter();
    /// assert!(retry.call(|| Err::<(), _>(hints.next().unwrap())).is_err());
    /// assert_eq!(clock.slept(), [1, 7, 30].map(s));
    /// ```
    pub fn hint<E>(
        self,
        hint: impl Fn(&E) -> Option<Duration> + Send + Sync + 'static,
    ) -> Retry<On<E>>
    where
        R: Into<On<E>>,
    {
        self.on(|rules| rules.hint = Some(Arc::new(hint)))
    }

    /// Stops after a failure of which the function says that it is enough: for what limits can't say.
    /// The delay is not known yet: it is decided after this.
    ///
    /// # Examples
    ///
    /// Three attempts at least, and ten seconds at least:
    ///
    /// ```
    /// use headwater::{Retry, retry::{FakeClock, Failure, Reason}};
    /// use std::time::Duration;
    ///
    /// let s = Duration::from_secs;
    /// let retry = Retry::fixed(s(1)).unlimited_attempts().unlimited_time().clock(FakeClock::new());
    /// let retry = retry.stop_when(move |failure: &Failure<'_, &str>| {
    ///     failure.attempt() >= 3 && failure.elapsed() >= s(10)
    /// });
    /// let error = retry.call(|| Err::<(), _>("busy")).unwrap_err();
    /// assert_eq!((error.attempts(), error.reason()), (11, Reason::Stopped));
    /// ```
    pub fn stop_when<E>(
        self,
        stop: impl Fn(&Failure<'_, E>) -> bool + Send + Sync + 'static,
    ) -> Retry<On<E>>
    where
        R: Into<On<E>>,
    {
        let mut retry = self.on(|rules| rules.stop_when = Some(Arc::new(stop)));
        retry.policy.set(|policy| policy.is_measured = true);
        retry
    }

    /// Calls a function after each attempt that failed and may be tried again, before it is decided
    /// whether there is an attempt left.
    pub fn after<E>(self, after: impl Fn(&Failure<'_, E>) + Send + Sync + 'static) -> Retry<On<E>>
    where
        R: Into<On<E>>,
    {
        self.on(|rules| rules.after = Some(Arc::new(after)))
    }

    /// Calls a function before each wait: the place to log.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::{Retry, retry::Failure};
    /// use std::{io, sync::mpsc::channel, time::Duration};
    ///
    /// let (log, lines) = channel();
    /// let retry = Retry::fixed(Duration::from_millis(1)).max_attempts(2).before_sleep(
    ///     move |failure: &Failure<'_, io::Error>| {
    ///         let (n, delay) = (failure.attempt(), failure.delay());
    ///         log.send(format!("attempt {n}: {:?}, again in {delay:?}", failure.error())).unwrap();
    ///     },
    /// );
    /// assert!(retry.call(|| std::fs::read("no such file")).is_err());
    /// assert!(lines.recv().unwrap().starts_with("attempt 1: Some(Os { code: 2"));
    /// ```
    pub fn before_sleep<E>(
        self,
        before_sleep: impl Fn(&Failure<'_, E>) + Send + Sync + 'static,
    ) -> Retry<On<E>>
    where
        R: Into<On<E>>,
    {
        self.on(|rules| rules.before_sleep = Some(Arc::new(before_sleep)))
    }

    fn on<E>(self, set: impl FnOnce(&mut On<E>)) -> Retry<On<E>>
    where
        R: Into<On<E>>,
    {
        let mut rules = self.rules.into();
        set(&mut rules);
        Retry { policy: self.policy, rules }
    }
}
