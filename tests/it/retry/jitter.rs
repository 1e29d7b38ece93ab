//! Jitters: their bounds, that they strew evenly, and that a seed picks the same for ever.

use std::time::Duration;

use headwater::Retry;
use headwater::retry::Jitter;
use proptest::prelude::{any, prop_oneof};
use proptest::strategy::{Just, Strategy};

use super::common::{below, ms, ns, s, slept};
use crate::support::property;

const MAX: Duration = Duration::MAX;

pub(super) fn any_jitter() -> impl Strategy<Value = Jitter> {
    prop_oneof![
        Just(Jitter::None),
        Just(Jitter::Full),
        Just(Jitter::Equal),
        Just(Jitter::Decorrelated),
        any::<Duration>().prop_map(Jitter::Additive),
    ]
}

#[test]
fn each_jitter_keeps_to_its_formula() {
    for seed in 0..200 {
        let retry = Retry::exponential(s(1)).max_delay(s(20)).seed(seed);
        let strewn = |jitter| retry.clone().jitter(jitter).delays().take(8);
        let plain = [1, 2, 4, 8, 16, 20, 20, 20].map(s);
        assert!(strewn(Jitter::None).eq(plain));
        for (delay, plain) in strewn(Jitter::Full).zip(plain) {
            assert!(delay <= plain);
        }
        for (delay, plain) in strewn(Jitter::Equal).zip(plain) {
            assert!(delay >= plain / 2 && delay <= plain);
        }
        for (delay, plain) in strewn(Jitter::Additive(ms(300))).zip(plain) {
            assert!(delay >= plain && delay <= (plain + ms(300)).min(s(20)));
        }
        let mut last = s(1);
        for delay in strewn(Jitter::Decorrelated) {
            assert!(delay >= s(1) && delay <= (3 * last).min(s(20)));
            last = delay;
        }
    }
}

#[test]
fn a_decorrelated_jitter_grows_by_itself_from_the_first_delay() {
    let retry = Retry::fixed(s(1)).jitter(Jitter::Decorrelated);
    let longest = (0..100).flat_map(|seed| retry.clone().seed(seed).delays().take(10)).max();
    assert!(longest.unwrap() > s(100), "{longest:?}");
    // 3 to the ninth: as if each draw were the longest.
    assert!(longest.unwrap() <= s(59_049), "{longest:?}");
}

/// Draws are even: each tenth of a range gets about a tenth of them.
#[test]
fn draws_are_even() {
    for jitter in [Jitter::Full, Jitter::Equal, Jitter::Additive(s(10)), Jitter::Decorrelated] {
        let (from, to) = match jitter {
            Jitter::Equal => (s(5), s(10)),
            Jitter::Additive(_) => (s(10), s(20)),
            Jitter::Decorrelated => (s(10), s(30)),
            _ => (s(0), s(10)),
        };
        let mut tenths = [0_u32; 10];
        for seed in 0..10_000 {
            let delay = Retry::fixed(s(10)).jitter(jitter).seed(seed).delays().next().unwrap();
            let tenth = delay.abs_diff(from).as_nanos() * 10 / (to.abs_diff(from).as_nanos() + 1);
            tenths[usize::try_from(tenth).unwrap()] += 1;
        }
        assert!(tenths.iter().all(|n| (900..1100).contains(n)), "{jitter:?}: {tenths:?}");
    }
}

#[test]
fn a_delay_of_a_few_nanoseconds_takes_all_its_values() {
    let mut drawn = [0; 4];
    for seed in 0..4000 {
        let retry = Retry::fixed(ns(3)).jitter(Jitter::Full).seed(seed);
        drawn[usize::try_from(retry.delays().next().unwrap().as_nanos()).unwrap()] += 1;
    }
    assert!(drawn.iter().all(|n| (850..1150).contains(n)), "{drawn:?}");
}

/// backon adds its jitter after the limit, and waits up to twice as long.
#[test]
fn no_delay_is_above_the_longest_after_jitter() {
    let values = (any::<Duration>(), any::<Duration>(), any_jitter(), any::<u64>());
    property::check(512, &values, |(first, most, jitter, seed)| {
        let retry = Retry::exponential(first).max_delay(most).jitter(jitter).seed(seed);
        assert!(retry.delays().take(20).all(|delay| delay <= most));
    });
}

#[test]
fn the_ends_of_a_duration_are_strewn_without_a_panic() {
    for jitter in
        [Jitter::None, Jitter::Full, Jitter::Equal, Jitter::Decorrelated, Jitter::Additive(MAX)]
    {
        for first in [s(0), ns(1), below(MAX), MAX] {
            assert_eq!(Retry::exponential(first).jitter(jitter).delays().take(200).count(), 200);
        }
        let nothing = Retry::immediately().jitter(jitter).max_delay(s(0)).delays();
        assert!(nothing.take(9).all(|delay| delay.is_zero()));
    }
}

/// The figures were computed by another implementation of XXH3, and of the formulas.
#[test]
fn a_seed_picks_the_same_delays_for_ever() {
    let retry = Retry::exponential(s(1)).seed(42);
    let golden = [
        (Jitter::Full, [271_826_774, 1_778_712_019, 2_698_992_448, 6_029_086_537, 14_743_782_842]),
        (Jitter::Equal, [635_913_387, 1_889_356_010, 3_349_496_224, 7_014_543_269, 15_371_891_421]),
        (
            Jitter::Decorrelated,
            [1_543_653_548, 4_229_216_669, 8_886_219_776, 20_337_284_690, 56_300_109_020],
        ),
        (
            Jitter::Additive(s(1)),
            [1_271_826_774, 2_889_356_010, 4_674_748_112, 8_753_635_817, 16_921_486_428],
        ),
    ];
    for (jitter, delays) in golden {
        let strewn = retry.clone().jitter(jitter).delays().take(5);
        assert_eq!(strewn.collect::<Vec<_>>(), delays.map(ns), "{jitter:?}");
    }
}

#[test]
fn calls_without_a_seed_come_back_at_other_times() {
    let retry = Retry::fixed(s(3600)).jitter(Jitter::Full).unlimited_time().max_attempts(4);
    assert_ne!(slept(retry.clone()), slept(retry.clone()));
    let random = Retry::random(s(1)..=s(3600)).unlimited_time().max_attempts(4);
    assert_ne!(slept(random.clone()), slept(random));
    let seeded = retry.seed(5);
    assert_eq!(slept(seeded.clone()), slept(seeded.clone()));
    assert_ne!(slept(seeded.clone()), slept(seeded.seed(6)));
}
