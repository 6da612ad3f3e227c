//! `simcap run`: one scenario, one seed. In: a file. Out: a page or JSON, and the folder of the run.

use std::hash::{BuildHasher, RandomState};

use simcap::{report, scenario, simulate};

use super::progress::Progress;
use crate::cli::{Format, Run, Seed};
use crate::exit::Exit;

pub fn run(args: &Run, quiet: bool) -> anyhow::Result<Exit> {
    let scenario = scenario::load(&args.file, &args.set)?;
    super::warn_of_prices(&scenario);
    let seed = match args.seed {
        Some(Seed::Number(seed)) => seed,
        Some(Seed::Random) => random_seed(),
        None => scenario.seed,
    };
    let dir = args.out.join(&scenario.slug);
    report::prepare(&dir)?;

    let silent = quiet || args.no_progress || args.format == Format::Json;
    let mut progress = Progress::new(scenario.duration, silent);
    let mut outcome = simulate(&scenario, seed, &mut |now| progress.at(now));
    progress.finish();
    outcome.scenario.overrides = args.set.clone();

    let files = report::write(&outcome, &dir, !args.no_charts)?;
    super::show(&outcome, &files, args.format, quiet)
}

/// A seed that differs from run to run and that one can type: 32 bits.
fn random_seed() -> u64 {
    RandomState::new().hash_one(std::process::id()) & u64::from(u32::MAX)
}
