//! The commands that check: a scenario file, or the model itself. In: arguments. Out: [`Check`], [`Validate`].

use std::path::PathBuf;

use clap::Args;

use super::format::Format;
#[cfg(feature = "validate")]
use super::format::ValidateFormat;

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
    /// Check again whenever one of the files changes, or a file that it extends or names
    #[arg(short, long)]
    pub watch: bool,
    /// What to print: pages for people, or a list of files with each problem and warning as an object
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
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
