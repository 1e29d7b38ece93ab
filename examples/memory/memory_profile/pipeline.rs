//! The pipelines, lazy and eager, and what is measured of them.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufRead as _, BufReader};

use anyhow::Result;
use bstr::ByteSlice as _;
use headwater::lines;
use headwater::measure::{Usage, measure};

use crate::args::Args;
use crate::curve::Curve;

/// What is asked of the lines.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Pipeline {
    /// The length of the longest.
    Longest,
    /// How many tell of a server's error.
    Errors,
    /// How many different hosts they begin with.
    Hosts,
}

impl Pipeline {
    pub(crate) const NAMES: [&str; 3] = ["longest", "errors", "hosts"];

    pub(crate) fn named(name: &str) -> Self {
        match name {
            "errors" => Self::Errors,
            "hosts" => Self::Hosts,
            _ => Self::Longest,
        }
    }

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Longest => "longest line",
            Self::Errors => "errors",
            Self::Hosts => "distinct hosts",
        }
    }
}

/// What is known of the lines so far.
#[derive(Debug, Default)]
struct Found {
    longest: usize,
    errors: u64,
    hosts: HashSet<Vec<u8>>,
}

impl Found {
    fn look_at(&mut self, line: &[u8], pipeline: Pipeline) {
        match pipeline {
            Pipeline::Longest => self.longest = self.longest.max(line.len()),
            Pipeline::Errors => self.errors += u64::from(line.contains_str("\" 5")),
            Pipeline::Hosts => {
                let host = line.split_str(" ").next().unwrap_or_default();
                if !self.hosts.contains(host) {
                    self.hosts.insert(host.to_vec());
                }
            }
        }
    }

    fn answer(&self, pipeline: Pipeline) -> String {
        match pipeline {
            Pipeline::Longest => format!("{} bytes", self.longest),
            Pipeline::Errors => self.errors.to_string(),
            Pipeline::Hosts => self.hosts.len().to_string(),
        }
    }
}

/// Takes one line after the other.
pub(crate) fn lazy(args: &Args, curve: &mut Curve) -> Result<String> {
    let mut found = Found::default();
    for line in lines(&args.file)? {
        let line = line?;
        found.look_at(&line, args.pipeline);
        curve.note(line.offset() + line.len() as u64);
    }
    Ok(found.answer(args.pipeline))
}

/// Reads all lines, and looks at them then.
pub(crate) fn eager(args: &Args, curve: &mut Curve) -> Result<String> {
    let mut found = Found::default();
    let mut all = Vec::new();
    let mut read = 0;
    for line in BufReader::new(File::open(&args.file)?).split(b'\n') {
        let mut line = line?;
        read += line.len() as u64 + 1;
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        all.push(line);
        curve.note(read - 1);
    }
    for line in &all {
        found.look_at(line, args.pipeline);
    }
    Ok(found.answer(args.pipeline))
}

/// What a form gave, and what it used.
#[derive(Debug)]
pub(crate) struct Profile {
    pub(crate) answer: String,
    pub(crate) usage: Usage,
    pub(crate) curve: Curve,
}

impl Profile {
    pub(crate) fn of(
        mut curve: Curve,
        form: impl FnOnce(&mut Curve) -> Result<String>,
    ) -> Result<Self> {
        let (answer, usage) = measure(|| form(&mut curve));
        Ok(Self { answer: answer?, usage, curve })
    }
}
