//! What each tool can be asked. In: JSON objects. Out: typed arguments; their schemas are made of these types and texts, which an
//! assistant reads.

use rmcp::schemars::{self, JsonSchema};
use serde::Deserialize;

/// `files`
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Files {
    /// Only what is below this folder, such as `shops`.
    #[serde(default)]
    pub folder: Option<String>,
}

/// The scenario that a tool works with.
#[derive(Debug, Default, Deserialize, JsonSchema)]
pub struct Subject {
    /// Path of a scenario, such as `shop.toml`. Of `compare` it is the first scenario, A, or the folder that a run of it has left; `sweep` and
    /// `plan` take a study as well; `plan` wants objectives. Give this or `text`.
    #[serde(default)]
    pub file: Option<String>,
    /// The scenario itself, instead of a file: TOML, 4 MiB at most. Files that it names are looked for in the folder of the server. If it can
    /// run, it is kept as a file, which the answer names: give that as `file` from then on.
    #[serde(default)]
    pub text: Option<String>,
}

/// The random numbers of runs.
#[derive(Debug, Default, Deserialize, JsonSchema)]
pub struct Random {
    /// Seed of the random numbers of all runs; the same seed gives the same outcome. Default: that of the scenario.
    #[serde(default)]
    pub seed: Option<u64>,
}

/// `check`
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Check {
    /// What it is about.
    #[serde(flatten)]
    pub subject: Subject,
    /// Values to replace, each `PATH=VALUE`, such as `fleet.web.max=80`.
    #[serde(default)]
    pub set: Vec<String>,
}

/// `run`
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Run {
    /// What it is about.
    #[serde(flatten)]
    pub subject: Subject,
    /// Values to replace, each `PATH=VALUE`, such as `fleet.web.max=80`.
    #[serde(default)]
    pub set: Vec<String>,
    /// Under which random numbers.
    #[serde(flatten)]
    pub random: Random,
    /// Number of runs, each with a seed of its own; more make intervals narrower. Default: by the traffic, from 2 to 8.
    #[serde(default)]
    #[schemars(range(min = 1, max = 1000))]
    pub runs: Option<u32>,
    /// Add runs until a figure is known this well, such as `p99 2%` or `errors 10%`.
    #[serde(default)]
    pub precision: Vec<String>,
    /// Folder for the results. Default: `out`.
    #[serde(default)]
    pub out: Option<String>,
}

/// `compare`
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Compare {
    /// What it is about.
    #[serde(flatten)]
    pub subject: Subject,
    /// Paths of further scenarios, B and so on, each of which is compared with A.
    #[serde(default)]
    pub others: Vec<String>,
    /// Values to replace in all, each `PATH=VALUE`.
    #[serde(default)]
    pub set: Vec<String>,
    /// Values to replace in B alone. Without `others`, B is A with these.
    #[serde(default)]
    pub set_b: Vec<String>,
    /// Further sides: A with values replaced, each `NAME: PATH=VALUE, PATH=VALUE`.
    #[serde(default)]
    pub variants: Vec<String>,
    /// Under which random numbers.
    #[serde(flatten)]
    pub random: Random,
    /// Number of runs of each, at least 2 for intervals. Default: at least 5.
    #[serde(default)]
    #[schemars(range(min = 1, max = 1000))]
    pub runs: Option<u32>,
}

/// `headroom`
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Headroom {
    /// What it is about.
    #[serde(flatten)]
    pub subject: Subject,
    /// Values to replace, each `PATH=VALUE`.
    #[serde(default)]
    pub set: Vec<String>,
    /// Stop when the limit is known to within this much, such as `5%`: wider is faster. Default: `2%`.
    #[serde(default)]
    pub precision: Option<String>,
    /// Largest multiple of the traffic to try. Default: 16.
    #[serde(default)]
    #[schemars(range(min = 1.1, max = 1000.0))]
    pub up_to: Option<f64>,
    /// Under which random numbers.
    #[serde(flatten)]
    pub random: Random,
    /// Runs of each multiple. Default: those of the scenario, at most 4.
    #[serde(default)]
    #[schemars(range(min = 1, max = 1000))]
    pub runs: Option<u32>,
}

/// `sweep`
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Sweep {
    /// What it is about.
    #[serde(flatten)]
    pub subject: Subject,
    /// Values to replace. One with several values is an axis: `fleet.web.min=4..14`, `fleet.web.min=4..14 by 2`, `a.b=1,2,5`. Several axes
    /// make a grid, every point of which is run.
    #[serde(default)]
    pub set: Vec<String>,
    /// Several values that vary together, each `NAME: PATH=VALUE, PATH=VALUE`.
    #[serde(default)]
    pub variants: Vec<String>,
    /// Under which random numbers.
    #[serde(flatten)]
    pub random: Random,
    /// Runs of each point. Default: those of the scenario.
    #[serde(default)]
    #[schemars(range(min = 1, max = 1000))]
    pub runs: Option<u32>,
    /// Figures to show for each point beside the usual ones.
    #[serde(default)]
    pub show: Vec<String>,
}

/// `plan`
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Plan {
    /// What it is about.
    #[serde(flatten)]
    pub subject: Subject,
    /// What there is to choose: values with `..` or commas, such as `fleet.web.min=4..14` or `fleet.web.instance=m5.large,m5.xlarge`. One
    /// with a single value replaces it. Default: `axes` of the table `plan` in the scenario.
    #[serde(default)]
    pub set: Vec<String>,
    /// Choose among several values together, each `NAME: PATH=VALUE, PATH=VALUE`.
    #[serde(default)]
    pub variants: Vec<String>,
    /// Objectives have to be met at so many times the traffic: 1.2 is a fifth more than expected. Default: 1.
    #[serde(default)]
    #[schemars(range(min = 0.1, max = 100.0))]
    pub headroom: Option<f64>,
    /// How sure the answer has to be, such as `95%`, the default.
    #[serde(default)]
    pub confidence: Option<String>,
    /// Which bill is to be least. Default: that of the event.
    #[serde(default)]
    pub cost: Option<Cost>,
    /// Most runs of a point: what these do not decide is said to be open. Default: 32.
    #[serde(default)]
    #[schemars(range(min = 2, max = 1000))]
    pub max_runs: Option<u32>,
    /// Under which random numbers.
    #[serde(flatten)]
    pub random: Random,
}

/// A bill.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Cost {
    /// That of the event.
    Event,
    /// That of a month of its median hour.
    Month,
}

/// `import`
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Import {
    /// Files or folders: access logs (ALB, Apache, nginx, CloudFront), results of k6 or Locust, CloudWatch as JSON or CSV, a plan or state
    /// of Terraform as JSON, templates of CloudFormation.
    pub paths: Vec<String>,
    /// Format of the logs, if it is not found out: alb, clf, cloudfront, k6, locust, cloudwatch, csv.
    #[serde(default)]
    pub format: Option<String>,
    /// Length of a period of the tables, such as `1m`.
    #[serde(default)]
    pub period: Option<String>,
    /// Leave out what is before this instant, such as `2026-11-27T09:00:00Z`.
    #[serde(default)]
    pub from: Option<String>,
    /// Leave out what is at this instant or later.
    #[serde(default)]
    pub to: Option<String>,
    /// Classes of requests, each `NAME=METHOD PATH`, such as `checkout=POST /checkout`. Default: proposed by method and path.
    #[serde(default)]
    pub classes: Vec<String>,
    /// Folder for the scenario and its tables. Default: `out/import/NAME`.
    #[serde(default)]
    pub out: Option<String>,
}

/// `reference`
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Reference {
    /// A table, such as `fleet` or `database`; a key, such as `min`; both, such as `fleet.min`; or any word. Without it: what there is.
    #[serde(default)]
    pub word: Option<String>,
}

/// `outcome`
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Outcome {
    /// Path of a result, as `stored` of an answer has it, such as `out/shop/outcome.json`.
    pub file: String,
    /// Which part, as a JSON pointer, such as `/headroom` or `/fleets/0`. Default: all of it.
    #[serde(default)]
    pub at: Option<String>,
    /// The first element to show, if the part is a list. Default: 0.
    #[serde(default)]
    pub from: Option<usize>,
}

/// `explain`
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Explain {
    /// A key of a scenario (`fleet.web.boot`), a column of timeline.csv (`latency.p99_ms`), a field of outcome.json (`requests.failed`), a word of
    /// a page (`full at`), a law of time, a cause of failure, a warning. Without it: what there is.
    #[serde(default)]
    pub word: Option<String>,
}

/// `schema`
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Schema {
    /// Of what. Default: of a scenario.
    #[serde(default)]
    pub of: Option<SchemaOf>,
    /// Which part, as a JSON pointer, such as `/properties/fleet`. Default: all of it, which is long.
    #[serde(default)]
    pub at: Option<String>,
}

/// What has a schema.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SchemaOf {
    /// A scenario file.
    Scenario,
    /// `outcome.json` of a run.
    Outcome,
    /// What `check` answers.
    Check,
}
