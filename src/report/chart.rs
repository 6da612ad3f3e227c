//! Charts of an outcome as PNG files, 1920 × 960, with an embedded font, or as SVG files of the same size whose words are text. In: an
//! outcome. Out: one picture for each subject.
//!
//! The file of each chart says what is shown, as a `figure`; `frame` and the files it uses say how it is drawn.
#![allow(
    clippy::disallowed_methods,
    reason = "pixels may round as the platform likes; nothing is computed from them"
)]

pub(super) mod axis;
mod canvas;
mod cells;
mod change;
mod clip;
mod cost;
mod distribution;
mod error;
pub(super) mod figure;
mod frame;
mod glyph;
mod headroom;
mod latency;
mod latency_by_class;
mod latency_map;
mod legend;
pub(super) mod marker;
mod measured;
pub(super) mod palette;
mod panel;
mod plan;
mod policies;
mod pools;
mod range;
mod resources;
pub(super) mod series;
mod sides;
mod slow_requests;
mod summary;
mod sweep;
pub(super) mod text;
mod throughput;
mod tornado;
mod utilisation;
mod zoom;

#[cfg(test)]
mod tests;

pub use self::error::ChartError;

use rayon::prelude::*;

use self::figure::Figure;
pub(super) use self::legend::tag_colour;
use super::charts::{
    BACKTEST_CHART, CALIBRATION_CHART, Charts, Format, HEADROOM_FILE, PLAN_FILE, POLICIES_FILE, SIDES_FILE,
    SWEEP_CHART, TORNADO_FILE,
};
use crate::backtest::Backtest;
use crate::breakpoint::Breakpoints;
use crate::calibrate::Calibration;
use crate::outcome::Outcome;
use crate::plan::Planned;
use crate::sensitivity::Sensitivity;
use crate::study::Swept;

/// A chart of an outcome; `None` if the outcome does not have its subject.
type Subject = fn(&Outcome) -> Option<Figure>;

macro_rules! subjects {
    ($($file:literal $module:ident,)*) => { &[$(($file, $module::figure)),*] };
}

/// Every chart that is of no kind, with the name of its file.
const CHARTS: &[(&str, Subject)] = fixed_charts!(subjects);

/// What is drawn of several scenarios side by side.
pub(super) fn policies(outcomes: &[Outcome]) -> Option<Figure> {
    policies::figure(outcomes)
}

/// What is drawn of the latency and the throughput of several scenarios.
pub(super) fn sides(outcomes: &[Outcome]) -> Option<Figure> {
    sides::figure(outcomes)
}

/// The picture of the latency and the throughput of several scenarios; without one if no request completed.
///
/// # Errors
/// The chart cannot be drawn.
pub fn draw_sides(outcomes: &[Outcome], charts: Charts) -> Result<Vec<Drawn>, ChartError> {
    drawn(SIDES_FILE, charts, || sides::figure(outcomes))
}

/// The picture of several scenarios side by side: the instances of their fleets; without one if none has a fleet.
///
/// # Errors
/// The chart cannot be drawn.
pub fn draw_policies(outcomes: &[Outcome], charts: Charts) -> Result<Vec<Drawn>, ChartError> {
    drawn(POLICIES_FILE, charts, || policies::figure(outcomes))
}

/// The picture of a search for limits: goodput and latency against the multiple; without one of a single multiple.
///
/// # Errors
/// The chart cannot be drawn.
pub fn draw_headroom(found: &Breakpoints, charts: Charts) -> Result<Vec<Drawn>, ChartError> {
    drawn(HEADROOM_FILE, charts, || headroom::figure(found))
}

/// The picture of a study: figures over its axis, or cells of two; without one of a single point, or of more axes than it can show.
///
/// # Errors
/// The chart cannot be drawn.
pub fn draw_sweep(found: &Swept, charts: Charts) -> Result<Vec<Drawn>, ChartError> {
    drawn(SWEEP_CHART, charts, || sweep::figure(found))
}

/// The picture of a sensitivity analysis: a bar for each change of an input; without one if none changes anything.
///
/// # Errors
/// The chart cannot be drawn.
pub fn draw_tornado(found: &Sensitivity, charts: Charts) -> Result<Vec<Drawn>, ChartError> {
    drawn(TORNADO_FILE, charts, || tornado::figure(found))
}

/// The picture of a plan: cost and latency of the points that were tried; without one of fewer than two.
///
/// # Errors
/// The chart cannot be drawn.
pub fn draw_plan(found: &Planned, charts: Charts) -> Result<Vec<Drawn>, ChartError> {
    drawn(PLAN_FILE, charts, || plan::figure(found))
}

/// The picture of a backtest: rates, latencies, CPU and instances over time, measured and predicted.
///
/// # Errors
/// The chart cannot be drawn.
pub fn draw_backtest(found: &Backtest, charts: Charts) -> Result<Vec<Drawn>, ChartError> {
    drawn(BACKTEST_CHART, charts, || measured::backtest(found))
}

/// The same picture of a calibration.
///
/// # Errors
/// The chart cannot be drawn.
pub fn draw_calibration(found: &Calibration, charts: Charts) -> Result<Vec<Drawn>, ChartError> {
    drawn(CALIBRATION_CHART, charts, || measured::calibration(found))
}

/// Cost and latency of the points of a plan.
pub(super) fn plan_picture(found: &Planned) -> Option<String> {
    picture(&plan::figure(found)?)
}

/// What a page draws of each chart that the outcome has the subject of. It draws no cells: how busy resources were are lines there, and
/// what else is made of cells it says in other charts.
pub(super) fn figures(outcome: &Outcome) -> Vec<Figure> {
    let on_page = |&(file, figure): &(&str, Subject)| match file {
        "summary.png" | "latency-map.png" => None,
        "utilisation.png" => utilisation::lines(outcome),
        _ => figure(outcome),
    };
    let of_kinds = resources::figures(outcome).into_iter().filter_map(|(_, figure)| figure);
    CHARTS.iter().filter_map(on_page).chain(of_kinds).collect()
}

/// The picture of a chart for a page that shows it as it is, as text; none if it cannot be drawn.
fn picture(figure: &Figure) -> Option<String> {
    let text = String::from_utf8(frame::draw(figure, Format::Svg).ok()?).ok()?;
    // On a page it is no document of its own.
    Some(text[text.find("<svg")?..].replacen(" xmlns=\"http://www.w3.org/2000/svg\"", "", 1))
}

/// The event in one picture.
pub(super) fn summary_picture(outcome: &Outcome) -> Option<String> {
    picture(&summary::figure(outcome)?)
}

/// Charts that are made of cells, each with its title: how busy resources were, in the order in which they filled, and how many requests took how long.
pub(super) fn maps(outcome: &Outcome) -> Vec<(String, String)> {
    let figures = [utilisation::figure(outcome), latency_map::figure(outcome)];
    let figures = figures.into_iter().flatten();
    figures.filter_map(|it| Some((it.title.to_string(), picture(&it)?))).collect()
}

/// Goodput and latency against the multiple.
pub(super) fn headroom_picture(found: &Breakpoints) -> Option<String> {
    picture(&headroom::figure(found)?)
}

/// The figures of the points of a study.
pub(super) fn sweep_picture(found: &Swept) -> Option<String> {
    picture(&sweep::figure(found)?)
}

/// What each input does to the answer.
pub(super) fn tornado_picture(found: &Sensitivity) -> Option<String> {
    picture(&tornado::figure(found)?)
}

/// A file name and its picture.
pub type Drawn = (String, Option<Vec<u8>>);

/// The file names of every chart, those of the kinds last, each with its picture; without one if the outcome does not have its subject, or
/// if it is not wanted in that format.
///
/// The same outcome gives the same bytes. They are drawn on all threads of the pool in which this is called; each needs some 30 MB meanwhile.
///
/// # Errors
/// A chart cannot be drawn.
pub fn draw_all(outcome: &Outcome, charts: Charts) -> Result<Vec<Drawn>, ChartError> {
    let fixed = CHARTS.par_iter().map(|&(file, figure)| drawn(file, charts, || figure(outcome)));
    let of_kinds = resources::figures(outcome).into_par_iter().map(|(file, it)| drawn(file, charts, || it));
    Ok(fixed.chain(of_kinds).with_max_len(1).collect::<Result<Vec<_>, _>>()?.concat())
}

/// The files of one chart, each with its picture if it is wanted.
fn drawn(
    file: &str,
    charts: Charts,
    figure: impl FnOnce() -> Option<Figure>,
) -> Result<Vec<Drawn>, ChartError> {
    let figure = if charts == Charts::None { None } else { figure() };
    let in_format = |format: Format| {
        let figure = figure.as_ref().filter(|_| charts.wants(format));
        Ok((format.file(file), figure.map(|figure| frame::draw(figure, format)).transpose()?))
    };
    Format::ALL.into_iter().map(in_format).collect()
}
