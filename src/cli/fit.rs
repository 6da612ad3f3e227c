//! The commands that put a scenario beside a recording: `calibrate` and `backtest`. In: arguments. Out: [`Calibrate`], [`Backtest`].

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use simcap::calibrate::HoldOut;
use simcap::measured::Mapping;
use simcap::scenario::runs::RUNS_MAX;
use simcap::units::parse_percent;

use super::limits::{Limits, Seed};
use super::printing::Pictures;

const MEASURED_HELP: &str = "\
MEASURED is a table with one row a period: `at_s` (seconds since the start of the recording, Unix time, or a date), and a column for each \
figure, called by the names of the file: `requests of home`, `errors of home`, `mean_ms of home`, `p50_ms`, `p90_ms`, `p95_ms`, `p99_ms` \
(without `of` for all classes together), `cpu_percent of web`, `busy_percent of SERVICE`, `instances of web`, `hit_percent of redis`, \
`connections of shop`; of the replicas of a database `cpu_percent of shop (replicas)`. Cells that are not known are empty. Columns with \
other names are named: --column 'cpu_percent of web=CPUUtilization' --column at_s=Timestamp.";

const CALIBRATE_HELP: &str = "\
What is fitted: CPU demands, delays and times of services, how they are spread (cv), and fixed hit ratios, as far as what was measured \
tells of them; --input names others or fewer. First by the utilisation law (busy = rate × demand, a regression over the periods), then by \
runs under the same seeds, until latencies, CPU and hit ratios are as they were measured. What cannot be told apart is said, and stays as \
in the file. A part of the recording is held out: on it the fitted file is tried. The traffic is that of the scenario, so it has to have \
the rates of the recording.

Writes calibrated.toml, which extends the scenario with the fitted values, each with its interval; calibration.json; calibration.csv with \
every period; and calibration.png.

Examples:
  simcap calibrate shop.toml measured.csv
  simcap calibrate shop.toml measured.csv --input request.home --hold-out 'every 4' --runs 4
  simcap calibrate shop.toml metrics.csv --column 'cpu_percent of web=CPUUtilization' --column at_s=Timestamp
  simcap backtest out/shop/calibrate/calibrated.toml measured.csv";

const BACKTEST_HELP: &str = "\
Plays the recorded day and puts predicted beside measured, by class and period: requests, percentiles, CPU, instances and when their \
number changed, hit ratios, connections. The verdict is `yes` if no rule says no and none is open; every limit is an assumption, and has \
a flag. If the scenario was made by `simcap calibrate` from the same recording, only the periods that were held out are judged.

The exit code is 99 if the verdict is no.

Examples:
  simcap backtest shop.toml measured.csv
  simcap backtest shop.toml measured.csv --runs 4 --max-latency-error 25% --out out/monday
  simcap backtest out/shop/calibrate/calibrated.toml tuesday.csv --format json";

#[derive(Args, Debug)]
#[command(after_help = CALIBRATE_HELP, after_long_help = format!("{MEASURED_HELP}\n\n{CALIBRATE_HELP}"))]
pub struct Calibrate {
    #[command(flatten)]
    pub day: Day,
    /// Fit this number alone, or all of this table: `request.order.steps.0.cpu`. Can be repeated
    #[arg(long, value_name = "PATH")]
    pub input: Vec<String>,
    /// Hold out the last part of the recording, `every N`-th period, or `none`
    #[arg(long, value_name = "PART", default_value = "25%")]
    pub hold_out: HoldOut,
}

#[derive(Args, Debug)]
#[command(after_help = BACKTEST_HELP, after_long_help = format!("{MEASURED_HELP}\n\n{BACKTEST_HELP}"))]
pub struct Backtest {
    #[command(flatten)]
    pub day: Day,
    /// The calibration that the scenario comes from [default: calibration.json beside the scenario]
    #[arg(long, value_name = "FILE")]
    pub calibration: Option<PathBuf>,
    /// Most median error of the 95th percentile of a class
    #[arg(long, value_name = "SHARE%", default_value = "15%", value_parser = part)]
    pub max_latency_error: f64,
    /// Most median error of CPU, in percentage points
    #[arg(long, value_name = "POINTS", default_value_t = 5.0)]
    pub max_cpu_points: f64,
    /// Most median error of CPU as a part of what was measured: of 4 %, two points are much
    #[arg(long, value_name = "SHARE%", default_value = "25%", value_parser = part)]
    pub max_cpu_error: f64,
    /// Most error by which the mean and the p50 of a class are off in one direction
    #[arg(long, value_name = "SHARE%", default_value = "10%", value_parser = part)]
    pub max_latency_bias: f64,
    /// Most error of the requests of each class, in all and in its median period
    #[arg(long, value_name = "SHARE%", default_value = "10%", value_parser = part)]
    pub max_class_error: f64,
    /// Most error of all requests together
    #[arg(long, value_name = "SHARE%", default_value = "2%", value_parser = part)]
    pub max_throughput_error: f64,
    /// The share of errors of which both have to be on one side
    #[arg(long, value_name = "SHARE%", default_value = "1%", value_parser = part)]
    pub errors_at: f64,
    /// Fewest periods that have to be judged
    #[arg(long, value_name = "N", default_value_t = 12)]
    pub min_periods: usize,
}

/// A scenario, a recording, and how both are played.
#[derive(Args, Debug)]
pub struct Day {
    /// The scenario
    pub file: PathBuf,
    /// What was measured: a CSV file, packed by gzip or not
    pub measured: PathBuf,
    /// A column that has another name: `'cpu_percent of web=CPUUtilization'`, `at_s=Timestamp`. Can be repeated
    #[arg(long, value_name = "FIGURE=COLUMN")]
    pub column: Vec<Mapping>,
    /// Replace a value of the file, such as `fleet.web.max=80`; can be repeated
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// Runs, all under their own seeds [default: the scenario's, and two at least]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(RUNS_MAX)))]
    pub runs: Option<u32>,
    /// Threads to run on; the result is the same for any number [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Seed of the random numbers, or `random` [default: the scenario's]
    #[arg(long, value_name = "N|random")]
    pub seed: Option<Seed>,
    /// Folder for the results [default: out/NAME/calibrate, out/NAME/backtest]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub pictures: Pictures,
    /// What to print: a page for people, everything as JSON, or every period as CSV
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: DayFormat,
    /// Show no progress: no bar on a terminal, no lines elsewhere
    #[arg(long)]
    pub no_progress: bool,
    #[command(flatten)]
    pub limits: Limits,
}

impl Day {
    /// Whether no progress is shown: it is for people who read a page.
    pub fn is_silent(&self, quiet: bool) -> bool {
        quiet || self.no_progress || self.format != DayFormat::Text
    }
}

/// Output formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DayFormat {
    Text,
    Json,
    Csv,
}

/// A share such as `15%`.
fn part(text: &str) -> Result<f64, String> {
    parse_percent(text).map_err(|error| format!("{}; {}", error.message, error.hint))
}
