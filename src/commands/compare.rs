//! `simcap compare`: two scenarios on the same random numbers. In: one or two files, or what runs of them
//! have left. Out: a page or JSON.

mod side;

use std::io;

use serde::Serialize;
use simcap::comparison::{Comparison, FEWEST_RUNS, Letter, Note};
use simcap::outcome::Outcome;
use simcap::report;
use simcap::rng::seed_of_run;

use self::side::{Plan, Side};
use crate::cli::{Compare, Format, Seed};
use crate::exit::{CannotCompare, Exit};

pub fn compare(args: &Compare, quiet: bool) -> anyhow::Result<Exit> {
    if args.b.is_none() && args.set_a.is_empty() && args.set_b.is_empty() {
        return Err(CannotCompare::Itself.into());
    }
    let both = |own: &[String]| [args.set.as_slice(), own].concat();
    let first = Side::load(&args.a, both(&args.set_a))?;
    let second = Side::load(args.b.as_deref().unwrap_or(&args.a), both(&args.set_b))?;
    let guard = super::stop::guard(&args.limits)?;
    let plan = Plan {
        seed: seed(args.seed, &first, &second),
        runs: runs(args.runs, &first, &second),
        threads: args.threads.map(usize::from),
        guard: &guard,
        silent: args.printing.is_silent(quiet),
        quiet,
    };
    let seeds: Vec<u64> = (0..plan.runs).map(|run| seed_of_run(plan.seed, run)).collect();
    first.has_seeds(&seeds)?;
    second.has_seeds(&seeds)?;
    let (a, mut interruption) = first.simulate(&plan)?;
    let mut b = None;
    if interruption.is_none() {
        (b, interruption) = second.simulate(&plan)?;
    }
    let (a, b) = match (a, b, interruption) {
        (Some(a), Some(b), None) => (a, b),
        (a, b, interruption) => {
            show_apart(&Apart { a, b }, args.printing.format, quiet)?;
            return Err(interruption.expect("runs that nothing ended have an outcome").into());
        }
    };
    let mut comparison = Comparison::of(&a, &b);
    comparison.notes.splice(0..0, notes(args, &first, &second));
    super::say::say(&match (args.printing.format, quiet) {
        (Format::Json, _) => report::to_json(&comparison),
        (Format::Text, true) => report::comparison_verdicts(&comparison),
        (Format::Text, false) => report::comparison(&comparison),
    })?;
    Ok(Exit::Fine)
}

/// The seed of the command line, else that of a stored outcome, else that of the first file.
fn seed(asked: Option<Seed>, first: &Side, second: &Side) -> u64 {
    let stored = || [first, second].into_iter().find_map(Side::stored).map(|it| it.scenario.seed);
    match asked {
        Some(Seed::Number(seed)) => seed,
        Some(Seed::Random) => super::seed::random_seed(),
        None => stored().or(first.scenario().map(|it| it.seed)).unwrap_or_default(),
    }
}

/// As many runs as the command line says, else as a stored outcome has, else the most that a file says.
fn runs(asked: Option<u32>, first: &Side, second: &Side) -> usize {
    let sides = [first, second];
    let stored = || sides.into_iter().find_map(Side::stored).map(|it| it.runs.count);
    let files = || sides.into_iter().filter_map(Side::scenario).map(|it| it.runs);
    let most = || files().fold(FEWEST_RUNS.value, u32::max) as usize;
    asked.map(|runs| runs as usize).or_else(stored).unwrap_or_else(most)
}

/// What the two files ask for that only one of them gets, and what is not run.
fn notes(args: &Compare, first: &Side, second: &Side) -> Vec<Note> {
    let stored = [first.note(Letter::A), second.note(Letter::B)];
    let files = first.scenario().zip(second.scenario());
    let seed = files.filter(|(a, b)| args.seed.is_none() && a.seed != b.seed);
    let runs = files.filter(|(a, b)| args.runs.is_none() && a.runs != b.runs);
    let asked = [
        seed.map(|(a, b)| Note::Seed { a: a.seed, b: b.seed }),
        runs.map(|(a, b)| Note::Runs { a: a.runs, b: b.runs }),
    ];
    stored.into_iter().chain(asked).flatten().collect()
}

/// Results of two scenarios whose runs were interrupted. If one has fewer runs than the other they make no pairs, so
/// each is shown on its own.
#[derive(Serialize)]
struct Apart {
    a: Option<Outcome>,
    b: Option<Outcome>,
}

fn show_apart(known: &Apart, format: Format, quiet: bool) -> io::Result<()> {
    if let Format::Json = format {
        return super::say::say(&report::to_json(known));
    }
    let side = |letter: &str, outcome: &Option<Outcome>| match outcome {
        None => format!("{letter}  no results yet\n"),
        Some(outcome) if quiet => format!("{letter}  {}\n", report::verdicts(outcome)),
        Some(outcome) => format!("{letter}  {}\n", report::page(outcome, &[])),
    };
    let heading = "The comparison was ended early. Results so far, each scenario on its own:\n\n";
    super::say::say(&[heading.into(), side("A", &known.a), side("B", &known.b)].concat())
}
