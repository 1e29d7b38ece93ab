//! Properties of random values.

use std::fmt::Debug;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// Checks a property with the same values in every run.
pub(crate) fn check<S: Strategy>(cases: u32, values: &S, property: impl Fn(S::Value))
where
    S::Value: Debug,
{
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    // A cipher, without optimisation, takes most of the time of a test.
    let random = TestRng::deterministic_rng(RngAlgorithm::XorShift);
    let checked = TestRunner::new_with_rng(config, random).run(values, |value| {
        property(value);
        Ok(())
    });
    checked.unwrap_or_else(|failure| panic!("{failure}"));
}
