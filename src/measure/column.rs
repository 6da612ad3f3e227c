//! Columns of the timeline as data: each is written down once, in the table of its kind.
//!
//! In: a table of [`Column`]s for each [`Series`]. Out: how runs add up, and the columns by name for every view. The
//! fields of a series stay typed, for code that reads them; a test holds that each is in its table.

mod declared;

use std::collections::BTreeMap;

pub use declared::{Declared, Family, Place, declare, declare_all};

use super::percentile::Percentile;
use super::stage::Cause;
use super::unit::Unit;

/// Something that has columns: one value a row.
pub trait Series: Sized + 'static {
    /// The word for its kind in the name of a column; empty for the whole system.
    const KIND: &'static str;
    /// Its fields that are no columns and say which one it is.
    const LABELS: &'static [&'static str];
    /// Its columns, in the order of the views.
    const COLUMNS: &'static [Column<Self>];

    /// What tells it from others of its kind: a name, or several that only together are one.
    fn labels(&self) -> Vec<&str>;
}

/// Nothing: no columns.
impl Series for () {
    const KIND: &'static str = "";
    const LABELS: &'static [&'static str] = &[];
    const COLUMNS: &'static [Column<()>] = &[];

    fn labels(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// A column of a series, or a family of columns.
#[derive(Debug)]
pub struct Column<S> {
    /// Its field, in the series and in `outcome.json`.
    pub name: &'static str,
    /// What its values are counted in.
    pub unit: Unit,
    /// Its values, and how runs add up.
    pub cells: Cells<S>,
}

/// The values of a column, and what they are over several runs.
#[derive(Debug)]
pub enum Cells<S> {
    /// The same in every run.
    Same(Field<S, Vec<f64>>),
    /// Their mean over the runs.
    Mean(Field<S, Vec<f64>>),
    /// Their mean, each run weighed by another column, which is a plain mean; gaps where a run has no value.
    Weighed(Field<S, Vec<Option<f64>>>, fn(&S) -> &Vec<f64>),
    /// The same without gaps.
    Shared(Field<S, Vec<f64>>, fn(&S) -> &Vec<f64>),
    /// The largest of all runs.
    Worst(Field<S, Vec<f64>>),
    /// A column for each cause of failure: their means. A cause that a run lacks has zeros in it.
    Causes(Field<S, BTreeMap<Cause, Vec<f64>>>),
    /// A column for each stage of a request: their means, weighed as above.
    Stages(Field<S, Vec<Vec<f64>>>, fn(&S) -> &Vec<f64>),
    /// A column for each percentile; they are taken again from the requests of all runs.
    Percentiles(Field<S, BTreeMap<Percentile, Vec<Option<f64>>>>),
    /// Made of the other columns once these are those of all runs; gaps where they say nothing.
    Derived(Field<S, Vec<Option<f64>>>),
    /// Series that are parts of this one.
    Parts(Parts<S>),
}

/// A field, to be read or changed.
#[derive(Debug)]
pub struct Field<S, T> {
    /// Reads it.
    pub of: fn(&S) -> &T,
    /// Changes it.
    pub of_mut: fn(&mut S) -> &mut T,
}

/// What is done with a list of series in a series.
#[derive(Debug)]
pub struct Parts<S> {
    /// Adds those of another run.
    pub add: fn(&mut S, &S),
    /// Divides sums by a number of runs.
    pub divide: fn(&mut S, f64),
    /// Leaves out all rows.
    pub clear: fn(&mut S),
    /// Lists their columns after the given path; absent where they are not for views.
    pub list: Option<List<S>>,
    /// Lists the columns that they can have, without any of them; absent where they are not for views.
    pub declare: Option<Declare<S>>,
}

/// Lists the columns that a series can have, below a place. It gets no series: its type says all.
pub type Declare<S> = fn(Option<&S>, &Place, &mut Vec<Declared>);

/// Lists the columns of a series, after the path of what it belongs to.
pub type List<S> = for<'a> fn(&'a S, &[Step<'a>], &mut Vec<Listed<'a>>);

/// A word of the path of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step<'a> {
    /// The word.
    pub word: &'a str,
    /// The field of the series that it is the value of; the word for a kind is of none.
    pub label: Option<&'static str>,
}

/// The columns that a resource has once, or not at all: made with its first row.
pub(crate) fn the_one<T: Default>(columns: &mut Vec<T>) -> &mut T {
    if columns.is_empty() {
        columns.push(T::default());
    }
    &mut columns[0]
}

/// A column of a table, by its field: `column!(backlog, Count)` is a mean, `column!(hit_ratio, Share, by lookups)` is
/// weighed, `column!(Shared cpu_percent, Percent, by serving)` too, `column!(Causes failed, PerSecond)` has its own sort of cells, `column!(parts pools)` are series,
/// and `column!(flat kinds)` are the columns of a series in a field of this one, without a name of their own.
macro_rules! column {
    (@field $field:ident) => { $crate::measure::column::Field { of: |it| &it.$field, of_mut: |it| &mut it.$field } };
    (@of $field:ident, $unit:ident, $cells:expr) => {
        $crate::measure::column::Column {
            name: stringify!($field),
            unit: $crate::measure::unit::Unit::$unit,
            cells: $cells,
        }
    };
    (parts $field:ident) => {
        column!(
            parts $field,
            Some(|it, path, to| $crate::measure::column::list_all(&it.$field, path, to)),
            Some(|it, place, to| {
                $crate::measure::column::declare_all(it.map(|it| &it.$field[..]), &place.inside(stringify!($field)), to)
            })
        )
    };
    (flat $field:ident) => {
        $crate::measure::column::Column {
            name: "",
            unit: $crate::measure::unit::Unit::Text,
            cells: $crate::measure::column::Cells::Parts($crate::measure::column::Parts {
                add: |sum, more| $crate::measure::column::add(&mut sum.$field, &more.$field),
                divide: |sum, runs| $crate::measure::column::divide(&mut sum.$field, runs),
                clear: |it| $crate::measure::column::clear(&mut it.$field),
                list: Some(|it, path, to| $crate::measure::column::list(&it.$field, path, to)),
                declare: Some(|it, place, to| $crate::measure::column::declare(it.map(|it| &it.$field), place, to)),
            }),
        }
    };
    (hidden parts $field:ident) => { column!(parts $field, None, None) };
    (parts $field:ident, $list:expr, $declare:expr) => {
        column!(@of $field, Text, $crate::measure::column::Cells::Parts($crate::measure::column::Parts {
            add: |sum, more| $crate::measure::column::add_all(&mut sum.$field, &more.$field),
            divide: |sum, runs| $crate::measure::column::divide_all(&mut sum.$field, runs),
            clear: |it| it.$field.iter_mut().for_each($crate::measure::column::clear),
            list: $list,
            declare: $declare,
        }))
    };
    ($field:ident, $unit:ident) => { column!(Mean $field, $unit) };
    ($field:ident, $unit:ident, by $weight:ident) => { column!(Weighed $field, $unit, by $weight) };
    ($cells:ident $field:ident, $unit:ident) => {
        column!(@of $field, $unit, $crate::measure::column::Cells::$cells(column!(@field $field)))
    };
    ($cells:ident $field:ident, $unit:ident, by $weight:ident) => {
        column!(@of $field, $unit, $crate::measure::column::Cells::$cells(column!(@field $field), |it| &it.$weight))
    };
}
pub(crate) use column;

/// A column of a timeline.
#[derive(Clone, Debug)]
pub struct Listed<'a> {
    /// Where it stands, by kinds and labels, such as `fleet`, `web`, `pool`, `orders`, `writer`; empty for the whole system.
    pub path: Vec<Step<'a>>,
    /// Its field.
    pub name: &'static str,
    /// Which of a family of columns.
    pub key: Option<Key>,
    /// What its values are counted in.
    pub unit: Unit,
    /// Its values.
    pub values: Values<'a>,
}

/// Which of a family of columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// By the cause of failure.
    Cause(Cause),
    /// By percentile.
    Percentile(Percentile),
    /// By the position of a stage.
    Stage(usize),
}

/// The values of a column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Values<'a> {
    /// One in every row.
    All(&'a [f64]),
    /// With gaps.
    Gaps(&'a [Option<f64>]),
}

/// The columns of a series and of its parts.
pub fn list<'a, S: Series>(series: &'a S, path: &[Step<'a>], to: &mut Vec<Listed<'a>>) {
    for &Column { name, unit, ref cells } in S::COLUMNS {
        let mut push = |key, values| to.push(Listed { path: path.to_vec(), name, key, unit, values });
        match cells {
            Cells::Same(field) | Cells::Mean(field) | Cells::Shared(field, _) | Cells::Worst(field) => {
                push(None, Values::All((field.of)(series)));
            }
            Cells::Weighed(field, _) | Cells::Derived(field) => {
                push(None, Values::Gaps((field.of)(series)));
            }
            Cells::Causes(field) => (field.of)(series)
                .iter()
                .for_each(|(cause, values)| push(Some(Key::Cause(*cause)), Values::All(values))),
            Cells::Stages(field, _) => (field.of)(series)
                .iter()
                .enumerate()
                .for_each(|(stage, values)| push(Some(Key::Stage(stage)), Values::All(values))),
            Cells::Percentiles(field) => (field.of)(series)
                .iter()
                .for_each(|(which, values)| push(Some(Key::Percentile(*which)), Values::Gaps(values))),
            Cells::Parts(parts) => {
                if let Some(list) = parts.list {
                    list(series, path, to);
                }
            }
        }
    }
}

/// The columns of several series of a kind, after the path of what they belong to.
pub fn list_all<'a, S: Series>(all: &'a [S], path: &[Step<'a>], to: &mut Vec<Listed<'a>>) {
    for series in all {
        let labels = series.labels().into_iter().zip(S::LABELS);
        let labels = labels.map(|(word, label)| Step { word, label: Some(label) });
        let own = [Step { word: S::KIND, label: None }].into_iter().chain(labels);
        let path: Vec<Step<'_>> = path.iter().copied().chain(own).collect();
        list(series, &path, to);
    }
}

/// Adds another run: what is a mean becomes a sum until [`divide`]; what is weighed is a mean at any time.
pub fn add<S: Series>(sum: &mut S, more: &S) {
    for column in S::COLUMNS {
        match &column.cells {
            Cells::Mean(field) => add_cells((field.of_mut)(sum), (field.of)(more)),
            Cells::Causes(field) => {
                let sums = (field.of_mut)(sum);
                for (key, more) in (field.of)(more) {
                    add_cells(sums.entry(*key).or_insert_with(|| vec![0.0; more.len()]), more);
                }
            }
            Cells::Worst(field) => {
                let worst = (field.of_mut)(sum).iter_mut().zip((field.of)(more));
                worst.for_each(|(worst, more)| *worst = worst.max(*more));
            }
            Cells::Parts(parts) => (parts.add)(sum, more),
            Cells::Same(_)
            | Cells::Weighed(..)
            | Cells::Shared(..)
            | Cells::Stages(..)
            | Cells::Percentiles(_)
            | Cells::Derived(_) => {}
        }
    }
    // Now that the weights are those of all runs.
    for column in S::COLUMNS {
        match &column.cells {
            Cells::Weighed(field, weight) => {
                let all = weight(sum).clone();
                draw((field.of_mut)(sum), (field.of)(more), weight(more), &all);
            }
            Cells::Shared(field, weight) => {
                let all = weight(sum).clone();
                draw((field.of_mut)(sum), (field.of)(more), weight(more), &all);
            }
            Cells::Stages(field, weight) => {
                let all = weight(sum).clone();
                for (mean, more_of) in (field.of_mut)(sum).iter_mut().zip((field.of)(more)) {
                    draw(mean, more_of, weight(more), &all);
                }
            }
            _ => {}
        }
    }
}

/// [`add`] of each series of a kind.
pub fn add_all<S: Series>(sums: &mut [S], more: &[S]) {
    sums.iter_mut().zip(more).for_each(|(sum, more)| add(sum, more));
}

/// Makes sums over so many runs means.
pub fn divide<S: Series>(sum: &mut S, runs: f64) {
    for column in S::COLUMNS {
        match &column.cells {
            Cells::Mean(field) => (field.of_mut)(sum).iter_mut().for_each(|value| *value /= runs),
            Cells::Causes(field) => {
                (field.of_mut)(sum).values_mut().flatten().for_each(|value| *value /= runs);
            }
            Cells::Parts(parts) => (parts.divide)(sum, runs),
            Cells::Same(_)
            | Cells::Weighed(..)
            | Cells::Shared(..)
            | Cells::Worst(_)
            | Cells::Stages(..)
            | Cells::Percentiles(_)
            | Cells::Derived(_) => {}
        }
    }
}

/// [`divide`] of each series of a kind.
pub fn divide_all<S: Series>(sums: &mut [S], runs: f64) {
    sums.iter_mut().for_each(|sum| divide(sum, runs));
}

/// Leaves out all rows: each series is still there, and has none.
pub fn clear<S: Series>(series: &mut S) {
    for column in S::COLUMNS {
        match &column.cells {
            Cells::Same(field) | Cells::Mean(field) | Cells::Shared(field, _) | Cells::Worst(field) => {
                (field.of_mut)(series).clear();
            }
            Cells::Weighed(field, _) | Cells::Derived(field) => (field.of_mut)(series).clear(),
            Cells::Causes(field) => (field.of_mut)(series).values_mut().for_each(Vec::clear),
            Cells::Stages(field, _) => (field.of_mut)(series).iter_mut().for_each(Vec::clear),
            Cells::Percentiles(field) => (field.of_mut)(series).values_mut().for_each(Vec::clear),
            Cells::Parts(parts) => (parts.clear)(series),
        }
    }
}

fn add_cells(sum: &mut [f64], more: &[f64]) {
    sum.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
}

/// What can be a weighed mean: a number, or one that may be missing.
trait Drawn: Copy {
    /// Draws a mean towards the value of another run, which has this share of the weight of all.
    fn drawn(self, more: Self, weight: f64, all: f64) -> Self;
}

impl Drawn for f64 {
    fn drawn(self, more: f64, weight: f64, all: f64) -> f64 {
        if weight > 0.0 { self + (more - self) * (weight / all) } else { self }
    }
}

impl Drawn for Option<f64> {
    fn drawn(self, more: Option<f64>, weight: f64, all: f64) -> Option<f64> {
        match (self, more) {
            (Some(mean), Some(more)) => Some(mean.drawn(more, weight, all)),
            (mean, more) => mean.or(more),
        }
    }
}

/// Draws a mean towards another run's, by the weight of each row in that run and in all of them.
fn draw<T: Drawn>(mean: &mut [T], more: &[T], weights: &[f64], all: &[f64]) {
    for (((mean, more), weight), all) in mean.iter_mut().zip(more).zip(weights).zip(all) {
        *mean = mean.drawn(*more, *weight, *all);
    }
}
