//! `simcap compare`: two scenarios on the same random numbers. In: one or two files. Out: a page or JSON.

use std::path::Path;

use simcap::comparison::{Comparison, FEWEST_RUNS};
use simcap::ensemble::Ensemble;
use simcap::outcome::Outcome;
use simcap::report;
use simcap::scenario::{self, Scenario};
use simcap::text::visible;

use super::progress::Progress;
use crate::cli::{Compare, Format};
use crate::exit::{Exit, NothingToCompare};

pub fn compare(args: &Compare, quiet: bool) -> anyhow::Result<Exit> {
    if args.b.is_none() && args.set_a.is_empty() && args.set_b.is_empty() {
        return Err(NothingToCompare.into());
    }
    let both = |own: &[String]| [args.set.as_slice(), own].concat();
    let sides =
        [(args.a.as_path(), both(&args.set_a)), (args.b.as_deref().unwrap_or(&args.a), both(&args.set_b))];
    let scenarios = [scenario::load(sides[0].0, &sides[0].1)?, scenario::load(sides[1].0, &sides[1].1)?];
    let seed = super::seed(args.seed, &scenarios[0]);
    let enough = || scenarios.iter().map(|scenario| scenario.runs).fold(FEWEST_RUNS.value, u32::max);
    let runs = args.runs.runs.unwrap_or_else(enough) as usize;
    let silent = args.printing.is_silent(quiet);
    let guard = super::stop::guard(&args.limits)?;
    let simulate =
        |scenario: &Scenario, (file, overrides): &(&Path, Vec<String>)| -> anyhow::Result<Outcome> {
            super::warnings::print_all(scenario, runs as u32, quiet);
            let progress = Progress::new(scenario.duration, silent);
            let tell = |told| progress.tell(told);
            let mut ensemble = Ensemble::new(scenario, seed, args.runs.threads.map(usize::from), &[], &tell)?
                .guarded(&guard);
            ensemble.extend_to(runs);
            if let Some(interruption) = ensemble.interruption().cloned() {
                drop(ensemble);
                progress.finish();
                return Err(interruption.into());
            }
            let mut outcome = ensemble.outcome();
            progress.finish();
            outcome.scenario.file = visible(&file.display().to_string()).into_owned();
            outcome.scenario.overrides.clone_from(overrides);
            Ok(outcome)
        };
    let a = simulate(&scenarios[0], &sides[0])?;
    let b = simulate(&scenarios[1], &sides[1])?;
    let comparison = Comparison::of(&a, &b);
    super::say(&match (args.printing.format, quiet) {
        (Format::Json, _) => report::to_json(&comparison),
        (Format::Text, true) => report::comparison_verdicts(&comparison),
        (Format::Text, false) => report::comparison(&comparison),
    })?;
    Ok(Exit::Fine)
}
