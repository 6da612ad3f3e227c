//! Figures of the end of a run as data: each is written down once, in the table of its kind.
//!
//! In: a table of [`Figure`]s for each [`Totals`]. Out: how runs add up, the figures of one event, and for every view how
//! they are shown. The fields of an outcome stay typed, for code that reads them; a test holds that each is in its table.

use serde::Serialize;

use super::bounded::Bounded;
use super::chart::Chart;
use super::column::Series;
use super::histogram::Histogram;
use super::unit::{Better, Unit};
use super::writes::Writes;

/// What a run left of one resource: whole numbers, areas and histograms, which add up exactly.
pub trait Totals: Sized + 'static {
    /// The rows of the same resource.
    type Series: Series;
    /// The figures of one event.
    type Told: Default + Serialize + 'static;
    /// The title of the table of its kind on a page.
    const TITLE: &'static str;
    /// What must be known of its columns; empty where they say all themselves.
    const REMARK: &'static str = "";
    /// Its figures, in the order of the estimates.
    const FIGURES: &'static [Figure<Self>];
    /// Those that `[objectives]` can bound, in the order of the reference.
    const BOUNDED: &'static [Bounded<Self>] = &[];
    /// Its pictures.
    const CHARTS: &'static [Chart<Self::Series, Self::Told>] = &[];

    /// The name of the resource.
    fn name(told: &Self::Told) -> &str;

    /// What one of them is called where its name alone could be another one, as of what has a row for each source of traffic.
    fn heading(told: &Self::Told) -> String {
        Self::name(told).to_owned()
    }

    /// Whether a page shows it; what nothing came to may be left out.
    fn is_shown(_told: &Self::Told) -> bool {
        true
    }

    /// Adds another run.
    fn add(&mut self, more: &Self) {
        Self::FIGURES.iter().for_each(|figure| (figure.add)(self, more));
    }

    /// What became of writes there; nothing of what keeps no data.
    fn writes(&self) -> Writes {
        Writes::default()
    }

    /// The figures of one event, from the sum of so many runs.
    fn told(&self, runs: f64) -> Self::Told {
        let mut told = Self::Told::default();
        Self::FIGURES.iter().for_each(|figure| (figure.tell)(&mut told, self, runs));
        told
    }
}

/// A figure of a resource.
#[derive(Debug)]
pub struct Figure<T: Totals> {
    /// Its field, in the outcome and in `outcome.json`.
    pub name: &'static str,
    /// What it is counted in.
    pub unit: Unit,
    /// Adds what it is made of in another run. What several figures are made of is added with one of them.
    pub add: fn(&mut T, &T),
    /// Writes it down, from the sum of so many runs.
    pub tell: fn(&mut T::Told, &T, f64),
    /// How a page shows it.
    pub page: Page<T::Told>,
    /// What there is to know with several runs.
    pub estimate: Option<Estimated<T>>,
}

/// How certain a figure is.
#[derive(Debug)]
pub struct Estimated<T> {
    /// Its name in `outcome.json`, other than that of any other estimate of any kind.
    pub name: &'static str,
    /// Its words before the name of the resource: `CPU of`.
    pub words: &'static str,
    /// What it is counted in, which may be another unit than that of the field.
    pub unit: Unit,
    /// Which way it should go.
    pub better: Better,
    /// Its value, from the sum of so many runs; absent where nothing happened that it is about.
    pub of: fn(&T, f64) -> Option<f64>,
}

/// Where a page shows a figure.
#[derive(Debug)]
pub enum Page<O> {
    /// In the table of its kind.
    Column {
        /// The place from the left, the name of the resource being before the first.
        place: u8,
        /// The title of the column.
        title: &'static str,
        /// What its cells are counted in, which may be another unit than that of the field.
        unit: Unit,
        /// What it shows, where that is not what the field means: the worst of all, a part of something. Else empty.
        about: &'static str,
        /// What stands there.
        cell: fn(&O) -> Shown<'_>,
    },
    /// In a line below the table, where there is any of it.
    Line {
        /// Words before the value.
        before: &'static str,
        /// What is counted, in the singular: it agrees with the value; empty where that has a unit, or another line names it.
        noun: &'static str,
        /// Words after that.
        after: &'static str,
        /// The value.
        value: fn(&O) -> f64,
    },
    /// Nowhere, for this reason.
    Not(&'static str),
}

/// What stands in a cell of a page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shown<'a> {
    /// A name.
    Text(&'a str),
    /// A number in a unit.
    Number(f64, Unit),
    /// No more than this number.
    AtMost(f64),
    /// A share to the percent, as people set it.
    Whole(f64),
    /// A part that should be nothing, and of how much; of nothing, the part alone.
    PartOf(f64, f64),
    /// Nothing to tell.
    Nothing,
}

impl Shown<'_> {
    /// Milliseconds of waiting. Below a microsecond nothing waited: that is less than a run can mean.
    pub const fn wait(ms: f64) -> Self {
        let waited = if ms < LEAST_WAIT_MS { 0.0 } else { ms };
        Shown::Number(waited, Unit::Millis)
    }
}

/// The shortest wait that is shown, in milliseconds: a microsecond. Assumption: what is shorter comes of whole nanoseconds.
const LEAST_WAIT_MS: f64 = 0.001;

/// An amount that is a mean of runs, in a column with its place and its title.
macro_rules! amount {
    ($field:ident at $place:literal, $title:literal, $unit:ident) => {
        $crate::measure::figure::Figure {
            name: stringify!($field),
            unit: $crate::measure::unit::Unit::$unit,
            add: |sum, more| sum.$field += more.$field,
            tell: |told, of, runs| told.$field = of.$field / runs,
            page: $crate::measure::figure::Page::Column {
                place: $place,
                title: $title,
                unit: $crate::measure::unit::Unit::$unit,
                about: "",
                cell: |told| {
                    $crate::measure::figure::Shown::Number(told.$field, $crate::measure::unit::Unit::$unit)
                },
            },
            estimate: None,
        }
    };
}

/// A count of things: a whole number in each run, of several runs their mean.
macro_rules! counter {
    ($field:ident, $page:expr) => {
        $crate::measure::figure::Figure {
            name: stringify!($field),
            unit: $crate::measure::unit::Unit::Count,
            add: |sum, more| sum.$field += more.$field,
            tell: |told, of, runs| told.$field = $crate::measure::figure::per_run(of.$field, runs),
            page: $page,
            estimate: None,
        }
    };
    ($field:ident at $place:literal, $title:literal) => {
        counter!(
            $field,
            $crate::measure::figure::Page::Column {
                place: $place,
                title: $title,
                unit: $crate::measure::unit::Unit::Count,
                about: "",
                cell: |told| $crate::measure::figure::Shown::Number(
                    told.$field,
                    $crate::measure::unit::Unit::Count
                ),
            }
        )
    };
    ($field:ident below, $noun:literal, $after:literal) => {
        counter!(
            $field,
            $crate::measure::figure::Page::Line {
                before: "",
                noun: $noun,
                after: $after,
                value: |told| told.$field,
            }
        )
    };
}
pub(crate) use {amount, counter};

/// What says which resource it is, or how it is set: the same in every run.
macro_rules! setting {
    ($field:ident, $unit:ident, $page:expr) => {
        $crate::measure::figure::Figure {
            name: stringify!($field),
            unit: $crate::measure::unit::Unit::$unit,
            add: |_, _| {},
            tell: |told, of, _| told.$field = of.$field.clone(),
            page: $page,
            estimate: None,
        }
    };
}
pub(crate) use setting;

/// A count as a mean over so many runs.
pub fn per_run(total: u64, runs: f64) -> f64 {
    total as f64 / runs
}

/// A part of a total, 0 of nothing.
pub(crate) fn share(part: u64, total: u64) -> f64 {
    part as f64 / total.max(1) as f64
}

/// A part of a total; absent of nothing.
pub(crate) fn share_of_some(part: f64, total: f64) -> Option<f64> {
    (total > 0.0).then(|| part / total)
}

/// The mean of times in milliseconds; absent without any.
pub(crate) fn mean_ms(times: &Histogram) -> Option<f64> {
    (times.count() > 0).then(|| times.mean() / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_of_less_than_a_microsecond_is_none() {
        let shown = [0.0, 0.000_001, 0.000_999, 0.001, 0.4].map(Shown::wait);
        assert_eq!(shown, [0.0, 0.0, 0.0, 0.001, 0.4].map(|ms| Shown::Number(ms, Unit::Millis)));
    }
}
