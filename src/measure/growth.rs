use std::fmt;

use crate::measure::cause::Cause;
use crate::measure::fit::{float, slope};
use crate::measure::installed::require_installed;
use crate::measure::process::process;
use crate::measure::scope::measure;
use crate::measure::usage::Usage;

/// How the memory of a pipeline grows with its input: measured at several sizes, and fitted.
///
/// [`assert_constant_memory`](crate::measure::assert_constant_memory) is made of it. Its text is that
/// function's message: the sizes, the peaks, the slope, and what is likely to cause it.
///
/// # Examples
///
/// ```
/// use headwater::measure::{Growth, Peak};
/// # use std::alloc::System;
/// # #[global_allocator]
/// # static HEAP: Peak = Peak::new(System);
///
/// let lazy = Growth::measure([1_000, 10_000, 100_000], |n| (0..n).map(|n| n * n).sum::<usize>());
/// assert!(lazy.is_constant());
///
/// let eager = Growth::measure([1_000, 10_000, 100_000], |n| {
///     (0..n as u64).collect::<Vec<_>>().into_iter().sum::<u64>()
/// });
/// assert!(!eager.is_constant());
/// assert_eq!(eager.slope().round(), 8.0); // bytes for each number
/// ```
#[derive(Clone, Debug)]
pub struct Growth {
    /// The sizes, ascending, each once, and what was used at each; two of them at least.
    points: Vec<(usize, Usage)>,
}

impl Growth {
    /// The slope up to which memory is constant, in bytes an item.
    pub const MAX_SLOPE: f64 = 0.001;

    /// By how many bytes memory may grow from the smallest size to the largest, whatever the slope:
    /// a longer number in a text, or a table's first growth.
    pub const MAX_GROWTH: u64 = 1024;

    /// Runs a pipeline at each size, and measures what it uses on this thread.
    ///
    /// It is run once at the smallest size before, for what is allocated once in a process or a
    /// thread. What it returns is live at its end.
    ///
    /// # Panics
    ///
    /// Panics if there are not two different sizes, or [`Peak`](crate::measure::Peak) is not the
    /// program's global allocator.
    #[track_caller]
    pub fn measure<T>(
        sizes: impl IntoIterator<Item = usize>,
        mut pipeline: impl FnMut(usize) -> T,
    ) -> Self {
        Self::by(sizes, |n| measure(|| pipeline(n)).1)
    }

    /// Runs a pipeline at each size, and measures what the whole process uses meanwhile.
    ///
    /// It is [`measure`](Self::measure) for pipelines that have threads of their own.
    ///
    /// # Panics
    ///
    /// As [`measure`](Self::measure).
    #[track_caller]
    pub fn process<T>(
        sizes: impl IntoIterator<Item = usize>,
        mut pipeline: impl FnMut(usize) -> T,
    ) -> Self {
        Self::by(sizes, |n| process(|| pipeline(n)).1)
    }

    /// Returns by how many bytes the peak grows with each item: the slope of the straight line that
    /// fits the peaks best, by least squares.
    #[must_use]
    pub fn slope(&self) -> f64 {
        slope(&self.points, Usage::peak)
    }

    /// Tells whether the slope is at most [`MAX_SLOPE`](Self::MAX_SLOPE), or the growth at most
    /// [`MAX_GROWTH`](Self::MAX_GROWTH).
    #[must_use]
    pub fn is_constant(&self) -> bool {
        let (first, last) = (self.points[0].0, self.points[self.points.len() - 1].0);
        let growth = self.slope() * float((last - first) as u64);
        self.slope() <= Self::MAX_SLOPE || growth <= float(Self::MAX_GROWTH)
    }

    /// Returns the sizes, ascending, and what was used at each.
    #[must_use]
    pub fn points(&self) -> &[(usize, Usage)] {
        &self.points
    }

    #[track_caller]
    fn by(sizes: impl IntoIterator<Item = usize>, mut usage: impl FnMut(usize) -> Usage) -> Self {
        // What is run by a closure would not show the caller.
        require_installed();
        let mut sizes: Vec<_> = sizes.into_iter().collect();
        sizes.sort_unstable();
        sizes.dedup();
        assert!(sizes.len() >= 2, "growth is that between sizes: two of them are needed at least");
        usage(sizes[0]);
        Self { points: sizes.into_iter().map(|n| (n, usage(n))).collect() }
    }
}

impl fmt::Display for Growth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let slope = self.slope();
        if self.is_constant() {
            writeln!(f, "memory is constant: it grows by {slope:.6} bytes an item")?;
        } else {
            writeln!(f, "memory grows with the input, by {slope:.3} bytes an item")?;
            let (most, in_all) = (Self::MAX_SLOPE, Self::MAX_GROWTH);
            writeln!(f, "(it is constant up to {most} bytes an item, or {in_all} bytes in all)")?;
        }
        write!(f, "{:>12}  {:>14}", "items", "peak in bytes")?;
        for (n, usage) in &self.points {
            write!(f, "\n{n:>12}  {:>14}", usage.peak())?;
        }
        if !self.is_constant() {
            write!(f, "\nlikely cause: {}", Cause::of(&self.points))?;
        }
        Ok(())
    }
}
