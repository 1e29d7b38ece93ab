use crate::pages::iter::Fetched;
use crate::pages::stream::by_page::Pages;
use crate::pages::stream::calls::Fetches;
use crate::pages::stream::fetch::Fetch;
use crate::pages::stream::shared::Shared;
use crate::pages::throttle::Throttle;

impl<C, S> Pages<C, S> {
    /// Waits before each fetch until the throttle allows it.
    ///
    /// A [`retry`](Pages::retry) after it has each attempt wait, and so has what is fetched ahead.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures::{StreamExt, executor::block_on};
    /// use headwater::{pages::{Page, Throttle}, retry::FakeClock, stream};
    /// use std::{num::NonZeroU32, time::Duration};
    ///
    /// let (clock, second) = (FakeClock::new(), Duration::from_secs(1));
    /// let throttle = Throttle::new(NonZeroU32::MIN, second).clock(clock.clone());
    /// let feed = stream::pages(1, async |n| {
    ///     Ok::<_, String>(Page::new([n]).next((n < 4).then_some(n + 1)))
    /// });
    /// assert_eq!(block_on(feed.throttle(throttle).count()), 4);
    /// assert_eq!(clock.elapsed(), 3 * second);
    /// ```
    pub fn throttle<T, M, E>(
        self,
        throttle: Throttle,
    ) -> Pages<C, impl Fetch<C, Fetched = Fetched<T, C, M, E>>>
    where
        S: Fetch<C, Fetched = Fetched<T, C, M, E>>,
    {
        self.map_fetch(|fetch, _| {
            let calls = Shared::new(fetch);
            Fetches::new(move |cursor: C| {
                let (calls, throttle) = (calls.clone(), throttle.clone());
                async move {
                    throttle.wait_async().await;
                    calls.call(cursor).await
                }
            })
        })
    }
}
