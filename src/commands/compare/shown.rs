//! What `simcap compare` prints. In: sides with their outcomes. Out: a page, JSON, or verdicts; an HTML file if asked for.

use std::io;
use std::time::Duration;

use serde::Serialize;
use simcap::comparison::{Comparison, Comparisons, Letter, Note, Rule, Ruling, letter};
use simcap::outcome::Outcome;
use simcap::report;

use super::side::Side;
use crate::cli::{Compare, VerdictFormat, Voice};
use crate::commands::say;

/// What is known of all sides, in their order.
pub(super) struct Found<'a> {
    pub sides: &'a [Side],
    pub outcomes: &'a [Outcome],
    /// How long the runs of each took; absent if it was stored.
    pub took: &'a [Option<Duration>],
    pub rules: &'a [Rule],
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

/// Prints it, and returns whether every rule has passed. Two have a page of their own; more are a row each.
pub(super) fn show(args: &Compare, found: &Found<'_>, voice: Voice) -> anyhow::Result<bool> {
    let Found { sides, outcomes, .. } = *found;
    let noted = |comparison: &mut Comparison, other: &Side| {
        comparison.notes.splice(0..0, notes(args, &sides[0], other));
        comparison.judged_by(found.rules, args.fail_if_unsure);
    };
    if let [a, b] = outcomes {
        let mut comparison = Comparison::of(a, b);
        noted(&mut comparison, &sides[1]);
        #[cfg(feature = "charts")]
        args.printing.write_html(|| report::html_of_comparison(&comparison, outcomes, &texts(sides)))?;
        let comparisons = std::slice::from_ref(&comparison);
        print(
            args,
            found,
            comparisons,
            voice,
            &Printed {
                json: &|| report::to_json(&comparison),
                markdown: &|| report::markdown_of_comparison(&comparison),
                verdicts: &|| report::comparison_verdicts(&comparison),
                page: &|paper| report::comparison(&comparison, paper) + &dry_run(args, outcomes),
            },
        )?;
        return Ok(has_passed(comparisons));
    }
    let mut all = Comparisons::of(outcomes);
    for (comparison, other) in all.comparisons.iter_mut().zip(&sides[1..]) {
        noted(comparison, other);
    }
    #[cfg(feature = "charts")]
    args.printing.write_html(|| report::html_of_comparisons(&all, outcomes, &texts(sides)))?;
    print(
        args,
        found,
        &all.comparisons,
        voice,
        &Printed {
            json: &|| report::to_json(&all),
            markdown: &|| report::markdown_of_comparisons(&all),
            verdicts: &|| report::comparisons_verdicts(&all),
            page: &|paper| report::comparisons(&all, paper),
        },
    )?;
    Ok(has_passed(&all.comparisons))
}

/// Whether no rule has failed.
fn has_passed(comparisons: &[Comparison]) -> bool {
    comparisons.iter().flat_map(|it| &it.rules).all(|it| it.ruling != Ruling::Failed)
}

/// The ways in which two sides, or more, are written.
struct Printed<'a> {
    json: &'a dyn Fn() -> String,
    markdown: &'a dyn Fn() -> String,
    verdicts: &'a dyn Fn() -> String,
    page: &'a dyn Fn(report::Paper) -> String,
}

fn print(
    args: &Compare,
    found: &Found<'_>,
    comparisons: &[Comparison],
    voice: Voice,
    printed: &Printed<'_>,
) -> anyhow::Result<()> {
    let sides =
        found.outcomes.iter().zip(found.took).enumerate().map(|(at, (outcome, took))| report::CaseSide {
            outcome,
            took: *took,
            comparison: at.checked_sub(1).and_then(|at| comparisons.get(at)),
        });
    args.printing.write_json(printed.json)?;
    let suites = || report::cases_of_sides(&sides.clone().collect::<Vec<_>>());
    say::say(&match (args.format, voice.quiet) {
        (VerdictFormat::Json, _) => (printed.json)(),
        (VerdictFormat::Markdown, _) => (printed.markdown)(),
        (VerdictFormat::Csv, _) => report::comparisons_csv(comparisons),
        (VerdictFormat::Junit, _) => {
            say::gate(comparisons, voice);
            report::junit(&suites())
        }
        (VerdictFormat::Github, _) => {
            say::summarise(&(printed.markdown)())?;
            report::github(&suites())
        }
        (VerdictFormat::Text, true) => (printed.verdicts)(),
        (VerdictFormat::Text, false) => (printed.page)(say::paper(args.all || voice.verbose, false)),
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

pub(super) fn show_apart(
    known: Vec<Outcome>,
    sides: usize,
    format: VerdictFormat,
    quiet: bool,
) -> io::Result<()> {
    let mut known: Vec<Option<Outcome>> = known.into_iter().map(Some).collect();
    known.resize_with(sides, || None);
    if let VerdictFormat::Json = format {
        return say::say(&match <[_; 2]>::try_from(known) {
            Ok([a, b]) => report::to_json(&Apart { a, b }),
            Err(sides) => report::to_json(&ManyApart { sides }),
        });
    }
    // Without pairs there is no difference to put into a row, and no verdict on one.
    if let VerdictFormat::Csv | VerdictFormat::Junit | VerdictFormat::Github = format {
        return Ok(());
    }
    let side = |(at, outcome): (usize, &Option<Outcome>)| match (letter(at), outcome) {
        (letter, None) => format!("{letter}  no results yet\n"),
        (letter, Some(outcome)) if format == VerdictFormat::Markdown => {
            format!("{letter}\n\n{}\n", report::markdown(outcome))
        }
        (letter, Some(outcome)) if quiet => format!("{letter}  {}\n", report::verdicts(outcome)),
        (letter, Some(outcome)) => format!("{letter}  {}\n", report::page(outcome, &[])),
    };
    let heading = "The comparison was ended early. Results so far, each scenario on its own:\n\n";
    say::say(&(heading.to_owned() + &known.iter().enumerate().map(side).collect::<String>()))
}
