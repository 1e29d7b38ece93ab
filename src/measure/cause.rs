//! What is likely to make memory grow, told by how it grows.

use std::fmt;

use crate::measure::fit::{distance, slope};
use crate::measure::usage::Usage;

/// How memory grows, and what is known to grow so.
pub(super) struct Cause {
    shape: &'static str,
    reason: &'static str,
}

/// Another shape than a line has to fit so many times better: the peaks of a table that doubles
/// lie on steps, not on a line.
const BETTER: f64 = 10.0;

/// A shape, and what it is called.
type Shape = (fn(f64) -> f64, &'static str);

const SHAPES: [Shape; 4] = [
    (f64::ln, "it grows with the logarithm of the size"),
    (f64::sqrt, "it grows with the square root of the size"),
    (|n| n * n.ln(), "it grows as n log n"),
    (|n| n * n, "it grows with the square of the size"),
];

impl Cause {
    /// Judges points whose peaks grow.
    pub(super) fn of(points: &[(usize, Usage)]) -> Self {
        if let [_, .., (_, less), (_, more)] = points
            && more.peak() <= less.peak()
        {
            return Self {
                shape: "it does not grow any more at the largest sizes",
                reason: "begins with a size that does not fill what is bounded, or the input ended \
                         before its size",
            };
        }
        Self { shape: shape(points), reason: reason(points) }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, and {}", self.shape, self.reason)
    }
}

fn shape(points: &[(usize, Usage)]) -> &'static str {
    let mut best = (distance(points, |n| n) / BETTER, "it grows with each item");
    // Any shape fits two points.
    if points.len() > 2 {
        for (shape, name) in SHAPES {
            let distance = distance(points, shape);
            if distance < best.0 {
                best = (distance, name);
            }
        }
    }
    best.1
}

fn reason(points: &[(usize, Usage)]) -> &'static str {
    let per_item = |value: fn(&Usage) -> u64| slope(points, value);
    let peak = per_item(Usage::peak);
    if per_item(|usage| u64::try_from(usage.live_at_end()).unwrap_or(0)) > peak / 2.0 {
        return "it is not freed at the end: the result itself, a cache, or a leak";
    }
    if per_item(Usage::allocated_bytes) > 2.0 * peak {
        return "most of what is allocated is freed: something small is kept of each item, as a set \
                of what was seen or an index, or each item itself, or a line now and then, with its \
                block";
    }
    if per_item(Usage::allocations) > 0.5 {
        return "each item has an allocation that is kept: `collect`, sorting, a map of all keys, or \
                an unbounded channel whose receiver is behind";
    }
    if is_doubling(points) {
        return "few allocations hold all of it: one buffer grows, as those of `collect`, of sorting, \
                of `read_to_string`, and of a line without an end do";
    }
    "there are fewer allocations than items: lines that are kept keep their blocks (copy them by \
     `into_owned`), or copies that are kept, or an unbounded channel, which keeps what its receiver \
     has not taken"
}

/// Tells whether there are so few more allocations at the largest size than at the smallest as
/// buffers have that double.
fn is_doubling(points: &[(usize, Usage)]) -> bool {
    let (Some((few, less)), Some((many, more))) = (points.first(), points.last()) else {
        return false;
    };
    // Two buffers, and some that are made beside them.
    let doublings = u64::from((many / few.max(&1)).max(1).ilog2());
    more.allocations().saturating_sub(less.allocations()) <= 2 * doublings + 4
}
