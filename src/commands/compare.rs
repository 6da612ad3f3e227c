//! `simcap compare`: scenarios on the same random numbers. In: files, variants of one, or what runs of them have left, and the
//! rules of a gate. Out: a page, JSON or verdicts, a picture if asked for, and whether the gate is passed.

mod shown;
mod side;

use std::time::Instant;

use simcap::comparison::{FEWEST_RUNS, Figures, MOST_SIDES, Rule, letter};
use simcap::number::counted;
use simcap::outcome::estimate::Quantity;
use simcap::report;
use simcap::rng::seed_of_run;
use simcap::scenario;
use simcap::units::Time;

use self::shown::Found;
use self::side::{Plan, Side};
use super::progress::Progress;
use crate::cli::{Compare, Seed, VerdictFormat, Voice};
use crate::exit::{CannotCompare, Exit};

pub fn compare(args: &Compare, voice: Voice) -> anyhow::Result<Exit> {
    let quiet = voice.quiet;
    let sides = sides(args)?;
    let figures: Vec<Figures> = sides.iter().map(Side::figures).collect();
    let rules: Vec<Rule> =
        args.fail_if.iter().map(|text| Rule::parse(text, &figures)).collect::<Result<_, _>>()?;
    args.printing.probe()?;
    args.out.as_ref().map_or(Ok(()), |_| sides.iter().try_for_each(Side::has_rows))?;
    let guard = super::stop::guard(&args.limits)?;
    let plan = Plan {
        seed: seed(args.seed, &sides),
        runs: runs(args.runs, &sides),
        threads: args.threads.map(usize::from),
        guard: &guard,
    };
    let seeds: Vec<u64> = (0..plan.runs).map(|run| seed_of_run(plan.seed, run)).collect();
    sides.iter().try_for_each(|side| side.has_seeds(&seeds))?;
    let files = sides.iter().enumerate().filter_map(|(at, side)| Some((letter(at), side.scenario()?)));
    super::warnings::print_each(files, plan.runs as u32, quiet);
    let progress =
        progress(&sides, plan.runs, args.printing.is_silent(quiet, args.format == VerdictFormat::Text));
    let (mut outcomes, mut took) = (Vec::new(), Vec::new());
    for (at, side) in sides.iter().enumerate() {
        let followed: Vec<Quantity> = rules.iter().filter_map(|rule| rule.figure(at).cloned()).collect();
        let began = Instant::now();
        let (outcome, interruption) = side.simulate(&plan, &followed, &progress)?;
        took.push(side.scenario().map(|_| began.elapsed()));
        if let (Some(outcome), None) = (&outcome, &interruption) {
            let done = format!("{} ({} of {})", report::side_done(letter(at), outcome), at + 1, sides.len());
            progress.line(&(done + &progress.left()));
        }
        outcomes.extend(outcome);
        if let Some(interruption) = interruption {
            progress.finish();
            shown::show_apart(outcomes, sides.len(), args.format, quiet)?;
            return Err(interruption.into());
        }
    }
    progress.finish();
    let found = Found { sides: &sides, outcomes: &outcomes, took: &took, rules: &rules };
    let passed = shown::show(args, &found, voice)?;
    if let Some(dir) = &args.out {
        let files = report::write_sides(&outcomes, dir, args.printing.charts())?;
        if let (VerdictFormat::Text, false) = (args.format, quiet) {
            super::say::say(&report::comparison_files(&files))?;
        }
    }
    // Objectives do not set the exit code of a comparison unless a rule is about them: A may miss them, too.
    Ok(super::say::verdict(passed))
}

/// One end for all runs of all sides that are to be run.
fn progress(sides: &[Side], runs: usize, silent: bool) -> Progress {
    let events: Vec<Time> = sides.iter().filter_map(Side::scenario).map(|it| it.duration).collect();
    let simulated = events.iter().map(|it| it.0.saturating_mul(runs as u64)).fold(0, u64::saturating_add);
    let what = match (runs, events.len()) {
        (1, scenarios) => format!("a run of each of {}", counted(scenarios as u64, "scenario")),
        (runs, scenarios) => format!("{runs} runs of each of {}", counted(scenarios as u64, "scenario")),
    };
    Progress::of_all(Time(simulated), what, silent)
}

/// What is compared, the first one first: files, one file and its changed copies, and before them a baseline.
fn sides(args: &Compare) -> anyhow::Result<Vec<Side>> {
    let is_alone = args.others.is_empty() && args.baseline.is_none();
    let has_copy = is_alone && (!args.set_b.is_empty() || args.variant.is_empty());
    if is_alone && args.variant.is_empty() && args.set_a.is_empty() && args.set_b.is_empty() {
        // What is no scenario at all, such as a study, is told of first.
        if args.a.extension().is_some_and(|it| it == "toml") {
            scenario::load(&args.a, &[])?;
        }
        return Err(CannotCompare::Itself.into());
    }
    if !args.others.is_empty() && !args.variant.is_empty() {
        return Err(CannotCompare::VariantOfSeveral { files: 1 + args.others.len() }.into());
    }
    let more = [has_copy, args.baseline.is_some()].into_iter().filter(|it| *it).count();
    let count = 1 + more + args.others.len() + args.variant.len();
    if count > MOST_SIDES {
        return Err(CannotCompare::TooMany { sides: count }.into());
    }
    for (at, variant) in args.variant.iter().enumerate() {
        if args.variant[..at].iter().any(|other| other.name == variant.name) {
            return Err(CannotCompare::SameName { name: variant.name.clone() }.into());
        }
    }
    let baseline = args.baseline.iter().map(|path| Side::baseline(path, &args.a));
    let mut sides: Vec<Side> = baseline.collect::<Result<_, _>>()?;
    for file in [&args.a].into_iter().chain(&args.others).chain(has_copy.then_some(&args.a)) {
        let own = match sides.len() {
            0 => args.set_a.as_slice(),
            1 => args.set_b.as_slice(),
            _ => &[],
        };
        sides.push(Side::load(file, [args.set.as_slice(), own].concat())?);
    }
    for variant in &args.variant {
        sides.push(Side::vary(&args.a, &args.set, variant)?);
    }
    Ok(sides)
}

/// The seed of the command line, else that of a stored outcome, else that of the first file.
fn seed(asked: Option<Seed>, sides: &[Side]) -> u64 {
    let stored = || sides.iter().find_map(Side::stored).map(|it| it.scenario.seed);
    match asked {
        Some(Seed::Number(seed)) => seed,
        Some(Seed::Random) => super::seed::random_seed(),
        None => stored().or(sides[0].scenario().map(|it| it.seed)).unwrap_or_default(),
    }
}

/// As many runs as the command line says, else as a stored outcome has, else the most that a file says.
fn runs(asked: Option<u32>, sides: &[Side]) -> usize {
    let stored = || sides.iter().find_map(Side::stored).map(|it| it.runs.count);
    let files = || sides.iter().filter_map(Side::scenario).map(|it| it.runs);
    let most = || files().fold(FEWEST_RUNS.value, u32::max) as usize;
    asked.map(|runs| runs as usize).or_else(stored).unwrap_or_else(most)
}
