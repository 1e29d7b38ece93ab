use headwater::measure::so_far;

/// How many points a curve has at the most.
const POINTS: u64 = 200;

/// Memory over progress, both in bytes.
#[derive(Debug)]
pub(crate) struct Curve {
    /// Its room is there from the beginning: noting takes no memory.
    points: Vec<(u64, i64)>,
    /// Bytes from point to point.
    step: u64,
    /// From how many bytes on there is to be another point.
    next: u64,
}

impl Curve {
    /// Begins a curve over a file of some length.
    pub(crate) fn over(len: u64) -> Self {
        let points = Vec::with_capacity(usize::try_from(POINTS).unwrap_or(0) + 2);
        Self { points, step: len.div_ceil(POINTS).max(1), next: 0 }
    }

    /// Notes what is in use, once so many bytes were read.
    pub(crate) fn note(&mut self, read: u64) {
        if read >= self.next
            && let Some(usage) = so_far()
        {
            self.points.push((read, usage.live_at_end()));
            self.next = read + self.step;
        }
    }

    pub(crate) fn points(&self) -> &[(u64, i64)] {
        &self.points
    }
}
