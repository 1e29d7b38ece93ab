//! What a generator overrides agrees with the defaults, and any number of items comes.

use futures::poll;
use headwater::{generate, try_generate};

use crate::support::contract::contract;

#[test]
fn a_generator_keeps_the_contract_of_iterators() {
    for len in 0..6 {
        contract(|| generate(move |out| async move { out.emit_all(0..len).await }), |n| n);
    }
    let joined = || {
        generate(|out| async move {
            futures::join!(out.emit_all([1, 2]), out.emit_all([3, 4]));
            assert!(poll!(out.emit(5)).is_pending());
        })
    };
    contract(joined, |n| n);
}

#[test]
fn a_generator_that_may_fail_keeps_the_contract_of_iterators() {
    for len in 0..5 {
        for fails in [false, true] {
            let numbers = || {
                try_generate(move |out| async move {
                    out.emit_all(0..len).await;
                    out.emit_err("a rapid").await;
                    let _ = poll!(out.emit(9));
                    if fails { Err("dry") } else { Ok(()) }
                })
            };
            contract(numbers, |result| result);
        }
    }
}

#[test]
fn a_million_items_come() {
    let million = || generate(|out| async move { out.emit_all(0..1_000_000_u64).await });
    assert_eq!(million().sum::<u64>(), 499_999_500_000);
    let mut sum = 0;
    for n in million() {
        sum += n;
    }
    assert_eq!(sum, 499_999_500_000);
    let checked = try_generate(|out| async move {
        for n in 0..1_000_000_u64 {
            out.emit(n).await;
        }
        Ok::<_, ()>(())
    });
    assert_eq!(checked.sum::<Result<u64, ()>>(), Ok(499_999_500_000));
}
