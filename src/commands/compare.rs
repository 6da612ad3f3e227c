//! `simcap compare`: two scenarios on the same random numbers. In: one or two files. Out: a page or JSON.

use std::io;
use std::path::Path;

use serde::Serialize;
use simcap::comparison::{Comparison, FEWEST_RUNS};
use simcap::ensemble::{Ensemble, Interruption};
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
    let runs = args.runs.unwrap_or_else(enough) as usize;
    let silent = args.printing.is_silent(quiet);
    let guard = super::stop::guard(&args.limits)?;
    let simulate =
        |scenario: &Scenario, (file, overrides): &(&Path, Vec<String>)| -> anyhow::Result<Simulated> {
            super::warnings::print_all(scenario, runs as u32, quiet);
            let progress = Progress::new(scenario.duration, silent);
            let tell = |told| progress.tell(told);
            let threads = args.threads.map(usize::from);
            let mut ensemble = Ensemble::new(scenario, seed, threads, &[], &tell)?.guarded(&guard);
            ensemble.extend_to(runs);
            let mut outcome = match ensemble.interruption() {
                None => Some(ensemble.outcome()),
                Some(_) => ensemble.partial_outcome(),
            };
            let interruption = ensemble.into_interruption();
            progress.finish();
            if let Some(outcome) = &mut outcome {
                outcome.scenario.file = visible(&file.display().to_string()).into_owned();
                outcome.scenario.overrides.clone_from(overrides);
            }
            Ok((outcome, interruption))
        };
    let (a, mut interruption) = simulate(&scenarios[0], &sides[0])?;
    let mut b = None;
    if interruption.is_none() {
        (b, interruption) = simulate(&scenarios[1], &sides[1])?;
    }
    let (a, b) = match (a, b, interruption) {
        (Some(a), Some(b), None) => (a, b),
        (a, b, interruption) => {
            show_apart(&Apart { a, b }, args.printing.format, quiet)?;
            return Err(interruption.expect("runs that nothing ended have an outcome").into());
        }
    };
    let comparison = Comparison::of(&a, &b);
    super::say(&match (args.printing.format, quiet) {
        (Format::Json, _) => report::to_json(&comparison),
        (Format::Text, true) => report::comparison_verdicts(&comparison),
        (Format::Text, false) => report::comparison(&comparison),
    })?;
    Ok(Exit::Fine)
}

/// The outcome of one scenario, and why it has fewer runs than planned.
type Simulated = (Option<Outcome>, Option<Interruption>);

/// Results of two scenarios whose runs were interrupted. If one has fewer runs than the other they make no pairs, so
/// each is shown on its own.
#[derive(Serialize)]
struct Apart {
    a: Option<Outcome>,
    b: Option<Outcome>,
}

fn show_apart(known: &Apart, format: Format, quiet: bool) -> io::Result<()> {
    if let Format::Json = format {
        return super::say(&report::to_json(known));
    }
    let side = |letter: &str, outcome: &Option<Outcome>| match outcome {
        None => format!("{letter}  no results yet\n"),
        Some(outcome) if quiet => format!("{letter}  {}\n", report::verdicts(outcome)),
        Some(outcome) => format!("{letter}  {}\n", report::page(outcome, &[])),
    };
    let heading = "The comparison was ended early. Results so far, each scenario on its own:\n\n";
    super::say(&[heading.into(), side("A", &known.a), side("B", &known.b)].concat())
}
