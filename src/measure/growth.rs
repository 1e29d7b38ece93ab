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
    /// By how many bytes the peak may grow from the first to the last, whatever the slope.
    max_growth: f64,
}

impl Growth {
    /// The slope up to which memory is constant, in bytes an item.
    pub const MAX_SLOPE: f64 = 0.001;

    /// By how many bytes memory may grow from the smallest size to the largest, whatever the slope:
    /// a longer number in a text, or a table's first growth.
    pub const MAX_GROWTH: u64 = 1024;

    /// By how many bytes memory may grow where threads run beside each other: what they have in
    /// their queues at one time differs from run to run.
    pub const MAX_GROWTH_OF_THREADS: u64 = 8 * 1024;

    /// By which part of its least peak memory may grow where threads run beside each other, if that
    /// is more: a thread that is a little ahead holds an item more.
    pub const MAX_SHARE_OF_THREADS: f64 = 0.05;

    /// How often a pipeline with threads is run at each size. The least peak counts, as the one with
    /// the least of chance in it.
    pub const RUNS_OF_THREADS: usize = 5;

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
        let points = points(sizes, 1, |n| measure(|| pipeline(n)).1);
        Self { points, max_growth: float(Self::MAX_GROWTH) }
    }

    /// Runs a pipeline at each size, and measures what the whole process uses meanwhile.
    ///
    /// It is [`measure`](Self::measure) for pipelines that have threads of their own. How these run
    /// beside each other is chance, and so is a part of their memory. So each size is run
    /// [`RUNS_OF_THREADS`](Self::RUNS_OF_THREADS) times, of which the least peak counts, and memory
    /// may grow by [`MAX_GROWTH_OF_THREADS`](Self::MAX_GROWTH_OF_THREADS) or
    /// [`MAX_SHARE_OF_THREADS`](Self::MAX_SHARE_OF_THREADS) of the least of all peaks. What grows more
    /// slowly than that is found by larger sizes.
    ///
    /// All that the threads allocate counts, also what is not of the pipeline: of rayon, its queues,
    /// which get blocks of a KiB or two as jobs come; not its pool, if the run before has started it.
    ///
    /// # Panics
    ///
    /// As [`measure`](Self::measure).
    #[track_caller]
    pub fn process<T>(
        sizes: impl IntoIterator<Item = usize>,
        mut pipeline: impl FnMut(usize) -> T,
    ) -> Self {
        let points = points(sizes, Self::RUNS_OF_THREADS, |n| process(|| pipeline(n)).1);
        Self::of_threads(points)
    }

    /// Returns by how many bytes the peak grows with each item: the slope of the straight line that
    /// fits the peaks best, by least squares.
    #[must_use]
    pub fn slope(&self) -> f64 {
        slope(&self.points, Usage::peak)
    }

    /// Tells whether the slope is at most [`MAX_SLOPE`](Self::MAX_SLOPE), or the growth at most
    /// [`MAX_GROWTH`](Self::MAX_GROWTH), and by [`process`](Self::process) what that allows.
    #[must_use]
    pub fn is_constant(&self) -> bool {
        let (first, last) = (self.points[0].0, self.points[self.points.len() - 1].0);
        let growth = self.slope() * float((last - first) as u64);
        self.slope() <= Self::MAX_SLOPE || growth <= self.max_growth
    }

    /// Returns the sizes, ascending, and what was used at each.
    #[must_use]
    pub fn points(&self) -> &[(usize, Usage)] {
        &self.points
    }

    fn of_threads(points: Vec<(usize, Usage)>) -> Self {
        let least = points.iter().map(|(_, usage)| usage.peak()).min().unwrap_or(0);
        let share = float(least) * Self::MAX_SHARE_OF_THREADS;
        Self { points, max_growth: share.max(float(Self::MAX_GROWTH_OF_THREADS)) }
    }
}

impl fmt::Display for Growth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let slope = self.slope();
        if self.is_constant() {
            writeln!(f, "memory is constant: it grows by {slope:.6} bytes an item")?;
        } else {
            writeln!(f, "memory grows with the input, by {slope:.3} bytes an item")?;
            let (most, in_all) = (Self::MAX_SLOPE, self.max_growth);
            writeln!(
                f,
                "(it is constant up to {most} bytes an item, or {in_all:.0} bytes in all)"
            )?;
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

/// Runs each size so many times, and the smallest once before; keeps the run with the least peak.
#[track_caller]
fn points(
    sizes: impl IntoIterator<Item = usize>,
    runs: usize,
    mut run: impl FnMut(usize) -> Usage,
) -> Vec<(usize, Usage)> {
    // What is run by a closure would not show the caller.
    require_installed();
    let mut sizes: Vec<_> = sizes.into_iter().collect();
    sizes.sort_unstable();
    sizes.dedup();
    assert!(sizes.len() >= 2, "growth is that between sizes: two of them are needed at least");
    run(sizes[0]);
    let mut least = |n| {
        let first = run(n);
        (1..runs)
            .map(|_| run(n))
            .fold(first, |least, next| if next.peak() < least.peak() { next } else { least })
    };
    sizes.into_iter().map(|n| (n, least(n))).collect()
}

#[cfg(test)]
mod tests {
    use crate::measure::growth::{Growth, Usage};

    fn of_threads(peaks: [u64; 3]) -> Growth {
        let usage = |peak| Usage { peak, ..Usage::default() };
        let sizes = [1_000, 10_000, 100_000].into_iter();
        Growth::of_threads(sizes.zip(peaks.map(usage)).collect())
    }

    #[test]
    fn what_threads_have_by_chance_is_constant() {
        for peaks in [
            [608, 608, 2176],
            [267_958, 267_958, 269_249],
            [0, 0, 7_000],
            [1 << 20, 1 << 20, (1 << 20) + (45 << 10)],
            [5_000, 2_000, 1_000],
        ] {
            assert!(of_threads(peaks).is_constant(), "{peaks:?}");
        }
    }

    #[test]
    fn what_grows_beyond_chance_is_found() {
        for peaks in [
            [0, 900, 9_000],
            [1_000, 10_000, 100_000],
            [268_000, 277_000, 367_000],
            [1 << 20, 1 << 20, (1 << 20) + (60 << 10)],
            [10_000, 20_000, 30_000],
        ] {
            let growth = of_threads(peaks);
            assert!(!growth.is_constant(), "{growth}");
        }
        let text = of_threads([1_000_000, 2_000_000, 3_000_000]).to_string();
        let limits = "(it is constant up to 0.001 bytes an item, or 50000 bytes in all)";
        assert_eq!(text.lines().nth(1), Some(limits), "{text}");
    }
}
