//! Figures as CSV, for a spreadsheet or a script. In: an [`Outcome`], comparisons, what a search found, or a study. Out: CSV text.
//!
//! One row is one figure, or one limit. Numbers have all their digits and the unit of their row. What is not known is an empty cell.

use rustc_hash::FxHashSet;
use serde::{Serialize, Serializer};

use crate::breakpoint::{Breakpoints, Subject};
use crate::comparison::{Comparison, Word};
use crate::number::digits;
use crate::outcome::Outcome;
use crate::outcome::estimate::Unit;
use crate::plan::Planned;
use crate::sensitivity::Sensitivity;
use crate::study::Swept;

/// The figures of a run: value, 95 % interval, and the smallest and largest value of a run.
pub fn figures_csv(outcome: &Outcome) -> String {
    #[derive(Serialize)]
    struct Row<'a> {
        figure: &'a str,
        unit: Unit,
        #[serde(serialize_with = "cell")]
        value: f64,
        #[serde(serialize_with = "cell_or_none")]
        low: Option<f64>,
        #[serde(serialize_with = "cell_or_none")]
        high: Option<f64>,
        runs: usize,
        #[serde(serialize_with = "cell_or_none")]
        smallest: Option<f64>,
        #[serde(serialize_with = "cell_or_none")]
        largest: Option<f64>,
    }
    text(outcome.estimates.iter().map(|it| {
        let of_runs = || it.by_run.iter().copied().flatten();
        Row {
            figure: &it.name,
            unit: it.unit,
            value: it.value,
            low: it.interval.map(|interval| interval.low),
            high: it.interval.map(|interval| interval.high),
            runs: of_runs().count(),
            smallest: of_runs().reduce(f64::min),
            largest: of_runs().reduce(f64::max),
        }
    }))
}

/// The figures of the first scenario beside those of each other one: `a` is the first one, `b` the one that the row names.
pub fn comparisons_csv(comparisons: &[Comparison]) -> String {
    #[derive(Serialize)]
    struct Row<'a> {
        scenario: &'a str,
        changes: String,
        figure: &'a str,
        unit: Unit,
        #[serde(serialize_with = "cell")]
        a: f64,
        #[serde(serialize_with = "cell")]
        b: f64,
        #[serde(serialize_with = "cell")]
        difference: f64,
        #[serde(serialize_with = "cell_or_none")]
        low: Option<f64>,
        #[serde(serialize_with = "cell_or_none")]
        high: Option<f64>,
        word: Word,
    }
    text(comparisons.iter().flat_map(|comparison| {
        comparison.figures.iter().map(|it| Row {
            scenario: &comparison.b.slug,
            changes: comparison.b.overrides.join(" "),
            figure: &it.name,
            unit: it.unit,
            a: it.a,
            b: it.b,
            difference: it.difference,
            low: it.interval.map(|interval| interval.low),
            high: it.interval.map(|interval| interval.high),
            word: it.word,
        })
    }))
}

/// Every point of a study: its values, its verdict, and each figure with its interval.
pub fn sweep_csv(found: &Swept) -> String {
    let mut names: Vec<&str> = Vec::new();
    let mut known = FxHashSet::default();
    for figure in found.points.iter().flat_map(|it| &it.figures) {
        if known.insert(figure.name.as_str()) {
            names.push(&figure.name);
        }
    }
    let mut table = csv::Writer::from_writer(Vec::new());
    let titles = found.axes.iter().map(|axis| axis.name.clone());
    let titles =
        titles.chain(["met", "missed", "cannot_tell", "full", "unpriced", "problem"].map(String::from));
    let of_figures =
        names.iter().flat_map(|name| [(*name).to_owned(), format!("{name} low"), format!("{name} high")]);
    let written = |table: &mut csv::Writer<Vec<u8>>, row: Vec<String>| {
        table.write_record(row).expect("a vector takes every row, and all are as long");
    };
    written(&mut table, titles.chain(of_figures).collect());
    for point in &found.points {
        let (missed, unsure) = point.missed();
        let labels = found.labels(point).into_iter().map(str::to_owned);
        let decided = [
            point.meets_all().to_string(),
            missed.to_string(),
            unsure.to_string(),
            point.full.join(", "),
            point.unpriced.join("; "),
            point.problem.clone().unwrap_or_default(),
        ];
        let figures = names.iter().flat_map(|name| {
            let figure = point.figure(name);
            let text = |value: Option<f64>| value.map_or(String::new(), digits);
            let interval = figure.and_then(|it| it.interval);
            [
                text(figure.map(|it| it.value)),
                text(interval.map(|it| it.low)),
                text(interval.map(|it| it.high)),
            ]
        });
        written(&mut table, labels.chain(decided).chain(figures).collect());
    }
    String::from_utf8(table.into_inner().expect("a vector is never full")).expect("texts are UTF-8")
}

/// Every figure with each change of an input, beside that of the base.
pub fn sensitivity_csv(found: &Sensitivity) -> String {
    #[derive(Serialize)]
    struct Row<'a> {
        input: &'a str,
        value: &'a str,
        #[serde(serialize_with = "cell")]
        factor: f64,
        changed: &'a str,
        figure: &'a str,
        unit: Unit,
        #[serde(serialize_with = "cell")]
        base: f64,
        #[serde(serialize_with = "cell")]
        figure_value: f64,
        #[serde(serialize_with = "cell")]
        difference: f64,
        #[serde(serialize_with = "cell_or_none")]
        low: Option<f64>,
        #[serde(serialize_with = "cell_or_none")]
        high: Option<f64>,
        #[serde(serialize_with = "cell_or_none")]
        times: Option<f64>,
        #[serde(serialize_with = "cell_or_none")]
        times_low: Option<f64>,
        #[serde(serialize_with = "cell_or_none")]
        times_high: Option<f64>,
        word: Word,
        lost: String,
        #[serde(serialize_with = "cell_or_none")]
        holds: Option<f64>,
        #[serde(serialize_with = "cell_or_none")]
        fails: Option<f64>,
    }
    text(found.inputs.iter().flat_map(|input| {
        input.sides().flat_map(move |side| {
            let lost = side.flips.iter().filter(|it| !it.met).map(|it| it.objective.as_str());
            let lost = lost.collect::<Vec<_>>().join(", ");
            side.figures.iter().map(move |it| Row {
                input: &input.path,
                value: &input.text,
                factor: side.factor,
                changed: &side.text,
                figure: &it.name,
                unit: it.unit,
                base: it.base,
                figure_value: it.value,
                difference: it.difference(),
                low: it.runs.interval.map(|interval| interval.low),
                high: it.runs.interval.map(|interval| interval.high),
                times: it.runs.times,
                times_low: it.runs.ratio.map(|interval| interval.low),
                times_high: it.runs.ratio.map(|interval| interval.high),
                word: it.runs.word,
                lost: lost.clone(),
                holds: side.margin.map(|it| it.holds),
                fails: side.margin.map(|it| it.fails),
            })
        })
    }))
}

/// Every point of a plan: its values, what became of it, its runs, cost and latency.
pub fn plan_csv(found: &Planned) -> String {
    let mut table = csv::Writer::from_writer(Vec::new());
    let mut written = |row: Vec<String>| {
        table.write_record(row).expect("a vector takes every row, and all are as long");
    };
    let titles = found.axes.iter().map(|axis| axis.name.clone());
    let latency = format!("{}_ms", found.latency.replace(' ', "_"));
    written(titles.chain(["fate", "runs", "cost_usd", &latency, "front"].map(String::from)).collect());
    for (at, point) in found.points.iter().enumerate() {
        let labels = found.labels(at).into_iter().map(str::to_owned);
        let text = |value: Option<f64>| value.map_or(String::new(), digits);
        let fate = point.fate.text().to_owned();
        let figures = [text(point.cost_usd), text(point.latency_ms), point.front.to_string()];
        written(labels.chain([fate, point.runs.to_string()]).chain(figures).collect());
    }
    String::from_utf8(table.into_inner().expect("a vector is never full")).expect("texts are UTF-8")
}

/// The limits of a scenario, in times its traffic; what fails first comes first, and what holds last.
pub fn breakpoints_csv(found: &Breakpoints) -> String {
    #[derive(Serialize)]
    struct Row<'a> {
        what: &'static str,
        name: &'a str,
        #[serde(serialize_with = "cell_or_none")]
        holds_at: Option<f64>,
        #[serde(serialize_with = "cell_or_none")]
        fails_at: Option<f64>,
        #[serde(serialize_with = "cell_or_none")]
        surely_holds_at: Option<f64>,
        #[serde(serialize_with = "cell_or_none")]
        surely_fails_at: Option<f64>,
        #[serde(serialize_with = "cell_or_none")]
        holds_again_at: Option<f64>,
        #[serde(serialize_with = "cell_or_none")]
        estimate: Option<f64>,
    }
    let holding = found.limits.iter().filter(|limit| limit.between.fails.is_none());
    text(found.failing().into_iter().chain(holding).map(|limit| {
        let (what, name) = match &limit.subject {
            Subject::Objective { text, .. } => ("objective", text.as_str()),
            Subject::Saturation { resource, .. } => ("resource", resource.as_str()),
            Subject::Goodput => ("goodput", "goodput"),
        };
        Row {
            what,
            name,
            holds_at: limit.between.holds,
            fails_at: limit.between.fails,
            surely_holds_at: limit.surely_between.and_then(|it| it.holds),
            surely_fails_at: limit.surely_between.and_then(|it| it.fails),
            holds_again_at: limit.holds_again,
            estimate: limit.estimate,
        }
    }))
}

/// A number of a cell.
fn cell<S: Serializer>(value: &f64, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_f64(value + 0.0)
}

/// A number of a cell, or none.
fn cell_or_none<S: Serializer>(value: &Option<f64>, to: S) -> Result<S::Ok, S::Error> {
    value.map(|value| value + 0.0).serialize(to)
}

/// Rows with a header; nothing where there is no row.
fn text<R: Serialize>(rows: impl Iterator<Item = R>) -> String {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    rows.for_each(|row| writer.serialize(row).expect("a row is flat, and a vector takes it"));
    let bytes = writer.into_inner().expect("a vector takes every byte");
    String::from_utf8(bytes).expect("cells are UTF-8")
}
