use std::ops::Range;

use regex::bytes::Regex;
use regex_syntax::ParserBuilder;
use regex_syntax::hir::LookSet;

use crate::lines::file::File;
use crate::lines::form::Form;
use crate::lines::iter::Lines;
use crate::lines::runs::Runs;
use crate::lines::search::{Find, Search};

impl<S: Runs> Lines<S> {
    /// Gives the lines that `regex` matches, each on its own: `^` and `$` are the ends of the line,
    /// and no match goes beyond them.
    ///
    /// It gives what `filter` would with [`is_match`](Regex::is_match). Unless the expression has
    /// an anchor (`^`, `$`, `\A`, `\z`), or finds matches across lines again and again, it searches
    /// whole blocks, which is several times as fast where few lines match.
    ///
    /// # Errors
    ///
    /// Those of the lines.
    ///
    /// # Examples
    ///
    /// ```
    /// use regex::bytes::Regex;
    ///
    /// let failure = Regex::new(r#"" 5\d\d "#).unwrap();
    /// let failures = headwater::lines("fixtures/apache_access.log")?.matching(&failure);
    /// assert_eq!(failures.count(), 3);
    /// # Ok::<(), headwater::Error>(())
    /// ```
    pub fn matching(self, regex: &Regex) -> Matching<S> {
        Search::new(self, Expression::new(regex))
    }
}

/// The lines that an expression matches; created by [`Lines::matching`].
pub type Matching<S = File> = Search<Expression, S>;

/// A regular expression that a line must match.
#[derive(Clone, Debug)]
pub struct Expression {
    regex: Regex,
    looks: Looks,
    /// How many more matches may go on beyond their line before lines are searched one by one,
    /// which is always right. Each of them may have cost as much as searching the whole block.
    patience: u32,
}

impl Expression {
    const PATIENCE: u32 = 32;

    fn new(regex: &Regex) -> Self {
        let looks = Looks::of(regex.as_str());
        Self { regex: regex.clone(), looks, patience: Self::PATIENCE }
    }

    /// Tells whether what matches in a line alone matches at the same place in a block of lines.
    fn is_same_in_a_block(&self, form: &Form) -> bool {
        match self.looks {
            Looks::Nowhere => true,
            Looks::AtWords => form.delimiter == b'\n' && !form.keep_ends,
            Looks::AtEnds => false,
        }
    }
}

/// Where an expression looks beside what it matches.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Looks {
    Nowhere,
    /// At where words begin and end, which a newline does as well as the end of the text.
    AtWords,
    /// At where the text or a line begins or ends, and whatever is not understood.
    AtEnds,
}

impl Looks {
    fn of(expression: &str) -> Self {
        // What the expression's builder was told is not known. The one thing that it can be told
        // which makes an anchor of what is none is to ignore white space.
        let parse = |ignore_whitespace| {
            let mut parser = ParserBuilder::new();
            parser.utf8(false).ignore_whitespace(ignore_whitespace).build().parse(expression).ok()
        };
        let Some(parsed) = parse(false) else { return Self::AtEnds };
        let looks = [Some(parsed), parse(true)].into_iter().flatten();
        let looks = looks
            .map(|parsed| parsed.properties().look_set())
            .fold(LookSet::empty(), LookSet::union);
        match (looks.contains_anchor(), looks.is_empty()) {
            (true, _) => Self::AtEnds,
            (false, false) => Self::AtWords,
            (false, true) => Self::Nowhere,
        }
    }
}

impl Find for Expression {
    fn find(&self, lines: &[u8], form: &Form) -> Option<Range<usize>> {
        if self.patience == 0 || !self.is_same_in_a_block(form) {
            return Some(0..usize::MAX);
        }
        self.regex.find(lines).map(|found| found.range())
    }

    fn is_match(&self, line: &[u8]) -> bool {
        self.regex.is_match(line)
    }

    fn accepts(&mut self, line: &[u8], end: usize) -> bool {
        if end <= line.len() {
            // What is no UTF-8 before a line can look different from there than from the line.
            return self.looks == Looks::Nowhere || self.is_match(line);
        }
        self.patience = self.patience.saturating_sub(1);
        self.is_match(line)
    }
}
