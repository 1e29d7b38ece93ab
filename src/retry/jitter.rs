use std::time::Duration;

use crate::retry::draws::Draws;

/// How delays are strewn, so that those who failed together do not come back together.
///
/// `d` is the delay of the backoff, not above the longest delay allowed, and `U` an even draw. What
/// comes out is held below the longest delay as well. The names and formulas of the first three are
/// those of "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015); the fourth is Google's.
///
/// # Examples
///
/// ```
/// use headwater::{Retry, retry::Jitter};
/// use std::time::Duration;
///
/// let retry = Retry::fixed(Duration::from_secs(8)).jitter(Jitter::Equal).seed(1);
/// let half = Duration::from_secs(4);
/// assert!(retry.delays().take(100).all(|delay| delay >= half && delay <= 2 * half));
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum Jitter {
    /// `d`: none.
    #[default]
    None,
    /// `U(0, d)`: strews the most, and may not wait at all.
    Full,
    /// `d/2 + U(0, d/2)`: waits half of it at least.
    Equal,
    /// `U(b, 3·s)`, where `b` is the first delay of the backoff, and `s` what was waited last: grows
    /// by itself, whatever the backoff does. The first `s` is `b`.
    Decorrelated,
    /// `d + U(0, j)`, for this `j`.
    Additive(Duration),
}

impl Jitter {
    /// Strews a delay. `first` is that of the backoff, `last` what was waited last.
    pub(super) fn strew(
        self,
        delay: Duration,
        first: Duration,
        last: Duration,
        draws: &mut Draws,
    ) -> Duration {
        let between = |from: Duration, to: Duration, draws: &mut Draws| {
            from.saturating_add(draws.up_to(to.saturating_sub(from)))
        };
        match self {
            Self::None => delay,
            Self::Full => draws.up_to(delay),
            Self::Equal => between(delay / 2, delay, draws),
            Self::Decorrelated => between(first, last.saturating_mul(3), draws),
            Self::Additive(most) => delay.saturating_add(draws.up_to(most)),
        }
    }
}
