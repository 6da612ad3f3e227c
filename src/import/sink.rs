//! The second pass: every request is counted in its class and period. In: rows. Out: a [`Tally`].

use super::classes::Class;
use super::matcher::Matcher;
use super::options::Options;
use super::row::{Reason, Row};
use super::series::Series;
use super::tally::{Tally, TooMany};
use super::walk::{Full, Sink};

/// Whether an instant is not asked for.
pub(super) fn is_outside(at: i64, options: &Options) -> bool {
    options.from.is_some_and(|from| at < from) || options.to.is_some_and(|to| at >= to)
}

/// What counts; the last class is that of what fits no other.
pub(super) struct Counting<'a> {
    options: &'a Options,
    matcher: Matcher,
    is_dropped: Vec<bool>,
    pub tally: Tally,
    series: Series,
}

impl<'a> Counting<'a> {
    pub(super) fn new(classes: &[Class], options: &'a Options, period: i64) -> Counting<'a> {
        let is_dropped = classes.iter().map(|class| class.drop).chain([false]).collect();
        let matcher = Matcher::new(classes, classes.len());
        let tally = Tally::new(classes.len() + 1, period);
        Counting { options, matcher, is_dropped, tally, series: Series::default() }
    }

    /// Adds what another one has counted.
    pub(super) fn merge(&mut self, other: Counting) -> Result<(), TooMany> {
        self.tally.merge(other.tally)
    }
}

impl Sink for Counting<'_> {
    #[inline]
    fn row(&mut self, row: &Row) -> Result<Option<Reason>, Full> {
        if is_outside(row.at, self.options) {
            return Ok(Some(Reason::Outside));
        }
        let class = self.matcher.class(row.method, &row.path);
        if self.is_dropped[class] {
            return Ok(Some(Reason::Unwanted));
        }
        self.tally.add(class, row).map(|()| None).map_err(|TooMany| Full)
    }

    fn series(&mut self) -> &mut Series {
        &mut self.series
    }
}
