//! What every command takes that runs a scenario at many points: `sweep`, `plan` and `sensitivity`. In: arguments. Out: [`Points`].

use clap::Args;

use super::limits::{Limits, Seed};
use super::printing::StudyPrinting;

/// On how many cores, under which seed, until when, and how the results are printed.
#[derive(Args, Debug)]
pub struct Points {
    /// Threads to run on; the result is the same for any number [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Seed of the random numbers, or `random` [default: the scenario's]
    #[arg(long, value_name = "N|random")]
    pub seed: Option<Seed>,
    #[command(flatten)]
    pub limits: Limits,
    #[command(flatten)]
    pub printing: StudyPrinting,
}

impl Points {
    /// The threads that are asked for.
    pub fn threads(&self) -> Option<usize> {
        self.threads.map(usize::from)
    }
}
