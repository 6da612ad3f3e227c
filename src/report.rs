//! What a run shows and leaves: the terminal page, `outcome.json`, `timeline.csv` and the charts.
//!
//! In: an [`Outcome`], a comparison of two, or what a search found, and nothing else, so that every view can be made
//! again from a stored file. Out: text and files.

/// The charts that are of no kind, given to a macro: the file of each, and the module of `chart` that makes its figure. Those of
/// kinds are in [`kind::charts`](crate::kind::charts).
macro_rules! fixed_charts {
    ($to:ident) => {
        $to! {
            "summary.png" summary,
            "latency.png" latency,
            "latency-map.png" latency_map,
            "latency-by-class.png" latency_by_class,
            "throughput.png" throughput,
            "utilisation.png" utilisation,
            "slow-requests.png" slow_requests,
            "pools.png" pools,
            "cost.png" cost,
            "distribution.png" distribution,
        }
    };
}

mod backtest;
mod baseline;
mod breakpoint;
mod calibration;
mod cases;
mod changes;
#[cfg(feature = "charts")]
pub mod chart;
mod charts;
mod checked;
mod comparison;
mod csv;
mod deployments;
mod error;
#[cfg(feature = "schema")]
mod explain;
mod faults;
mod figures;
mod file;
mod folder;
mod github;
#[cfg(feature = "charts")]
mod html;
mod json;
#[cfg(feature = "cli")]
mod junit;
mod markdown;
mod measured;
mod nines;
mod openmetrics;
#[cfg(any(feature = "charts", feature = "schema"))]
mod picture;
mod plan;
mod recovery;
#[cfg(feature = "schema")]
mod schema;
mod section;
mod sensitivity;
mod sweep;
mod table;
mod terminal;

use std::path::{Path, PathBuf};

pub use backtest::{answer as answer_of_backtest, backtest, backtest_csv};
pub use baseline::{probe_baseline, probe_file, write_baseline, write_text};
pub use breakpoint::{breakpoints, first_to_break, multiple};
pub use calibration::{calibrated, calibration, calibration_csv};
pub use cases::{Side as CaseSide, Suite, of_outcome as cases_of_outcome, of_sides as cases_of_sides};
pub use charts::{
    BACKTEST_CHART, CALIBRATION_CHART, Charts, HEADROOM_FILE, PLAN_FILE, POLICIES_FILE, SIDES_FILE,
    SWEEP_CHART, TORNADO_FILE,
};
pub use checked::{Also, Determinism, Finding, Item, Work};
pub use comparison::{
    comparison, comparison_files, comparison_verdicts, comparisons, comparisons_verdicts, gate, policies,
    side_done,
};
pub use error::ReportError;
#[cfg(feature = "schema")]
pub use explain::{
    beside_names, every as every_explained, explain, may_be_a_name, subjects as explained_subjects,
};
pub use figures::{breakpoints_csv, comparisons_csv, figures_csv, plan_csv, sensitivity_csv, sweep_csv};
pub use folder::{Folder, OUTCOME_FILE};
pub use github::github;
#[cfg(feature = "charts")]
pub use html::{
    Source, html, html_of_breakpoints, html_of_comparison, html_of_comparisons, html_of_plan,
    html_of_sensitivity, html_of_sweep,
};
pub use json::{read, to_json};
#[cfg(feature = "cli")]
pub use junit::junit;
pub use markdown::{
    markdown, markdown_of_breakpoints, markdown_of_comparison, markdown_of_comparisons, markdown_of_plan,
    markdown_of_sensitivity, markdown_of_sweep,
};
pub use openmetrics::{openmetrics, openmetrics_timeline, write_openmetrics};
pub use plan::{answer_of_plan, plan};
#[cfg(feature = "schema")]
pub use schema::{check_schema, outcome_schema};
pub use section::Paper;
pub use sensitivity::{flips_of_sensitivity, sensitivity};
pub use sweep::{cheapest_of_sweep, sweep};
pub use terminal::{page, page_on, verdicts};

use crate::backtest::Backtest;
use crate::breakpoint::Breakpoints;
use crate::calibrate::Calibration;
use crate::files;
use crate::outcome::Outcome;
use crate::plan::Planned;
use crate::sensitivity::Sensitivity;
use crate::study::Swept;

#[cfg(feature = "charts")]
use chart::draw_all as pictures;
use file::Set;

/// Name of what a study has found in its folder.
pub const SWEEP_FILE: &str = "sweep.json";
/// Name of its table of points.
pub const SWEEP_TABLE: &str = "sweep.csv";

/// Name of a sensitivity analysis in its folder.
pub const SENSITIVITY_FILE: &str = "sensitivity.json";
/// Name of its table of changes.
pub const SENSITIVITY_TABLE: &str = "sensitivity.csv";
/// Name of what a plan has found in its folder.
pub const PLANNED_FILE: &str = "plan.json";
/// Name of its table of points.
pub const PLANNED_TABLE: &str = "plan.csv";

/// Name of a backtest in its folder.
pub const BACKTEST_FILE: &str = "backtest.json";
/// Name of its table of periods.
pub const BACKTEST_TABLE: &str = "backtest.csv";
/// Name of a calibration in its folder.
pub const CALIBRATION_FILE: &str = "calibration.json";
/// Name of its table of periods.
pub const CALIBRATION_TABLE: &str = "calibration.csv";
/// Name of the scenario that it makes.
pub const CALIBRATED_FILE: &str = "calibrated.toml";

/// Name of the table of rows in its folder.
pub const TIMELINE_FILE: &str = "timeline.csv";

/// Writes `outcome.json`, `timeline.csv` and, if asked for, the charts into a folder; returns the files in this order.
/// All are written before the first takes its name, and no other run gives names there meanwhile. Without the feature
/// `charts` there are none.
///
/// # Errors
/// A file cannot be written, or a chart not drawn; then those that were there are as they were.
pub fn write(outcome: &Outcome, dir: &Path, charts: Charts) -> Result<Vec<PathBuf>, ReportError> {
    let mut set = Set::new(dir);
    set.write(OUTCOME_FILE, to_json(outcome).as_bytes())?;
    add_views(&mut set, outcome, charts)?;
    set.commit()
}

/// Writes what can be made from the `outcome.json` at `stored`: `timeline.csv` and, if asked for, the charts; makes the
/// folder.
///
/// # Errors
/// A file cannot be written, or a chart not drawn, or the folder has an outcome that they are not of.
pub fn write_views(
    outcome: &Outcome,
    stored: &Path,
    dir: &Path,
    charts: Charts,
) -> Result<Vec<PathBuf>, ReportError> {
    let there = dir.join(OUTCOME_FILE);
    if there.exists() && !folder::is_same_file(&there, stored) {
        return Err(ReportError::Occupied { path: dir.into(), other: there.display().to_string() });
    }
    files::make_folder(dir).map_err(|source| ReportError::Write { path: dir.into(), source })?;
    let mut set = Set::new(dir);
    add_views(&mut set, outcome, charts)?;
    set.commit()
}

/// Writes the pictures of several scenarios side by side into a folder, which it makes; returns the files: none for what the scenarios do
/// not have, and none without the feature `charts`.
///
/// # Errors
/// A file cannot be written, or a picture not drawn.
pub fn write_sides(outcomes: &[Outcome], dir: &Path, charts: Charts) -> Result<Vec<PathBuf>, ReportError> {
    #[cfg(feature = "charts")]
    let pictures = [chart::draw_sides(outcomes, charts)?, chart::draw_policies(outcomes, charts)?].concat();
    #[cfg(not(feature = "charts"))]
    let (_, _, pictures) = (outcomes, charts, Vec::new());
    write_pictures(&pictures, dir)
}

/// Writes the picture of a search for limits into a folder, which it makes; returns the file, or nothing if only one multiple was run, or
/// without the feature `charts`.
///
/// # Errors
/// The file cannot be written, or the picture not drawn.
pub fn write_headroom(found: &Breakpoints, dir: &Path, charts: Charts) -> Result<Vec<PathBuf>, ReportError> {
    #[cfg(feature = "charts")]
    let pictures = chart::draw_headroom(found, charts)?;
    #[cfg(not(feature = "charts"))]
    let (_, _, pictures) = (found, charts, Vec::new());
    write_pictures(&pictures, dir)
}

/// Tests whether a folder has a study of another file, which a sweep would replace.
///
/// # Errors
/// It has one. A file that cannot be found from here may be any.
pub fn probe_sweep(dir: &Path, file: &Path) -> Result<(), ReportError> {
    #[derive(serde::Deserialize)]
    struct Stored {
        file: PathBuf,
    }
    let text = files::read(&dir.join(SWEEP_FILE)).unwrap_or_default();
    let Ok(Stored { file: stored }) = serde_json::from_slice(&text) else { return Ok(()) };
    match (stored.canonicalize(), file.canonicalize()) {
        (Ok(one), Ok(other)) if one != other => {
            Err(ReportError::Occupied { path: dir.into(), other: stored.display().to_string() })
        }
        _ => Ok(()),
    }
}

/// Writes `sweep.json`, `sweep.csv` and, if asked for, the picture of a study into a folder, which it makes; returns the files in this
/// order. A picture that an earlier study has left and this one has not goes away.
///
/// # Errors
/// A file cannot be written, or a picture not drawn.
pub fn write_sweep(found: &Swept, dir: &Path, charts: Charts) -> Result<Vec<PathBuf>, ReportError> {
    #[cfg(feature = "charts")]
    let pictures = chart::draw_sweep(found, charts)?;
    #[cfg(not(feature = "charts"))]
    let (_, pictures) = (charts, charts::Format::ALL.map(|format| (format.file(SWEEP_CHART), None)));
    files::make_folder(dir).map_err(|source| ReportError::Write { path: dir.into(), source })?;
    let mut set = Set::new(dir);
    set.write(SWEEP_FILE, to_json(found).as_bytes())?;
    set.write(SWEEP_TABLE, sweep_csv(found).as_bytes())?;
    add_pictures(&mut set, pictures)?;
    set.commit()
}

/// Writes `sensitivity.json`, `sensitivity.csv` and, if asked for, the picture of a sensitivity analysis into a folder, which it makes;
/// returns the files in this order. A picture that an earlier one has left and this one has not goes away.
///
/// # Errors
/// A file cannot be written, or a picture not drawn.
pub fn write_sensitivity(
    found: &Sensitivity,
    dir: &Path,
    charts: Charts,
) -> Result<Vec<PathBuf>, ReportError> {
    #[cfg(feature = "charts")]
    let pictures = chart::draw_tornado(found, charts)?;
    #[cfg(not(feature = "charts"))]
    let (_, pictures) = (charts, charts::Format::ALL.map(|format| (format.file(TORNADO_FILE), None)));
    files::make_folder(dir).map_err(|source| ReportError::Write { path: dir.into(), source })?;
    let mut set = Set::new(dir);
    set.write(SENSITIVITY_FILE, to_json(found).as_bytes())?;
    set.write(SENSITIVITY_TABLE, sensitivity_csv(found).as_bytes())?;
    add_pictures(&mut set, pictures)?;
    set.commit()
}

/// Writes `plan.json`, `plan.csv` and, if asked for, the chart of a plan into a folder, which it makes; returns the files in this order.
///
/// # Errors
/// A file cannot be written, or the picture not drawn.
pub fn write_plan(found: &Planned, dir: &Path, charts: Charts) -> Result<Vec<PathBuf>, ReportError> {
    #[cfg(feature = "charts")]
    let pictures = chart::draw_plan(found, charts)?;
    #[cfg(not(feature = "charts"))]
    let (_, pictures): (_, Vec<(String, Option<Vec<u8>>)>) = (charts, Vec::new());
    files::make_folder(dir).map_err(|source| ReportError::Write { path: dir.into(), source })?;
    let mut set = Set::new(dir);
    set.write(PLANNED_FILE, to_json(found).as_bytes())?;
    set.write(PLANNED_TABLE, plan_csv(found).as_bytes())?;
    for (name, picture) in &pictures {
        match picture {
            Some(picture) => set.write(name, picture)?,
            None => set.remove(name),
        }
    }
    set.commit()
}

/// Writes `backtest.json`, `backtest.csv` and, if asked for, the picture of a backtest into a folder, which it makes; returns the files in
/// this order.
///
/// # Errors
/// A file cannot be written, or the picture not drawn.
pub fn write_backtest(found: &Backtest, dir: &Path, charts: Charts) -> Result<Vec<PathBuf>, ReportError> {
    #[cfg(feature = "charts")]
    let pictures = chart::draw_backtest(found, charts)?;
    #[cfg(not(feature = "charts"))]
    let (_, pictures) = (charts, charts::Format::ALL.map(|format| (format.file(BACKTEST_CHART), None)));
    files::make_folder(dir).map_err(|source| ReportError::Write { path: dir.into(), source })?;
    let mut set = Set::new(dir);
    set.write(BACKTEST_FILE, to_json(found).as_bytes())?;
    set.write(BACKTEST_TABLE, backtest_csv(found).as_bytes())?;
    add_pictures(&mut set, pictures)?;
    set.commit()
}

/// Writes `calibrated.toml`, `calibration.json`, `calibration.csv` and, if asked for, the picture of a calibration into a folder, which it
/// makes; returns the files in this order.
///
/// # Errors
/// A file cannot be written, or the picture not drawn.
pub fn write_calibration(
    found: &Calibration,
    dir: &Path,
    charts: Charts,
) -> Result<Vec<PathBuf>, ReportError> {
    #[cfg(feature = "charts")]
    let pictures = chart::draw_calibration(found, charts)?;
    #[cfg(not(feature = "charts"))]
    let (_, pictures) = (charts, charts::Format::ALL.map(|format| (format.file(CALIBRATION_CHART), None)));
    files::make_folder(dir).map_err(|source| ReportError::Write { path: dir.into(), source })?;
    let mut set = Set::new(dir);
    set.write(CALIBRATED_FILE, calibrated(found, dir).as_bytes())?;
    set.write(CALIBRATION_FILE, to_json(found).as_bytes())?;
    set.write(CALIBRATION_TABLE, calibration_csv(found).as_bytes())?;
    add_pictures(&mut set, pictures)?;
    set.commit()
}

fn write_pictures(pictures: &[(String, Option<Vec<u8>>)], dir: &Path) -> Result<Vec<PathBuf>, ReportError> {
    if pictures.iter().all(|(_, picture)| picture.is_none()) {
        return Ok(Vec::new());
    }
    files::make_folder(dir).map_err(|source| ReportError::Write { path: dir.into(), source })?;
    let mut set = Set::new(dir);
    for (name, picture) in pictures {
        if let Some(picture) = picture {
            set.write(name, picture)?;
        }
    }
    set.commit()
}

/// Writes a page into an HTML file; returns the file.
///
/// # Errors
/// The file cannot be written; then one that was there is as it was.
#[cfg(feature = "charts")]
pub fn write_html(page: &str, path: &Path) -> Result<PathBuf, ReportError> {
    write_text(page, path)
}

fn add_views(set: &mut Set, outcome: &Outcome, charts: Charts) -> Result<(), ReportError> {
    set.write(TIMELINE_FILE, csv::timeline(outcome).as_bytes())?;
    add_pictures(set, pictures(outcome, charts)?)
}

/// Those that there are; the others may be there from an earlier run.
fn add_pictures(
    set: &mut Set,
    pictures: impl IntoIterator<Item = (String, Option<Vec<u8>>)>,
) -> Result<(), ReportError> {
    for (name, picture) in pictures {
        match picture {
            Some(picture) => set.write(name, &picture)?,
            None => set.remove(&name),
        }
    }
    Ok(())
}

/// Every chart, none of them drawn: an earlier run may have drawn them, and they would show another event.
#[cfg(not(feature = "charts"))]
fn pictures(_: &Outcome, _: Charts) -> Result<impl Iterator<Item = (String, Option<Vec<u8>>)>, ReportError> {
    macro_rules! files {
        ($($file:literal $module:ident,)*) => { [$($file),*] };
    }
    let mut of_kinds = Files(Vec::new());
    crate::kind::charts(&Default::default(), &Default::default(), &mut of_kinds);
    let all = fixed_charts!(files).into_iter().chain(of_kinds.0);
    Ok(all.flat_map(|name| charts::Format::ALL.map(|format| (format.file(name), None))))
}

/// The files of the charts of kinds.
#[cfg(not(feature = "charts"))]
struct Files(Vec<&'static str>);

#[cfg(not(feature = "charts"))]
impl crate::kind::record::EachChart for Files {
    fn visit<T: crate::measure::figure::Totals>(
        &mut self,
        chart: &crate::measure::chart::Chart<T::Series, T::Told>,
        _: &[T::Series],
        _: &[T::Told],
    ) {
        self.0.push(chart.file);
    }
}
