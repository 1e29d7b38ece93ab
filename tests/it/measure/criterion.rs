//! What criterion measures: peaks one by one, allocations in sum, told in their units.

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use criterion::measurement::Measurement;
use criterion::{Bencher, Criterion, Throughput};
use headwater::measure::criterion::{Allocations, PeakHeap};

use crate::support::own_process::in_its_own_process;

fn block(len: usize) -> Vec<u8> {
    black_box(Vec::with_capacity(len))
}

/// Runs a bench, and returns the mean that criterion has found.
fn mean<M: Measurement + 'static>(measurement: M, bench: impl FnMut(&mut Bencher<'_, M>)) -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let mut criterion = Criterion::default()
        .with_measurement(measurement)
        .output_directory(folder.path())
        .sample_size(10)
        .warm_up_time(Duration::from_millis(1))
        .measurement_time(Duration::from_millis(1));
    criterion.bench_function("bench", bench);
    estimate(&folder.path().join("bench/new/estimates.json"))
}

fn estimate(file: &Path) -> f64 {
    let text = fs::read_to_string(file).unwrap();
    let estimates: serde_json::Value = serde_json::from_str(&text).unwrap();
    estimates["mean"]["point_estimate"].as_f64().unwrap()
}

/// Holds that a figure is off by less than a millionth.
fn is_about(figure: f64, expected: f64) {
    assert!((figure / expected - 1.0).abs() < 1e-6, "{figure}, and not {expected}");
}

/// Equal samples have criterion's plots panic.
#[test]
fn no_two_samples_are_equal() {
    let samples: Vec<f64> = (0..1000).map(|_| PeakHeap.to_f64(&5000)).collect();
    assert!(samples.windows(2).all(|pair| pair[0].to_bits() != pair[1].to_bits()));
    let mean = samples.iter().sum::<f64>() / 1000.0;
    assert!((mean - 5000.0).abs() < 1e-4, "{mean}");
}

#[test]
fn a_peak_is_that_of_each_iteration() {
    in_its_own_process("measure::criterion::a_peak_is_that_of_each_iteration", || {
        let peak = mean(PeakHeap, |bencher| PeakHeap::iter(bencher, || block(5000)));
        is_about(peak, 5000.0);
        let divided = mean(PeakHeap, |bencher| bencher.iter(|| block(5000)));
        assert!(divided < 5000.0, "many iterations at once have the peak of one: {divided}");
    });
}

#[test]
fn allocations_add_up() {
    in_its_own_process("measure::criterion::allocations_add_up", || {
        let count = mean(Allocations, |bencher| bencher.iter(|| (block(10), block(20))));
        is_about(count, 2.0);
    });
}

#[test]
fn values_are_told_in_their_units() {
    let bytes = |value| PeakHeap.formatter().format_value(value);
    assert_eq!(bytes(0.0), "0.0000 B");
    assert_eq!(bytes(132_352.0), "129.25 KiB");
    assert_eq!(bytes(1_572_864.0), "1.5000 MiB");
    assert_eq!(bytes(3_221_225_472.0), "3.0000 GiB");
    let of = |throughput| PeakHeap.formatter().format_throughput(&throughput, 1000.0);
    assert_eq!(of(Throughput::Elements(100)), "10.000 B/elem");
    assert_eq!(of(Throughput::Bytes(500)), "2.0000 B/B");
    assert_eq!(of(Throughput::Bits(4000)), "2.0000 B/B");
    assert_eq!(PeakHeap.formatter().scale_for_machines(&mut [1.0]), "B");

    let count = |value| Allocations.formatter().format_value(value);
    assert_eq!(count(2.0), "2.0000 allocs");
    assert_eq!(count(2500.0), "2.5000 Kallocs");
    assert_eq!(count(2_500_000.0), "2.5000 Mallocs");
    let of = |throughput| Allocations.formatter().format_throughput(&throughput, 1000.0);
    assert_eq!(of(Throughput::Elements(100)), "10.000 allocs/elem");
    assert_eq!(of(Throughput::BytesDecimal(500)), "2.0000 allocs/B");
    assert_eq!(Allocations.formatter().scale_for_machines(&mut [1.0]), "allocs");
}

#[test]
fn values_add_up() {
    let sum = PeakHeap.add(&PeakHeap.zero(), &7);
    is_about(PeakHeap.to_f64(&sum), 7.0);
    assert_eq!(Allocations.add(&u64::MAX, &1), u64::MAX);
    assert_eq!(Allocations.to_f64(&Allocations.zero()).to_bits(), 0_f64.to_bits());
}
