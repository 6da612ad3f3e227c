//! The command that begins a scenario. In: arguments. Out: [`Init`].

use std::path::PathBuf;

use clap::Args;

const EXAMPLES: &str = "\
Examples:
  simcap init                                       ask ten questions, write shop.toml
  simcap init --yes                                 take the usual answers
  simcap init shop.toml --yes --answer peak=400/s --answer instances=4..20
  simcap init --list                                the architectures that there are
  simcap init --template serverless                 write serverless.toml";

#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Init {
    /// The file to write, or the folder if a template has several files; nothing is ever replaced [default: shop.toml, or the
    /// name of the template]
    pub name: Option<PathBuf>,
    /// Take the usual answer to each question that --answer does not answer
    #[arg(short, long)]
    pub yes: bool,
    /// Answer a question: peak, normal, spike, latency, instance, instances, page, cache, database or query; can be repeated
    #[arg(short, long, value_name = "KEY=VALUE", conflicts_with = "template")]
    pub answer: Vec<String>,
    /// Write the scenario of an architecture instead
    #[arg(short, long, value_name = "TEMPLATE", conflicts_with = "yes")]
    pub template: Option<String>,
    /// Print the architectures and write nothing
    #[arg(long, conflicts_with_all = ["name", "yes", "answer", "template"])]
    pub list: bool,
}
