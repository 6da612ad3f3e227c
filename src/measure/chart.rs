//! Pictures of the resources of a kind, as data. In: the columns and figures of a resource. Out: what is drawn of them, panel by
//! panel.
//!
//! A kind writes its charts down, in `chart.rs` of its folder; how they are drawn is the same for all of them. `S` has the columns
//! of a resource, `O` its figures.

use super::unit::Unit;

/// One picture: the resources of a kind below each other, or one of them alone.
#[derive(Debug)]
pub struct Chart<S: 'static, O: 'static> {
    /// Its file.
    pub file: &'static str,
    /// What is shown.
    pub title: &'static str,
    /// Whether a resource has something to show.
    pub shows: fn(&Seen<'_, S, O>) -> bool,
    /// Whether it has something to show that anybody looks for: a chart of resources without any is not drawn.
    pub news: fn(&Seen<'_, S, O>) -> bool,
    /// Where there is no room for all of them, those with the most of this are drawn.
    pub size: fn(&Seen<'_, S, O>) -> f64,
    /// Plots, from the top.
    pub panels: &'static [Panel<S, O>],
    /// The key numbers.
    pub words: Words<S, O>,
}

/// The line below the title.
#[derive(Debug)]
pub struct Words<S, O> {
    /// Of one resource alone.
    pub alone: fn(&Seen<'_, S, O>) -> String,
    /// Of one of several.
    pub each: fn(&Seen<'_, S, O>) -> String,
    /// What stands before those, where only some of all are drawn: how many, and of how many.
    pub some: fn(usize, usize) -> String,
}

/// A resource whose run has ended.
#[derive(Debug)]
pub struct Seen<'a, S, O> {
    /// Its rows.
    pub series: &'a S,
    /// Its figures.
    pub told: &'a O,
    /// Start of each row, seconds.
    pub time_s: &'a [f64],
    /// Simulated span, seconds.
    pub duration_s: f64,
}

/// One plot: columns of one unit.
#[derive(Debug)]
pub struct Panel<S: 'static, O: 'static> {
    /// What is plotted.
    pub title: &'static str,
    /// What its values are counted in.
    pub unit: Unit,
    /// Its vertical axis.
    pub scale: Scale,
    /// What is drawn, from the back to the front.
    pub layers: &'static [Layer<S, O>],
    /// Whether a resource has something to show in it; drawn of all or of none. Absent: always.
    pub shown: Option<fn(&S) -> bool>,
    /// Height against the other panels.
    pub weight: f64,
}

/// How values become heights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// From zero; percentages up to 100.
    Linear,
    /// Each further decade is as far as the one before.
    Log,
    /// A share of which the upper part matters: from 90, 80 or 50 %, if no value is lower, to 100 %.
    Upper,
}

/// One column, or a level.
#[derive(Debug)]
pub struct Layer<S, O> {
    /// Its name in the legend.
    pub name: &'static str,
    /// The name of it of one resource, where each has another one. Absent: that of all.
    pub named: Option<fn(&S) -> Option<&str>>,
    /// Its colour.
    pub hue: Hue,
    /// Its form.
    pub form: Form<S, O>,
    /// Whether a resource has something to show in it. Absent: always.
    pub shown: Option<fn(&S) -> bool>,
}

/// What is drawn.
#[derive(Debug)]
pub enum Form<S, O> {
    /// A line.
    Line(Cells<S>),
    /// A filled area above zero.
    Area(Cells<S>),
    /// A filled area on those of the same panel before it.
    Stacked(Cells<S>),
    /// A dashed level, such as a target, if the resource has one.
    Level(fn(&O) -> Option<f64>),
}

/// The values of a column.
#[derive(Debug)]
pub enum Cells<S> {
    /// One in every row.
    All(fn(&S) -> &[f64]),
    /// With gaps.
    Gaps(fn(&S) -> &[Option<f64>]),
    /// Made of several columns.
    Made(fn(&S) -> Vec<f64>),
}

/// A colour. The same meaning has the same one in every chart: vermilion is a limit or what went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hue {
    /// The first line.
    Blue,
    /// The second line.
    Orange,
    /// What is good.
    Green,
    /// What is under way.
    Yellow,
    /// What is nearly there.
    Sky,
    /// A target, a limit, or what went wrong.
    Vermilion,
    /// A wait.
    Purple,
    /// What is wanted.
    Dark,
    /// An area of what serves.
    PaleGreen,
    /// An area of an amount.
    PaleBlue,
    /// An area of what leaves.
    PaleGrey,
    /// An area of what is there and does not serve.
    PaleRed,
}

impl<S, O> Layer<S, O> {
    /// A layer that is always shown.
    pub const fn new(name: &'static str, hue: Hue, form: Form<S, O>) -> Layer<S, O> {
        Layer { name, named: None, hue, form, shown: None }
    }

    /// Its name in the legend of a resource.
    pub fn name_of<'s>(&'s self, series: &'s S) -> &'s str {
        self.named.and_then(|named| named(series)).unwrap_or(self.name)
    }
}

impl<S> Cells<S> {
    /// The values of a resource.
    pub fn of(&self, series: &S) -> Vec<Option<f64>> {
        match self {
            Cells::All(column) => column(series).iter().copied().map(Some).collect(),
            Cells::Gaps(column) => column(series).to_vec(),
            Cells::Made(column) => column(series).into_iter().map(Some).collect(),
        }
    }
}

impl<S, O> Form<S, O> {
    /// The values of a resource; none of a level.
    pub fn values(&self, series: &S) -> Vec<Option<f64>> {
        match self {
            Form::Line(cells) | Form::Area(cells) | Form::Stacked(cells) => cells.of(series),
            Form::Level(_) => Vec::new(),
        }
    }
}

/// Position and value of the largest value of a column, the first of equal ones.
pub fn largest(values: impl IntoIterator<Item = Option<f64>>) -> Option<(usize, f64)> {
    let known = values.into_iter().enumerate().filter_map(|(row, value)| Some((row, value?)));
    known.filter(|(_, value)| value.is_finite()).fold(None, |best, (row, value)| match best {
        Some((_, most)) if most >= value => best,
        _ => Some((row, value)),
    })
}

/// The largest value of a column; zero if it is empty.
pub fn peak(column: &[f64]) -> f64 {
    column.iter().copied().fold(0.0, f64::max)
}
