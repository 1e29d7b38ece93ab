use crate::measure::usage::Usage;

/// A straight line through points, by least squares.
#[derive(Clone, Copy)]
pub(super) struct Line {
    pub(super) slope: f64,
    /// The squared distances of the points, added up.
    pub(super) error: f64,
}

impl Line {
    /// Fits a line. Where all points stand above each other, it is level.
    pub(super) fn through(points: impl Iterator<Item = (f64, f64)> + Clone) -> Self {
        let (mut count, mut sum_x, mut sum_y) = (0.0, 0.0, 0.0);
        for (x, y) in points.clone() {
            count += 1.0;
            sum_x += x;
            sum_y += y;
        }
        let (mean_x, mean_y) = (sum_x / count, sum_y / count);
        let (mut squares, mut products) = (0.0, 0.0);
        for (x, y) in points.clone() {
            squares += (x - mean_x) * (x - mean_x);
            products += (x - mean_x) * (y - mean_y);
        }
        let slope = if squares > 0.0 { products / squares } else { 0.0 };
        let error = points.map(|(x, y)| (y - mean_y - slope * (x - mean_x)).powi(2)).sum();
        Self { slope, error }
    }
}

/// Returns by how much a value grows with each item.
pub(super) fn slope(points: &[(usize, Usage)], value: impl Fn(&Usage) -> u64) -> f64 {
    let points = points.iter().map(|(n, usage)| (float(*n as u64), float(value(usage))));
    Line::through(points).slope
}

/// Returns how far peaks are from growing as a shape of the size does.
pub(super) fn distance(points: &[(usize, Usage)], shape: impl Fn(f64) -> f64) -> f64 {
    let points = points.iter().map(|(n, usage)| (shape(float(*n as u64)), float(usage.peak())));
    Line::through(points).error
}

/// Returns a number for arithmetic in which its last digits do not matter.
#[expect(clippy::cast_precision_loss, reason = "52 bits are more than a slope needs")]
pub(super) fn float(number: u64) -> f64 {
    number as f64
}
