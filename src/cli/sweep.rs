//! The commands that run a scenario at many points: `sweep`, and `merge` of what several machines have done of one. In: arguments. Out:
//! [`Sweep`], [`Merge`].

use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;
use simcap::scenario::runs::RUNS_MAX;
use simcap::study::Shard;

use super::Variant;
use super::points::Points;
use super::printing::StudyPrinting;

const SWEEP_HELP: &str = "\
A --set with several values is an axis: a list such as 4,6,8, or a range with both of its ends such as 4..14, 4..14 by 2 or \
50ms..200ms by 50ms. Several axes make a grid. Every point has the same seeds, so that points differ by their values and hardly by \
chance. All runs share the cores. What is done is kept in the folder `runs` of the results: a sweep that was ended goes on where it was, and a larger \
grid repeats nothing.

A study file says the same, to be kept: scenario = \"shop.toml\", axes = [\"fleet.was.min=4..14\"], and variants, set, runs, seed.

On several machines, each does a part with --shard K/N, K from 0; `simcap merge` puts the parts together. A shard exits with 0 when \
its part is written, whatever the objectives say.

Examples:
  simcap sweep scenarios/flash-sale.toml --set fleet.was.min=4..14
  simcap sweep shop.toml --set fleet.was.min=4..14 --set fleet.was.instance=c7g.large,c7g.xlarge
  simcap sweep shop.toml --variant 'today: fleet.was.max=20' --variant 'large: fleet.was.max=80' --set traffic.all.rate=100/s,200/s
  simcap sweep study.toml --shard 17/64 --out parts && simcap merge parts --out result";

#[derive(Args, Debug)]
#[command(after_help = SWEEP_HELP)]
pub struct Sweep {
    /// The scenario, or a study file
    pub file: PathBuf,
    /// Replace a value of the file; with several values, vary it: `fleet.was.min=4..14`, `a.b=1,2,5`. Can be repeated
    #[arg(long, value_name = "PATH=VALUES")]
    pub set: Vec<String>,
    /// Vary several values together: `large: fleet.web.max=80, fleet.web.min=4`. Can be repeated
    #[arg(long, value_name = "NAME: PATH=VALUE, ...")]
    pub variant: Vec<Variant>,
    /// Runs of each point, all under the same seeds [default: the scenario's]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(RUNS_MAX)))]
    pub runs: Option<u32>,
    /// Do only the K-th of N parts, K from 0; `auto/N` takes K from AWS Batch, Kubernetes or Slurm
    #[arg(long, value_name = "K/N|auto/N")]
    pub shard: Option<ShardChoice>,
    /// A figure to show for each point beside the usual ones, in the words of `--format csv` of `run`; can be repeated
    #[arg(long, value_name = "FIGURE")]
    pub show: Vec<String>,
    /// Folder for sweep.json, sweep.csv, the charts, and what is kept of runs [default: out/NAME/sweep]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub points: Points,
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  simcap merge parts --out result")]
pub struct Merge {
    /// The folder in which `simcap sweep --shard K/N --out DIR` has put all parts
    pub parts: PathBuf,
    /// Folder for sweep.json, sweep.csv and the charts [default: the folder of the parts]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// A figure to show for each point beside the usual ones; can be repeated
    #[arg(long, value_name = "FIGURE")]
    pub show: Vec<String>,
    #[command(flatten)]
    pub printing: StudyPrinting,
}

/// Which part of a study.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShardChoice {
    /// This one.
    Fixed(Shard),
    /// That which the scheduler says, of so many.
    Auto(usize),
}

/// Where schedulers say the index of a job, from 0. How many there are is never taken from them: a job that is run again alone may be
/// told that it is one of one.
const INDEXES: [&str; 3] = ["AWS_BATCH_JOB_ARRAY_INDEX", "JOB_COMPLETION_INDEX", "SLURM_ARRAY_TASK_ID"];

impl FromStr for ShardChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<ShardChoice, String> {
        match text.strip_prefix("auto/") {
            Some(count) => {
                let count = count.parse().map_err(|_| "write auto/N, such as auto/64")?;
                Shard::new(0, count).map(|_| ShardChoice::Auto(count))
            }
            None => text.parse().map(ShardChoice::Fixed),
        }
    }
}

impl ShardChoice {
    /// The part that is meant; `variable` reads the environment.
    pub fn shard(self, variable: impl Fn(&str) -> Option<String>) -> Result<Shard, String> {
        let count = match self {
            ShardChoice::Fixed(shard) => return Ok(shard),
            ShardChoice::Auto(count) => count,
        };
        let Some((name, text)) = INDEXES.iter().find_map(|name| Some((name, variable(name)?))) else {
            return Err(format!("--shard auto/{count}: none of {} is set", INDEXES.join(", ")));
        };
        let index = text.trim().parse().map_err(|_| format!("{name} is `{text}`, which is no index"))?;
        Shard::new(index, count).map_err(|why| format!("{name} is {index}: {why}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_comes_from_the_scheduler_and_the_count_never_does() {
        let slurm = |name: &str| match name {
            "SLURM_ARRAY_TASK_ID" => Some("3".to_owned()),
            "SLURM_ARRAY_TASK_COUNT" => Some("1".to_owned()),
            _ => None,
        };
        let auto: ShardChoice = "auto/8".parse().unwrap();
        assert_eq!(auto.shard(slurm), Shard::new(3, 8));
        let batch = |name: &str| match name {
            "AWS_BATCH_JOB_ARRAY_INDEX" => Some("7".to_owned()),
            other => slurm(other),
        };
        assert_eq!(auto.shard(batch), Shard::new(7, 8));
        assert!(auto.shard(|_| None).unwrap_err().contains("none of AWS_BATCH_JOB_ARRAY_INDEX"));
        let beyond = "auto/3".parse::<ShardChoice>().unwrap().shard(slurm).unwrap_err();
        assert!(beyond.contains("the last of 3 is 2"), "{beyond}");
        assert_eq!("1/4".parse::<ShardChoice>().unwrap().shard(slurm), Shard::new(1, 4));
        assert!(["auto/0", "auto/x", "4/4"].iter().all(|text| text.parse::<ShardChoice>().is_err()));
    }
}
