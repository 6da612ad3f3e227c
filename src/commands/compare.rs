//! `simcap compare`: scenarios on the same random numbers. In: files, variants of one, or what runs of them have left. Out: a
//! page or JSON, and a picture if asked for.

mod side;

use std::io;

use serde::Serialize;
use simcap::comparison::{Comparison, Comparisons, FEWEST_RUNS, Letter, MOST_SIDES, Note, letter};
use simcap::number::counted;
use simcap::outcome::Outcome;
use simcap::report;
use simcap::rng::seed_of_run;
use simcap::units::Time;

use self::side::{Plan, Side};
use super::progress::Progress;
use crate::cli::{Compare, PageFormat, Seed, Voice};
use crate::exit::{CannotCompare, Exit};

pub fn compare(args: &Compare, voice: Voice) -> anyhow::Result<Exit> {
    let quiet = voice.quiet;
    let sides = sides(args)?;
    args.printing.probe()?;
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
    let progress = progress(&sides, plan.runs, args.printing.is_silent(quiet));
    let mut outcomes = Vec::new();
    for (at, side) in sides.iter().enumerate() {
        let (outcome, interruption) = side.simulate(&plan, &progress)?;
        if let (Some(outcome), None) = (&outcome, &interruption) {
            let done = format!("{} ({} of {})", report::side_done(letter(at), outcome), at + 1, sides.len());
            progress.line(&(done + &progress.left()));
        }
        outcomes.extend(outcome);
        if let Some(interruption) = interruption {
            progress.finish();
            show_apart(outcomes, sides.len(), args.printing.format, quiet)?;
            return Err(interruption.into());
        }
    }
    progress.finish();
    show(args, &sides, &outcomes, voice)?;
    if let Some(dir) = &args.out {
        let files = report::write_sides(&outcomes, dir, args.printing.charts())?;
        if let (PageFormat::Text, false) = (args.printing.format, quiet) {
            super::say::say(&report::comparison_files(&files))?;
        }
    }
    Ok(Exit::Fine)
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

/// What is compared, the first one first: files, or one file and its changed copies.
fn sides(args: &Compare) -> anyhow::Result<Vec<Side>> {
    let has_copy = args.others.is_empty() && (!args.set_b.is_empty() || args.variant.is_empty());
    if args.others.is_empty() && args.variant.is_empty() && args.set_a.is_empty() && args.set_b.is_empty() {
        return Err(CannotCompare::Itself.into());
    }
    if !args.others.is_empty() && !args.variant.is_empty() {
        return Err(CannotCompare::VariantOfSeveral { files: 1 + args.others.len() }.into());
    }
    let count = 1 + args.others.len() + usize::from(has_copy) + args.variant.len();
    if count > MOST_SIDES {
        return Err(CannotCompare::TooMany { sides: count }.into());
    }
    for (at, variant) in args.variant.iter().enumerate() {
        if args.variant[..at].iter().any(|other| other.name == variant.name) {
            return Err(CannotCompare::SameName { name: variant.name.clone() }.into());
        }
    }
    let with = |own: &[String]| [args.set.as_slice(), own].concat();
    let mut sides = vec![Side::load(&args.a, with(&args.set_a))?];
    let copy = has_copy.then_some(&args.a);
    for (at, file) in args.others.iter().chain(copy).enumerate() {
        let own = if at == 0 { args.set_b.as_slice() } else { &[] };
        sides.push(Side::load(file, with(own))?);
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

/// What two files ask for that only one of them gets, and what is not run.
fn notes(args: &Compare, first: &Side, other: &Side) -> Vec<Note> {
    let stored = [first.note(Letter::A), other.note(Letter::B)];
    let files = first.scenario().zip(other.scenario());
    let seed = files.filter(|(a, b)| args.seed.is_none() && a.seed != b.seed);
    let runs = files.filter(|(a, b)| args.runs.is_none() && a.runs != b.runs);
    let asked = [
        seed.map(|(a, b)| Note::Seed { a: a.seed, b: b.seed }),
        runs.map(|(a, b)| Note::Runs { a: a.runs, b: b.runs }),
    ];
    stored.into_iter().chain(asked).flatten().collect()
}

/// Two have a page of their own; more are a row each.
fn show(args: &Compare, sides: &[Side], outcomes: &[Outcome], voice: Voice) -> anyhow::Result<()> {
    let (format, quiet) = (args.printing.format, voice.quiet);
    let paper = super::say::paper(args.all || voice.verbose, false);
    if let [a, b] = outcomes {
        let mut comparison = Comparison::of(a, b);
        comparison.notes.splice(0..0, notes(args, &sides[0], &sides[1]));
        #[cfg(feature = "charts")]
        args.printing.write_html(|| report::html_of_comparison(&comparison, outcomes, &texts(sides)))?;
        super::say::say(&match (format, quiet) {
            (PageFormat::Json, _) => report::to_json(&comparison),
            (PageFormat::Markdown, _) => report::markdown_of_comparison(&comparison),
            (PageFormat::Csv, _) => report::comparisons_csv(std::slice::from_ref(&comparison)),
            (PageFormat::Text, true) => report::comparison_verdicts(&comparison),
            (PageFormat::Text, false) => report::comparison(&comparison, paper) + &dry_run(args, outcomes),
        })?;
        return Ok(());
    }
    let mut all = Comparisons::of(outcomes);
    for (comparison, other) in all.comparisons.iter_mut().zip(&sides[1..]) {
        comparison.notes.splice(0..0, notes(args, &sides[0], other));
    }
    #[cfg(feature = "charts")]
    args.printing.write_html(|| report::html_of_comparisons(&all, outcomes, &texts(sides)))?;
    super::say::say(&match (format, quiet) {
        (PageFormat::Json, _) => report::to_json(&all),
        (PageFormat::Markdown, _) => report::markdown_of_comparisons(&all),
        (PageFormat::Csv, _) => report::comparisons_csv(&all.comparisons),
        (PageFormat::Text, true) => report::comparisons_verdicts(&all),
        (PageFormat::Text, false) => report::comparisons(&all, paper),
    })?;
    Ok(())
}

/// The text of each file, once.
#[cfg(feature = "charts")]
fn texts(sides: &[Side]) -> Vec<report::Source> {
    let mut texts: Vec<report::Source> = Vec::new();
    for source in sides.iter().filter_map(Side::source) {
        if texts.iter().all(|it| it.path != source.path) {
            texts.push(source);
        }
    }
    texts
}

/// What the policies of two did, if that may be the question: where one is a variant, or a picture is asked for.
fn dry_run(args: &Compare, outcomes: &[Outcome]) -> String {
    let asked = !args.variant.is_empty() || args.out.is_some();
    let shown = asked.then(|| report::policies(&Comparisons::of(outcomes))).flatten();
    shown.map_or(String::new(), |text| format!("\n{text}"))
}

/// Results of two scenarios whose runs were interrupted. If one has fewer runs than the other they make no pairs, so
/// each is shown on its own.
#[derive(Serialize)]
struct Apart {
    a: Option<Outcome>,
    b: Option<Outcome>,
}

/// The same of more than two.
#[derive(Serialize)]
struct ManyApart {
    sides: Vec<Option<Outcome>>,
}

fn show_apart(known: Vec<Outcome>, sides: usize, format: PageFormat, quiet: bool) -> io::Result<()> {
    let mut known: Vec<Option<Outcome>> = known.into_iter().map(Some).collect();
    known.resize_with(sides, || None);
    if let PageFormat::Json = format {
        return super::say::say(&match <[_; 2]>::try_from(known) {
            Ok([a, b]) => report::to_json(&Apart { a, b }),
            Err(sides) => report::to_json(&ManyApart { sides }),
        });
    }
    // Without pairs there is no difference to put into a row.
    if let PageFormat::Csv = format {
        return Ok(());
    }
    let side = |(at, outcome): (usize, &Option<Outcome>)| match (letter(at), outcome) {
        (letter, None) => format!("{letter}  no results yet\n"),
        (letter, Some(outcome)) if format == PageFormat::Markdown => {
            format!("{letter}\n\n{}\n", report::markdown(outcome))
        }
        (letter, Some(outcome)) if quiet => format!("{letter}  {}\n", report::verdicts(outcome)),
        (letter, Some(outcome)) => format!("{letter}  {}\n", report::page(outcome, &[])),
    };
    let heading = "The comparison was ended early. Results so far, each scenario on its own:\n\n";
    super::say::say(&(heading.to_owned() + &known.iter().enumerate().map(side).collect::<String>()))
}
