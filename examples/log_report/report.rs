//! What there is to report.

#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) lines: u64,
    pub(crate) parsed: u64,
    pub(crate) unparsed: u64,
    /// Where the first unparsed lines are.
    pub(crate) unparsed_first: Vec<Place>,
    pub(crate) bytes: u128,
    /// The earliest time, as RFC 3339 writes it.
    pub(crate) first: Option<String>,
    /// The latest time.
    pub(crate) last: Option<String>,
    /// By `YYYY-MM-DD`.
    pub(crate) days: Counts,
    /// By `00` to `23`, all of them.
    pub(crate) hours: Counts,
    /// By code, of three digits.
    pub(crate) status: Counts,
    pub(crate) paths: Ranking,
    pub(crate) hosts: Ranking,
    pub(crate) referrers: Ranking,
    pub(crate) agents: Ranking,
}

/// Texts, and how often each is there.
pub(crate) type Counts = Vec<(String, u64)>;

/// Where a line begins.
#[derive(Debug)]
pub(crate) struct Place {
    /// The path as it was given; `-` is the standard input.
    pub(crate) file: String,
    /// In bytes; in a compressed file, of what it holds.
    pub(crate) offset: u64,
}

/// The most frequent texts, most first.
#[derive(Debug)]
pub(crate) struct Ranking {
    /// How many texts there are, also outside `top`.
    pub(crate) distinct: usize,
    pub(crate) top: Counts,
}
