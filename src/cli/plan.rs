//! The command that chooses: `plan`. In: arguments. Out: [`Plan`].

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use simcap::plan::CostOf;
use simcap::scenario::plan::{CONFIDENCES, HEADROOMS};
use simcap::scenario::runs::RUNS_MAX;
use simcap::units::parse_percent;

use super::Variant;
use super::points::Points;

const PLAN_HELP: &str = "\
What there is to choose is said as in `simcap sweep`: --set with several values, whole variants, or a table [plan] in the file. The \
least cost that meets every objective is looked for, not every point run. Along a number, the limit is found by halving; the cheapest \
point that seems to meet is run until it surely does, and the dearest cheaper one of each line until it surely does not. All runs have the \
same seeds. They are kept in the folder that `simcap sweep` has, and neither repeats what the other one has done.

A point meets if the mean of its days does, on the right side of each limit; of latencies, in factors. The confidence is that of the \
whole answer: that the best point meets, and that no cheaper one does. It is shared out to all points of the grid and over \
each look at one. That more of a number is no worse is checked, and given up where it is not so (--every does without it from the \
start). With --headroom, objectives have to be met at so many times the traffic; the bill is that of the traffic itself.

If the scenario has faults, the same is planned without them as well, to say what they add.

Examples:
  simcap plan shop.toml --set fleet.was.min=4..14
  simcap plan shop.toml --set fleet.was.min=2..20 --set fleet.was.instance=c7g.large,c7g.xlarge,c7g.2xlarge --headroom 1.2
  simcap plan shop.toml --set duration=4h --variant 'reactive: fleet.was.min=4' --variant 'pre-scaled: fleet.was.min=20'
  simcap plan shop.toml --confidence 99% --cost month --out plan --html plan.html";

#[derive(Args, Debug)]
#[command(after_help = PLAN_HELP)]
pub struct Plan {
    /// The scenario, or a study file
    pub file: PathBuf,
    /// Replace a value of the file; with several values, choose one: `fleet.was.min=4..14`, `a.b=1,2,5`. Can be repeated
    /// [default: `axes` of [plan] in the file]
    #[arg(long, value_name = "PATH=VALUES")]
    pub set: Vec<String>,
    /// Choose among several values together: `large: fleet.web.max=80, fleet.web.min=4`. Can be repeated
    #[arg(long, value_name = "NAME: PATH=VALUE, ...")]
    pub variant: Vec<Variant>,
    /// Meet the objectives at so many times the traffic [default: that of [plan], else 1]
    #[arg(long, value_name = "MULTIPLE", value_parser = headroom)]
    pub headroom: Option<f64>,
    /// How sure the answer has to be [default: that of [plan], else 95%]
    #[arg(long, value_name = "SHARE%", value_parser = confidence)]
    pub confidence: Option<f64>,
    /// Which bill is to be least
    #[arg(long, value_name = "OF", default_value = "event")]
    pub cost: Cost,
    /// Most runs of a point: what these do not decide is said to be open
    /// [default: 32, or as many as rare days take, up to 192]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=i64::from(RUNS_MAX)))]
    pub max_runs: Option<u32>,
    /// Days that are so rare have to be among the runs of the best point: `--rare 5%` takes 72 runs that meet, to be sure to
    /// 95 % [default: that of the rarest fault of the file]
    #[arg(long, value_name = "SHARE%", value_parser = rare)]
    pub rare: Option<f64>,
    /// Run every point that may be cheaper, whatever others say of it
    #[arg(long)]
    pub every: bool,
    /// Leave out the same plan without the faults of the scenario
    #[arg(long)]
    pub no_fault_cost: bool,
    /// Folder for plan.json, plan.csv, the chart, and what is kept of runs [default: out/NAME/sweep]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub points: Points,
}

/// Which bill is to be least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Cost {
    Event,
    Month,
}

impl From<Cost> for CostOf {
    fn from(cost: Cost) -> CostOf {
        match cost {
            Cost::Event => CostOf::Event,
            Cost::Month => CostOf::Month,
        }
    }
}

/// A multiple such as `1.2` or `×1.2`.
fn headroom(text: &str) -> Result<f64, String> {
    match text.trim_start_matches(['×', 'x']).parse() {
        Ok(multiple) if HEADROOMS.contains(&multiple) => Ok(multiple),
        _ => Err("a headroom lies between 0.1 and 100: 1.2 is a fifth more traffic".into()),
    }
}

/// A confidence such as `95%`.
fn confidence(text: &str) -> Result<f64, String> {
    let share = parse_percent(text).map_err(|error| format!("{}; {}", error.message, error.hint))?;
    match CONFIDENCES.contains(&share) {
        true => Ok(share),
        false => Err("a confidence lies between 50% and 99.99%".into()),
    }
}

/// A share of days such as `5%`.
fn rare(text: &str) -> Result<f64, String> {
    let share = parse_percent(text).map_err(|error| format!("{}; {}", error.message, error.hint))?;
    match (0.001..=0.5).contains(&share) {
        true => Ok(share),
        false => Err("rare days are from 0.1% to 50% of all days".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_has_a_headroom_and_a_confidence() {
        assert_eq!((headroom("×1.2"), headroom("2"), confidence("99%")), (Ok(1.2), Ok(2.0), Ok(0.99)));
        let wrong =
            [headroom("0"), headroom("much"), headroom("NaN"), confidence("100%"), confidence("sure")];
        assert!(wrong.iter().all(Result::is_err));
    }
}
