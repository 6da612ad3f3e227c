//! The commands that show one outcome: `run` and `report`. In: arguments. Out: [`Run`], [`Report`].

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use simcap::report::Charts;
use simcap::scenario::runs::RUNS_MAX;

use super::EXAMPLES;
#[cfg(feature = "charts")]
use super::format::ChartFormat;
use super::format::RunFormat;
use super::limits::{Limits, Runs, Seed};
use super::printing::Pictures;

#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Run {
    /// The scenario
    pub file: PathBuf,
    /// Seed of the random numbers, or `random`; the same seed gives the same bytes [default: the scenario's]
    #[arg(long, value_name = "N|random")]
    pub seed: Option<Seed>,
    #[command(flatten)]
    pub runs: Runs,
    /// Add runs until a figure is known this well: 'p99 2%' asks for an interval of ± 2 %; also 'CLASS p99.9 5%',
    /// 'mean 1%', 'errors 10%', 'cost 1%'; can be repeated
    #[arg(long, value_name = "FIGURE WIDTH%")]
    pub precision: Vec<String>,
    #[command(flatten)]
    pub limits: Limits,
    /// Largest number of runs that --precision may use
    #[arg(long, value_name = "N", default_value_t = 64, requires = "precision", value_parser = clap::value_parser!(u32).range(1..=i64::from(RUNS_MAX)))]
    pub max_runs: u32,
    /// Folder for the results; each scenario gets a folder of its own in it
    #[arg(long, value_name = "DIR", default_value = "out")]
    pub out: PathBuf,
    /// Also write a baseline for `simcap compare --baseline`: outcome.json without rows, small enough for a repository. Unless
    /// --runs says otherwise, it has at least 5 runs
    #[arg(long, value_name = "FILE")]
    pub save_baseline: Option<PathBuf>,
    /// Replace a value of the file, such as `fleet.web.max=80`; can be repeated
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// What to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: RunFormat,
    /// Write everything into one HTML file, charts that can be zoomed among it; it loads nothing from anywhere
    #[cfg(feature = "charts")]
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    #[command(flatten)]
    pub samples: Samples,
    /// Run again whenever the scenario, a file that it extends or a file that it names changes, and show what has changed
    #[arg(short, long, conflicts_with_all = ["precision", "save_baseline"])]
    pub watch: bool,
    /// Show no progress: no bar on a terminal, no lines elsewhere
    #[arg(long)]
    pub no_progress: bool,
    /// Show every item of the bill; else the page has a line for each service
    #[arg(long)]
    pub bill: bool,
    #[command(flatten)]
    pub pictures: Pictures,
    /// Print how much work the run was: events, time for each event, most events and attempts at once
    #[arg(long)]
    pub stats: bool,
}

#[derive(Args, Debug)]
pub struct Report {
    /// An outcome.json, or the folder that `simcap run` has left
    pub file: PathBuf,
    /// Write timeline.csv and the charts into this folder [default: nothing is written]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Write everything into one HTML file, charts that can be zoomed among it; it loads nothing from anywhere
    #[cfg(feature = "charts")]
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// What to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: RunFormat,
    #[command(flatten)]
    pub samples: Samples,
    /// Show every item of the bill; else the page has a line for each service
    #[arg(long)]
    pub bill: bool,
    /// Write charts as PNG, as SVG (sharp at any size, with words that can be searched and copied), or each as both
    #[cfg(feature = "charts")]
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "png",
        requires = "out",
        conflicts_with = "no_charts"
    )]
    pub charts: ChartFormat,
    /// Draw no charts
    #[arg(long)]
    pub no_charts: bool,
}

/// The timeline as samples of Prometheus.
#[derive(Args, Debug)]
pub struct Samples {
    /// Write the timeline for Prometheus, each row with its time: `promtool tsdb create-blocks-from openmetrics FILE` takes it
    #[arg(long, value_name = "FILE")]
    pub openmetrics: Option<PathBuf>,
    /// When the run starts in --openmetrics, such as 2026-11-27T09:00:00Z [default: `starts` of the scenario]
    #[arg(long, value_name = "DATE", requires = "openmetrics", value_parser = date)]
    pub start: Option<Timestamp>,
}

/// A date with its offset.
fn date(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| "not a date and time with an offset, such as 2026-11-27T09:00:00Z".to_owned())
}

impl Report {
    /// The charts that are written.
    pub fn charts(&self) -> Charts {
        #[cfg(feature = "charts")]
        if !self.no_charts {
            return self.charts.charts();
        }
        Charts::None
    }
}
