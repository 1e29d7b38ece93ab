//! Delays that grow, or do not: iterators of [`Duration`].
//!
//! Each of them goes on for ever, saturates where a [`Duration`] ends, and is one item of a
//! [`Retry`](crate::Retry): the n-th delay is waited after the n-th failure. All of [`Iterator`]
//! composes them: `take` ends them, and with them the attempts; `chain` goes on with another;
//! [`sum`] adds two. Any other iterator of durations is a backoff as well.
//!
//! # Examples
//!
//! Three quick attempts, then slower ones:
//!
//! ```
//! use headwater::retry::backoff::{exponential, fixed};
//! use std::time::Duration;
//!
//! let ms = Duration::from_millis;
//! let delays = fixed(ms(10)).take(2).chain(exponential(ms(100)));
//! assert!(delays.take(5).eq([10, 10, 100, 200, 400].map(ms)));
//! ```

use std::iter;
use std::ops::RangeInclusive;
use std::time::Duration;

use crate::retry::draws::Draws;

/// Gives no delay: the next attempt is made at once.
///
/// # Examples
///
/// ```
/// assert!(headwater::retry::backoff::none().take(3).all(|delay| delay.is_zero()));
/// ```
pub fn none() -> impl Iterator<Item = Duration> + Clone + Send + Sync + use<> {
    fixed(Duration::ZERO)
}

/// Gives the same delay again and again.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// let delays = headwater::retry::backoff::fixed(Duration::from_secs(2));
/// assert!(delays.take(2).eq([Duration::from_secs(2); 2]));
/// ```
pub fn fixed(delay: Duration) -> impl Iterator<Item = Duration> + Clone + Send + Sync + use<> {
    iter::repeat(delay)
}

/// Gives delays that grow by the same step.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// let s = Duration::from_secs;
/// assert!(headwater::retry::backoff::linear(s(1), s(2)).take(3).eq([1, 3, 5].map(s)));
/// ```
pub fn linear(
    first: Duration,
    step: Duration,
) -> impl Iterator<Item = Duration> + Clone + Send + Sync + use<> {
    iter::successors(Some(first), move |delay| Some(delay.saturating_add(step)))
}

/// Gives delays each of which is twice the one before.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// let s = Duration::from_secs;
/// assert!(headwater::retry::backoff::exponential(s(1)).take(4).eq([1, 2, 4, 8].map(s)));
/// ```
pub fn exponential(
    first: Duration,
) -> impl Iterator<Item = Duration> + Clone + Send + Sync + use<> {
    iter::successors(Some(first), |delay| Some(delay.saturating_mul(2)))
}

/// Gives delays each of which is the one before, times a factor.
///
/// The n-th is `first · factorⁿ⁻¹`, to the nanosecond next to it. A factor that is not a number, or
/// is negative, counts as 0.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// let ms = Duration::from_millis;
/// let delays = headwater::retry::backoff::exponential_by(ms(100), 1.5);
/// assert!(delays.take(3).eq([100, 150, 225].map(ms)));
/// ```
pub fn exponential_by(
    first: Duration,
    factor: f64,
) -> impl Iterator<Item = Duration> + Clone + Send + Sync + use<> {
    let factor = factor.max(0.0);
    iter::successors(Some(1.0_f64), move |power| Some(power * factor)).map(move |power| {
        let seconds = first.as_secs_f64() * power;
        // Zero times infinity is nothing that can be waited for.
        let seconds = if seconds.is_nan() { 0.0 } else { seconds };
        Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
    })
}

/// Gives delays each of which is the sum of the two before.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// let s = Duration::from_secs;
/// assert!(headwater::retry::backoff::fibonacci(s(1)).take(6).eq([1, 1, 2, 3, 5, 8].map(s)));
/// ```
pub fn fibonacci(first: Duration) -> impl Iterator<Item = Duration> + Clone + Send + Sync + use<> {
    iter::successors(Some((first, first)), |&(one, other)| Some((other, one.saturating_add(other))))
        .map(|(delay, _)| delay)
}

/// Gives delays drawn evenly from a range; the same ones for the same seed, if there is one.
///
/// An empty range gives its start.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// let range = Duration::from_secs(1)..=Duration::from_secs(2);
/// let delays: Vec<_> = headwater::retry::backoff::random(range.clone(), Some(7)).take(9).collect();
/// assert!(delays.iter().all(|delay| range.contains(delay)));
/// assert!(headwater::retry::backoff::random(range, Some(7)).take(9).eq(delays));
/// ```
pub fn random(
    range: RangeInclusive<Duration>,
    seed: Option<u64>,
) -> impl Iterator<Item = Duration> + Clone + Send + Sync + use<> {
    let mut draws = Draws::new(seed);
    let (start, end) = range.into_inner();
    iter::repeat_with(move || start.saturating_add(draws.up_to(end.saturating_sub(start))))
}

/// Gives the sums of two backoffs, and ends with the shorter one.
///
/// # Examples
///
/// ```
/// use headwater::retry::backoff::{exponential, fixed, sum};
/// use std::time::Duration;
///
/// let s = Duration::from_secs;
/// assert!(sum(fixed(s(3)), exponential(s(1))).take(3).eq([4, 5, 7].map(s)));
/// ```
pub fn sum<A, B>(one: A, other: B) -> iter::Map<iter::Zip<A::IntoIter, B::IntoIter>, Sum>
where
    A: IntoIterator<Item = Duration>,
    B: IntoIterator<Item = Duration>,
{
    one.into_iter().zip(other).map(|(one, other)| one.saturating_add(other))
}

/// How [`sum`] adds: it saturates.
pub type Sum = fn((Duration, Duration)) -> Duration;
