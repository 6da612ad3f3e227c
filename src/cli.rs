//! The command line: every command and flag with its help. In: arguments. Out: a [`Cli`].

mod variant;

pub use variant::Variant;

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use simcap::report::Charts;
use simcap::scenario::runs::RUNS_MAX;
use simcap::units::{Bytes, parse_bytes, parse_percent, parse_time};

use clap::{Args, Parser, Subcommand, ValueEnum};

const EXAMPLES: &str = "\
Examples:
  simcap run scenarios/black-friday.toml
  simcap run scenarios/black-friday.toml --set fleet.web.max=80 --seed 7
  simcap run scenarios/black-friday.toml --format json | jq .latency_ms.p99
  simcap run scenarios/asg-lab.toml --precision 'p99 2%'
  simcap compare scenarios/asg-lab.toml --set-b fleet.golden.min=2
  simcap compare a.toml --variant 'large: fleet.web.max=80' --variant 'early: fleet.web.min=20'
  simcap headroom scenarios/flash-sale.toml
  simcap check scenarios/*.toml
  simcap check scenarios/flash-sale.toml --determinism
  simcap report out/black-friday/outcome.json
  simcap report out/black-friday/outcome.json --out pictures --charts svg
  simcap report out/black-friday/outcome.json --html black-friday.html

Exit codes:
  0    fine, every objective met
  1    failure: a folder cannot be written, two runs of one seed differ, a limit of memory or time was reached
  2    an error in the command line or in the scenario
  99   the run missed an objective
  130  ended by Ctrl-C; results so far are kept (129 and 143: ended by SIGHUP and SIGTERM)";

const COMPARE_HELP: &str = "\
All run with the same seeds. Parts that are equal get the same arrivals and the same demands, so most of the chance \
cancels out in the difference. Any of them may be what `simcap run` has left: a folder or an outcome.json. Then the others \
run under its seeds. With more than two, each is compared with the first.

Examples:
  simcap compare today.toml tomorrow.toml --runs 10
  simcap compare today.toml tomorrow.toml next-year.toml
  simcap compare scenarios/asg-lab.toml --set-b fleet.golden.min=2
  simcap compare scenarios/asg-lab.toml --variant 'two: fleet.golden.min=2' --variant 'large: fleet.golden.min=2, fleet.golden.max=6'
  simcap compare out/asg-lab scenarios/asg-lab.toml";

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

/// Will this architecture hold on event day, what will people feel, what will it cost, what breaks first?
#[derive(Debug, Parser)]
#[command(version, after_help = EXAMPLES, max_term_width = 100)]
pub struct Cli {
    /// When to use colour; NO_COLOR and CLICOLOR_FORCE count too
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
    #[command(flatten)]
    pub voice: Voice,
    #[command(subcommand)]
    pub command: Command,
}

/// How much a command prints; the same for all.
#[derive(Args, Clone, Copy, Debug)]
pub struct Voice {
    /// Print only verdicts and errors
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Print whole pages: every figure, every item of the bill, lists to their end
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a scenario: print its page, write outcome.json, timeline.csv and charts
    Run(Run),
    /// Show every problem and warning of scenario files without running them
    Check(Check),
    /// Print every key that a scenario file can have, with its default
    Reference,
    /// Compare scenarios, or one scenario with changed copies of itself, on the same random numbers
    Compare(Compare),
    /// Find how much more traffic the scenario can take: where objectives fail, resources saturate, goodput stops growing
    #[command(visible_alias = "breakpoint")]
    Headroom(Headroom),
    /// Show a stored outcome again: the page, with --out timeline.csv and the charts, with --html one file that has everything
    Report(Report),
    /// Check the model against known answers: theory, other simulations, measurements
    #[cfg(feature = "validate")]
    Validate(Validate),
}

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
    /// Replace a value of the file, such as `fleet.web.max=80`; can be repeated
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// What to print: a page for people, outcome.json, a short page for a pull request, or the figures as CSV
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: PageFormat,
    /// Write everything into one HTML file, charts that can be zoomed among it; it loads nothing from anywhere
    #[cfg(feature = "charts")]
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Show no progress: no bar on a terminal, no lines elsewhere
    #[arg(long)]
    pub no_progress: bool,
    /// Show every item of the bill; else the page has a line for each service
    #[arg(long)]
    pub bill: bool,
    /// Write charts as PNG, as SVG (sharp at any size, with words that can be searched and copied), or each as both
    #[cfg(feature = "charts")]
    #[arg(long, value_name = "FORMAT", default_value = "png", conflicts_with = "no_charts")]
    pub charts: ChartFormat,
    /// Draw no charts
    #[arg(long)]
    pub no_charts: bool,
    /// Print how much work the run was: events, time for each event, most events and attempts at once
    #[arg(long)]
    pub stats: bool,
}

impl Run {
    /// The charts that are written.
    pub fn charts(&self) -> Charts {
        #[cfg(feature = "charts")]
        if !self.no_charts {
            return self.charts.charts();
        }
        Charts::None
    }
}

/// Limits that end the runs of a command early; results so far are kept.
#[derive(Args, Debug)]
pub struct Limits {
    /// Memory that all runs together may use, such as `8 GiB`, or `none` [default: three quarters of what is free]
    #[arg(long, value_name = "SIZE|none", value_parser = max_memory)]
    pub max_memory: Option<MaxMemory>,
    /// Wall-clock time that all runs together may take, such as `10m` [default: no limit]
    #[arg(long, value_name = "DURATION", value_parser = max_time)]
    pub max_time: Option<Duration>,
}

/// How much memory runs may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaxMemory {
    Bytes(Bytes),
    Unlimited,
}

/// A size such as `8 GiB`, or `none`.
fn max_memory(text: &str) -> Result<MaxMemory, String> {
    match text {
        "none" => Ok(MaxMemory::Unlimited),
        _ => parse_bytes(text)
            .map(MaxMemory::Bytes)
            .map_err(|error| format!("{}; {}", error.message, error.hint)),
    }
}

/// A duration such as `10m`.
fn max_time(text: &str) -> Result<Duration, String> {
    let time = parse_time(text).map_err(|error| format!("{}; {}", error.message, error.hint))?;
    Ok(Duration::from_nanos(time.0))
}

/// How many runs, and on how many cores.
#[derive(Args, Debug)]
pub struct Runs {
    /// Number of runs, each with a seed of its own [default: the scenario's, or by its traffic from 2 to 8]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(RUNS_MAX)))]
    pub runs: Option<u32>,
    /// Threads to run on; the outcome is the same for any number [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
}

#[derive(Args, Debug)]
#[command(after_help = COMPARE_HELP)]
pub struct Compare {
    /// The first scenario, to compare with, or a folder of its results
    pub a: PathBuf,
    /// The second scenario, or a folder of its results, and any further ones [default: the first]
    #[arg(value_name = "B")]
    pub others: Vec<PathBuf>,
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
    #[command(flatten)]
    pub printing: Printing,
}

/// How results and progress are printed.
#[derive(Args, Debug)]
pub struct Printing {
    /// Write everything into one HTML file as well; it loads nothing from anywhere
    #[cfg(feature = "charts")]
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Write the pictures of --out as PNG, as SVG (sharp at any size, with words that can be searched and copied), or each
    /// as both
    #[cfg(feature = "charts")]
    #[arg(long, value_name = "FORMAT", default_value = "png", requires = "out")]
    pub charts: ChartFormat,
    /// What to print: a page for people, everything as JSON, a short page for a pull request, or figures as CSV
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: PageFormat,
    /// Show no progress: no bar on a terminal, no lines elsewhere
    #[arg(long)]
    pub no_progress: bool,
}

impl Printing {
    /// Fails where the HTML file cannot be written: that is better known before a run than after it.
    pub fn probe(&self) -> Result<(), simcap::report::ReportError> {
        #[cfg(feature = "charts")]
        self.html.as_deref().map_or(Ok(()), simcap::report::probe_html)?;
        Ok(())
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

    /// Whether no progress is shown.
    pub fn is_silent(&self, quiet: bool) -> bool {
        quiet || self.no_progress || self.format != PageFormat::Text
    }
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

#[derive(Args, Debug)]
pub struct Check {
    /// Scenarios
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Replace a value of each file before the check; can be repeated
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// Exit with 2 if there is a warning; `allow` in a file accepts known ones
    #[arg(long)]
    pub deny_warnings: bool,
    /// Also run each scenario twice, event by event, and show the first event that differs; takes as long as two runs
    #[arg(long)]
    pub determinism: bool,
    /// What to print: pages for people, or a list of files with each problem and warning as an object
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
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
    /// What to print: a page for people, outcome.json, a short page for a pull request, or the figures as CSV
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: PageFormat,
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

#[cfg(feature = "validate")]
#[derive(Args, Debug)]
pub struct Validate {
    /// Families such as A02, or cases such as A02.3 [default: all]
    #[arg(value_name = "FAMILY|CASE")]
    pub names: Vec<String>,
    /// Ten times as many requests, for intervals a third as wide
    #[arg(long)]
    pub full: bool,
    /// Instead measure how often the 95 % intervals of estimates and comparisons contain the exact answer
    #[arg(long, conflicts_with_all = ["names", "full", "show", "export"])]
    pub coverage: bool,
    /// Write the page of calibration instead: published results of real databases and caches beside the model, with one set of
    /// physical parameters for each engine
    #[arg(long, conflicts_with_all = ["names", "full", "show", "export", "coverage"])]
    pub calibration: bool,
    /// How many times --coverage runs each scenario, 20 runs each time
    #[arg(long, value_name = "N", default_value_t = simcap::validate::coverage::BASES, requires = "coverage", value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub bases: u64,
    /// Print the scenario of a case; run nothing
    #[arg(long, value_name = "CASE")]
    pub show: Option<String>,
    /// Write the chosen cases as scenario files, with the traces they replay; run nothing
    #[arg(long, value_name = "DIR")]
    pub export: Option<PathBuf>,
    /// What to print: a table for people, a document, or everything
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ValidateFormat,
}

/// Output formats of `simcap validate`.
#[cfg(feature = "validate")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ValidateFormat {
    Text,
    Markdown,
    Json,
}

/// Output formats of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
}

/// Output formats of a run, a comparison and a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PageFormat {
    Text,
    Json,
    Markdown,
    Csv,
}

/// Formats of charts.
#[cfg(feature = "charts")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ChartFormat {
    Png,
    Svg,
    Both,
}

#[cfg(feature = "charts")]
impl ChartFormat {
    fn charts(self) -> Charts {
        match self {
            ChartFormat::Png => Charts::Png,
            ChartFormat::Svg => Charts::Svg,
            ChartFormat::Both => Charts::Both,
        }
    }
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

impl Color {
    /// Applies the choice to everything printed from now on.
    pub fn apply(self) {
        let choice = match self {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        };
        choice.write_global();
    }
}

/// The seed of the random numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seed {
    Number(u64),
    Random,
}

impl FromStr for Seed {
    type Err = String;

    fn from_str(text: &str) -> Result<Seed, String> {
        match text {
            "random" => Ok(Seed::Random),
            _ => text.parse().map(Seed::Number).map_err(|_| "neither a whole number nor `random`".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn limits_are_sizes_and_durations() {
        assert_eq!(max_memory("8 GiB"), Ok(MaxMemory::Bytes(Bytes(8 << 30))));
        assert_eq!(max_memory("none"), Ok(MaxMemory::Unlimited));
        assert_eq!(max_time("1m 30s"), Ok(Duration::from_secs(90)));
        assert!(max_memory("much").is_err() && max_time("10").is_err());
    }

    #[test]
    fn a_seed_is_a_number_or_random() {
        assert_eq!("7".parse(), Ok(Seed::Number(7)));
        assert_eq!("random".parse(), Ok(Seed::Random));
        assert!("-1".parse::<Seed>().is_err());
    }

    #[test]
    fn a_search_has_a_width_and_an_end() {
        assert_eq!((width("2%"), multiple("×4"), multiple("1.5")), (Ok(0.02), Ok(4.0), Ok(1.5)));
        assert!([width("0%"), width("wide"), multiple("1"), multiple("much")].iter().all(Result::is_err));
    }

    #[test]
    fn global_flags_stand_before_or_after_the_command() {
        for args in [["simcap", "--quiet", "run", "a.toml"], ["simcap", "run", "a.toml", "--quiet"]] {
            assert!(Cli::try_parse_from(args).unwrap().voice.quiet);
        }
        for command in ["run", "report", "compare", "headroom", "check"] {
            assert!(Cli::try_parse_from(["simcap", command, "a.toml", "-v"]).unwrap().voice.verbose);
            assert!(Cli::try_parse_from(["simcap", command, "a.toml", "-v", "-q"]).is_err());
        }
    }
}
