//! The commands that run more than one scenario, or one at several multiples: `compare` and `headroom`. In: arguments. Out: [`Compare`],
//! [`Headroom`].

use std::path::PathBuf;

use clap::Args;
use simcap::report::Charts;
use simcap::scenario::runs::RUNS_MAX;
use simcap::units::parse_percent;

use super::Variant;
#[cfg(feature = "charts")]
use super::format::ChartFormat;
use super::format::{PageFormat, VerdictFormat};
use super::limits::{Limits, Seed};

const COMPARE_HELP: &str = "\
All run with the same seeds. Parts that are equal get the same arrivals and the same demands, so most of the chance \
cancels out in the difference. Any of them may be what `simcap run` has left: a folder or an outcome.json. Then the others \
run under its seeds. With more than two, each is compared with the first.

A gate: --fail-if FIGURE WORD WIDTH. The figure is one of the page (--all shows every name) or `objectives`; the word is worse, better, \
changed, more or less; the width is a percentage of the value in A, or an amount: 20ms, $5, 10/s, 0.1pp of a share (percentage \
points). Without a width any change is too much. A rule fails if the whole 95 % interval of the change lies beyond the width, and \
passes if it lies within; else the runs cannot tell, which fails only with --fail-if-unsure. A rule that failed ends with 99.

Examples:
  simcap compare today.toml tomorrow.toml --runs 10
  simcap compare today.toml tomorrow.toml next-year.toml
  simcap compare scenarios/asg-lab.toml --set-b fleet.golden.min=2
  simcap compare scenarios/asg-lab.toml --variant 'two: fleet.golden.min=2' --variant 'large: fleet.golden.min=2, fleet.golden.max=6'
  simcap compare out/asg-lab scenarios/asg-lab.toml
  simcap run scenarios/asg-lab.toml --save-baseline baselines/asg-lab.json
  simcap compare scenarios/asg-lab.toml --baseline baselines/asg-lab.json --fail-if 'p99 worse 5%' --fail-if 'objectives worse'";

const HEADROOM_HELP: &str = "\
Multiplies all arrival rates of the scenario. It climbs from ×1 in coarse steps, and in finer ones around the limit that \
the first runs estimate. If something fails at ×1 already, it starts at a lower multiple. Then it divides the first step in \
which something fails, where an estimate leads it or in the middle, until that step is narrow. Goodput counts the requests that are answered; it stops growing where over \
the last 5 % it grows by less than half as much as the traffic, or as the number of users. Without objectives, that and saturation are the limits. Every multiple uses the same random numbers. Of a long event, what comes after everything that matters is left out, steps above the first \
missed objective are small, what fills only later is told between them, and two runs are enough where they decide (--whole does none of this). Progress goes to stderr: \
a bar in a terminal, else a line for each multiple; -q turns it off.

Examples:
  simcap headroom scenarios/flash-sale.toml
  simcap headroom scenarios/black-friday.toml --precision 10% --up-to 4
  simcap headroom scenarios/asg-lab.toml --set fleet.golden.max=6 --format json | jq .limits";

#[derive(Args, Debug)]
#[command(after_help = COMPARE_HELP)]
pub struct Compare {
    /// The first scenario, to compare with, or a folder of its results
    pub a: PathBuf,
    /// The second scenario, or a folder of its results, and any further ones [default: the first]
    #[arg(value_name = "B")]
    pub others: Vec<PathBuf>,
    /// Compare with this stored outcome, which is A; what is named before is B and further. See `simcap run --save-baseline`
    #[arg(long, value_name = "FILE", conflicts_with = "set_a")]
    pub baseline: Option<PathBuf>,
    /// End with 99 if a figure has surely moved too far against A: 'p99 worse 5%', 'checkout p99 worse 20ms', 'errors worse
    /// 0.1pp', 'cost more 3%', 'objectives worse'; can be repeated
    #[arg(long, value_name = "FIGURE WORD WIDTH")]
    pub fail_if: Vec<String>,
    /// A rule of --fail-if also fails if the runs cannot tell
    #[arg(long, requires = "fail_if")]
    pub fail_if_unsure: bool,
    /// Number of runs of each, under the same seeds [default: as a stored outcome has, else the most that a scenario says
    /// or its traffic gives, and at least 5]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(RUNS_MAX)))]
    pub runs: Option<u32>,
    /// Threads to run on; the result is the same for any number [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Seed of the random numbers of all, or `random` [default: that of a stored outcome, else of the first scenario]
    #[arg(long, value_name = "N|random")]
    pub seed: Option<Seed>,
    /// Replace a value of all files, such as `fleet.web.max=80`; can be repeated
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// Replace a value of the first file alone; can be repeated
    #[arg(long, value_name = "PATH=VALUE")]
    pub set_a: Vec<String>,
    /// Replace a value of the second file alone; can be repeated
    #[arg(long, value_name = "PATH=VALUE")]
    pub set_b: Vec<String>,
    /// One more side: the first file with values replaced; `name: fleet.web.max=80, fleet.web.min=4`, or without a name.
    /// Can be repeated
    #[arg(long, value_name = "NAME: PATH=VALUE, ...")]
    pub variant: Vec<Variant>,
    /// Show every figure, and what the common random numbers were worth; else the page of two has eight
    #[arg(long)]
    pub all: bool,
    /// Folder for compare.png, latency and throughput of all over time, and policies.png, their instances; see --charts [default: nothing is written]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub limits: Limits,
    /// What to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: VerdictFormat,
    #[command(flatten)]
    pub printing: Printing,
}

#[derive(Args, Debug)]
#[command(after_help = HEADROOM_HELP)]
pub struct Headroom {
    /// The scenario
    pub file: PathBuf,
    /// Stop when the limit is known to within this much
    #[arg(long, value_name = "WIDTH%", default_value = "2%", value_parser = width)]
    pub precision: f64,
    /// Largest multiple of the traffic to try; the smallest is 1 divided by it
    #[arg(long, value_name = "MULTIPLE", default_value = "16", value_parser = multiple)]
    pub up_to: f64,
    /// Run the whole event at each multiple, also where nothing came near a limit after its peak
    #[arg(long)]
    pub whole: bool,
    /// Runs of each multiple, all under the same seeds [default: the scenario's, at most 4]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(RUNS_MAX)))]
    pub runs: Option<u32>,
    /// Threads to run on; the result is the same for any number [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Seed of the random numbers, or `random` [default: the scenario's]
    #[arg(long, value_name = "N|random")]
    pub seed: Option<Seed>,
    /// Replace a value of the file, such as `fleet.web.max=80`; can be repeated
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// Folder for headroom.png, goodput and latency over the multiples that were run; see --charts [default: nothing is written]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub limits: Limits,
    /// What to print: a page for people, everything as JSON, a short page for a pull request, or figures as CSV
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: PageFormat,
    #[command(flatten)]
    pub printing: Printing,
}

/// A width such as `2%`.
fn width(text: &str) -> Result<f64, String> {
    let width = parse_percent(text).map_err(|error| format!("{}; {}", error.message, error.hint))?;
    match (0.001..=0.5).contains(&width) {
        true => Ok(width),
        false => Err("a width lies between 0.1% and 50%".into()),
    }
}

/// A multiple such as `16` or `×16`.
fn multiple(text: &str) -> Result<f64, String> {
    match text.trim_start_matches(['×', 'x']).parse() {
        Ok(multiple) if (1.1..=1_000.0).contains(&multiple) => Ok(multiple),
        _ => Err("a multiple lies between 1.1 and 1000".into()),
    }
}

/// How results and progress are printed.
#[derive(Args, Debug)]
pub struct Printing {
    /// Write everything into one HTML file as well; it loads nothing from anywhere
    #[cfg(feature = "charts")]
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Write everything as JSON into this file as well
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Write the pictures of --out as PNG, as SVG (sharp at any size, with words that can be searched and copied), or each
    /// as both
    #[cfg(feature = "charts")]
    #[arg(long, value_name = "FORMAT", default_value = "png", requires = "out")]
    pub charts: ChartFormat,
    /// Show no progress: no bar on a terminal, no lines elsewhere
    #[arg(long)]
    pub no_progress: bool,
}

impl Printing {
    /// Writes everything as JSON, if it is asked for.
    pub fn write_json(&self, text: impl Fn() -> String) -> Result<(), simcap::report::ReportError> {
        self.json.as_ref().map_or(Ok(()), |path| simcap::report::write_text(&text(), path).map(drop))
    }

    /// Fails where the HTML file cannot be written: that is better known before a run than after it.
    pub fn probe(&self) -> Result<(), simcap::report::ReportError> {
        #[cfg(feature = "charts")]
        self.html.as_deref().map_or(Ok(()), simcap::report::probe_file)?;
        self.json.as_deref().map_or(Ok(()), simcap::report::probe_file)
    }

    /// Writes the HTML file, if it is asked for.
    #[cfg(feature = "charts")]
    pub fn write_html(&self, page: impl Fn() -> String) -> Result<(), simcap::report::ReportError> {
        self.html.as_ref().map_or(Ok(()), |path| simcap::report::write_html(&page(), path).map(drop))
    }

    /// The pictures that are written.
    pub fn charts(&self) -> Charts {
        #[cfg(feature = "charts")]
        return self.charts.charts();
        #[cfg(not(feature = "charts"))]
        Charts::None
    }

    /// Whether no progress is shown: it is for people who read a page.
    pub fn is_silent(&self, quiet: bool, is_page: bool) -> bool {
        quiet || self.no_progress || !is_page
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_has_a_width_and_an_end() {
        assert_eq!((width("2%"), multiple("×4"), multiple("1.5")), (Ok(0.02), Ok(4.0), Ok(1.5)));
        assert!([width("0%"), width("wide"), multiple("1"), multiple("much")].iter().all(Result::is_err));
    }
}
