//! The command line: every command and flag with its help. In: arguments. Out: a [`Cli`].

mod check;
mod explain;
mod export;
mod fit;
mod format;
mod import;
mod init;
mod limits;
#[cfg(feature = "mcp")]
mod mcp;
mod plan;
mod points;
mod prices;
mod printing;
mod run;
mod schema;
mod sensitivity;
mod several;
mod shell;
mod sweep;

pub use check::Check;
#[cfg(feature = "validate")]
pub use check::Validate;
pub use explain::Explain;
pub use export::{Export, Target};
pub use fit::{Backtest, Calibrate, Day, DayFormat};
#[cfg(feature = "validate")]
pub use format::ValidateFormat;
pub use format::{Format, PageFormat, RunFormat, VerdictFormat};
pub use import::Import;
pub use init::Init;
pub use limits::{Limits, MaxMemory, Seed};
#[cfg(feature = "mcp")]
pub use mcp::Mcp;
pub use plan::Plan;
pub use prices::Prices;
pub use printing::StudyPrinting;
pub use run::{Report, Run, Samples};
pub use schema::{Schema, SchemaOf};
pub use sensitivity::Sensitivity;
pub use several::{Compare, Headroom};
pub use shell::{Completions, Man};
pub use simcap::study::Variant;
pub use sweep::{Merge, Sweep};

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

const EXAMPLES: &str = "\
Examples:
  simcap init
  simcap run scenarios/black-friday.toml
  simcap run scenarios/black-friday.toml --set fleet.web.max=80 --seed 7
  simcap run scenarios/black-friday.toml --format json | jq .latency_ms.p99
  simcap run scenarios/asg-lab.toml --precision 'p99 2%'
  simcap compare scenarios/asg-lab.toml --set-b fleet.golden.min=2
  simcap compare scenarios/asg-lab.toml --baseline baselines/asg-lab.json --fail-if 'p99 worse 5%'
  simcap compare a.toml --variant 'large: fleet.web.max=80' --variant 'early: fleet.web.min=20'
  simcap headroom scenarios/flash-sale.toml
  simcap sweep scenarios/flash-sale.toml --set fleet.was.min=4..14
  simcap sensitivity scenarios/flash-sale.toml --margin --runs 2
  simcap plan scenarios/flash-sale.toml --set fleet.was.min=4..14 --headroom 1.2
  simcap calibrate shop.toml measured.csv
  simcap backtest out/shop/calibrate/calibrated.toml measured.csv
  simcap check scenarios/*.toml
  simcap import access.log.gz
  simcap check scenarios/flash-sale.toml --determinism
  simcap export scenarios/flash-sale.toml --to k6 --base-url https://staging.example.com
  simcap report out/black-friday/outcome.json
  simcap report out/black-friday/outcome.json --out pictures --charts svg
  simcap report out/black-friday/outcome.json --html black-friday.html

Exit codes:
  0    fine, every objective met
  1    failure: a folder cannot be written, two runs of one seed differ, a limit of memory or time was reached,
       a report is of a run that was ended early
  2    an error in the command line or in the scenario
  99   the run missed an objective, or a rule of --fail-if failed; of a sweep, every point missed one; a plan found no
       point that surely meets them; the verdict of a backtest is no
  130  ended by Ctrl-C; results so far are kept (129 and 143: ended by SIGHUP and SIGTERM)";

/// Will this architecture hold on event day, what will people feel, what will it cost, what breaks first?
#[derive(Debug, Parser)]
#[command(version, after_help = EXAMPLES, max_term_width = 100)]
pub struct Cli {
    /// When to use colour; NO_COLOR and CLICOLOR_FORCE count too
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
    /// Read and write nothing outside of this folder, whatever the scenario names
    #[arg(long, global = true, value_name = "DIR")]
    pub within: Option<PathBuf>,
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
    /// Begin a scenario of your own system: by ten questions, or from the template of an architecture
    Init(Init),
    /// Run a scenario: print its page, write outcome.json, timeline.csv and charts
    Run(Run),
    /// Show every problem and warning of scenario files without running them
    Check(Check),
    /// Print every key that a scenario file can have, with its default
    Reference,
    /// Say what a word means, of a scenario or of results, and where its default comes from
    Explain(Explain),
    /// Print a JSON Schema, by which an editor completes, explains and checks a file: of scenarios, or of what other commands write
    Schema(Schema),
    /// Write the traffic of a scenario as a load test: a script for k6 or Locust, or CSV
    Export(Export),
    /// Make a price list for `price_list` from offer files of AWS
    Prices(Prices),
    /// Make a scenario of what a real system has logged (access logs, load tests, CloudWatch), or of Terraform and CloudFormation
    Import(Import),
    /// Compare scenarios, or one scenario with changed copies of itself, on the same random numbers
    Compare(Compare),
    /// Find how much more traffic the scenario can take: where objectives fail, resources saturate, goodput stops growing
    #[command(visible_alias = "breakpoint")]
    Headroom(Headroom),
    /// Run the scenario at every point of a grid: a table of verdicts and costs, charts; goes on where it was
    Sweep(Sweep),
    /// Find the cheapest values that surely meet every objective: how many instances, of which type, by which policy
    Plan(Plan),
    /// Put the parts of a sweep together that several machines have done
    Merge(Merge),
    /// Find which numbers of the file the answer hangs on: what is lost if one is 20 % off, and how far it can go
    Sensitivity(Sensitivity),
    /// Fit demands, delays, spreads and hit ratios of the file to what was measured, with intervals
    Calibrate(Calibrate),
    /// Play a recorded day: predicted beside measured, and whether the model is good enough to bet on
    Backtest(Backtest),
    /// Show a stored outcome again: the page, with --out timeline.csv and the charts, with --html one file that has everything
    Report(Report),
    /// Serve an editor: problems where they are, meanings and completion, by the Language Server Protocol over standard input and output
    #[cfg(feature = "lsp")]
    Lsp,
    /// Serve the commands as tools of an assistant: the Model Context Protocol over standard input and output
    #[cfg(feature = "mcp")]
    Mcp(Mcp),
    /// Print the script that completes commands, flags and files in a shell
    Completions(Completions),
    /// Write the manual pages: one for each command
    Man(Man),
    /// Check the model against known answers: theory, other simulations, measurements
    #[cfg(feature = "validate")]
    Validate(Validate),
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

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
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
