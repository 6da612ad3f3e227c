//! The command that varies inputs: `sensitivity`. In: arguments. Out: [`Sensitivity`].

use std::path::PathBuf;

use clap::Args;
use simcap::scenario::runs::RUNS_MAX;
use simcap::sensitivity::{Vary, span};

use super::points::Points;
use super::sweep::ShardChoice;

const HELP: &str = "\
Without --input, every number is varied that somebody had to measure or to estimate: laws of time (demands, delays, times to think and to \
boot), rates, shares, numbers of keys and users, weights of a mix. Not those that somebody decides, such as timeouts, sizes and numbers of \
instances: name them with --input. Every value runs under the same seeds, so that differences are hardly by chance. Runs are kept \
in the folder `runs` of the results, as those of a sweep: what was ended goes on where it was.

One input at a time sees nothing that needs two at once. --morris R goes through all of them together, on R random ways: R times one more run \
than there are inputs.

On several machines, each makes a part of the runs with --shard K/N, K from 0, into one folder that all of them have, or whose folders \
`runs` are copied into one. The same command without --shard then finds them there, and makes what is missing, as the runs for --margin.

Examples:
  simcap sensitivity shop.toml
  simcap sensitivity shop.toml --span 30% --margin --runs 4
  simcap sensitivity shop.toml --input request.order.steps --input 'traffic.all.rate ±50%'
  simcap sensitivity shop.toml --morris 10 --show 'checkout p99' --out out/inputs --html inputs.html
  simcap sensitivity shop.toml --shard 3/8 --out inputs   # on each machine, then once without --shard";

#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub struct Sensitivity {
    /// The scenario
    pub file: PathBuf,
    /// Vary this number alone, or all of this table: `request.order.steps.0.cpu`, `'traffic.all.rate ±50%'`. Can be repeated
    #[arg(long, visible_alias = "vary", value_name = "PATH [±SPAN]")]
    pub input: Vec<Vary>,
    /// By how much inputs are lower and higher
    #[arg(long, value_name = "SPAN%", default_value = "20%", value_parser = span)]
    pub span: f64,
    /// Where a verdict is lost, search for the last value that holds
    #[arg(long)]
    pub margin: bool,
    /// Find by so many trajectories how inputs work together, too
    #[arg(long, value_name = "R", default_value = "0", value_parser = clap::value_parser!(u32).range(0..=1_000))]
    pub morris: u32,
    /// Make and keep only the K-th of N parts of the runs, K from 0; `auto/N` takes K from AWS Batch, Kubernetes or Slurm
    #[arg(long, value_name = "K/N|auto/N", conflicts_with_all = ["margin", "show"])]
    pub shard: Option<ShardChoice>,
    /// A figure to tell beside p99, errors, cost and those with objectives; can be repeated
    #[arg(long, value_name = "FIGURE")]
    pub show: Vec<String>,
    /// Replace a value of the file, such as `fleet.web.max=80`; can be repeated
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// Runs of each value, all under the same seeds [default: the scenario's]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(RUNS_MAX)))]
    pub runs: Option<u32>,
    /// Folder for sensitivity.json, sensitivity.csv, tornado.png, and what is kept of runs [default: out/NAME/sensitivity]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub points: Points,
}
