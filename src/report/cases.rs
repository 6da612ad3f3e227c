//! Verdicts one by one, for tools that read test results. In: an [`Outcome`], or those of a comparison with it. Out: [`Suite`]s.
//!
//! A case fails exactly where the exit code says so. An objective that a side of a comparison misses is no failure there: the rules
//! of a gate decide, and `objectives worse` is one of them.

use std::time::Duration;

use super::comparison::words_of_rule;
use super::terminal::cut_short;
use crate::comparison::{Comparison, Ruling, letter};
use crate::outcome::{Outcome, Standing};

/// All cases of one side.
#[derive(Clone, Debug)]
pub struct Suite {
    /// Its letter and the title of its scenario.
    pub(super) name: String,
    /// Its scenario, in one word.
    pub(super) slug: String,
    /// The file, as the command was given it.
    pub(super) file: String,
    /// What was run, in words.
    pub(super) facts: Vec<(&'static str, String)>,
    /// How long the runs took.
    pub(super) took: Option<Duration>,
    pub(super) cases: Vec<Case>,
}

/// An objective or a rule.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub what: What,
    /// As written.
    pub name: String,
    pub came: Came,
    /// What was observed.
    pub words: String,
}

/// What is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Objective,
    Rule,
}

/// What came of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Came {
    Passed,
    Failed,
    /// The runs do not tell, and the exit code does not fail by it.
    Open,
    /// Missed by a side of a comparison, which fails by its rules alone.
    Missed,
    /// The runs were ended early.
    Ended,
}

/// One side of a comparison.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// What it came to.
    pub outcome: &'a Outcome,
    /// How long its runs took; absent if it was stored.
    pub took: Option<Duration>,
    /// It against the first side; absent of the first side itself.
    pub comparison: Option<&'a Comparison>,
}

/// The cases of a run: its objectives.
pub fn of_outcome(outcome: &Outcome, took: Option<Duration>) -> Vec<Suite> {
    let ended = cut_short(outcome);
    let cases = outcome.objectives.iter().map(|verdict| {
        let came = match verdict.standing {
            _ if ended.is_some() => Came::Ended,
            Standing::Met => Came::Passed,
            // What the runs do not tell fails where the estimate of all of them decides so: as the exit code does.
            _ if !verdict.met => Came::Failed,
            Standing::CannotTell | Standing::Missed => Came::Open,
        };
        let words = match &ended {
            Some(why) => format!("{} so far; {why}", verdict.words()),
            None => verdict.words(),
        };
        let open = verdict.standing == Standing::CannotTell && came == Came::Failed;
        let words = if open { format!("cannot tell, but together: {words}") } else { words };
        Case { what: What::Objective, name: verdict.objective.clone(), came, words }
    });
    vec![suite(None, outcome, took, cases.collect())]
}

/// The cases of a comparison: the objectives of each side, and the rules of each but the first.
pub fn of_sides(sides: &[Side<'_>]) -> Vec<Suite> {
    let of_side = |(at, side): (usize, &Side<'_>)| {
        let objectives = side.outcome.objectives.iter().map(|verdict| {
            let came = match verdict.standing {
                Standing::Met => Came::Passed,
                Standing::Missed => Came::Missed,
                Standing::CannotTell => Came::Open,
            };
            Case { what: What::Objective, name: verdict.objective.clone(), came, words: verdict.words() }
        });
        let rules = side.comparison.iter().flat_map(|it| &it.rules).map(|ruled| {
            let came = match ruled.ruling {
                Ruling::Passed => Came::Passed,
                Ruling::CannotTell => Came::Open,
                Ruling::Failed => Came::Failed,
            };
            Case { what: What::Rule, name: ruled.rule.clone(), came, words: words_of_rule(ruled) }
        });
        suite(Some(letter(at)), side.outcome, side.took, rules.chain(objectives).collect())
    };
    sides.iter().enumerate().map(of_side).collect()
}

fn suite(letter: Option<char>, outcome: &Outcome, took: Option<Duration>, cases: Vec<Case>) -> Suite {
    let scenario = &outcome.scenario;
    let seeds: Vec<String> = outcome.runs.seeds.iter().map(u64::to_string).collect();
    let mut facts = vec![
        ("scenario", scenario.file.clone()),
        ("region", scenario.region.clone()),
        ("runs", outcome.runs.count.to_string()),
        ("seeds", seeds.join(", ")),
        ("simcap", outcome.simcap.clone()),
    ];
    let overrides = scenario.overrides.join(", ");
    facts.extend((!overrides.is_empty()).then_some(("overrides", overrides)));
    Suite {
        name: letter.map_or(String::new(), |letter| format!("{letter}: ")) + &scenario.name,
        slug: scenario.slug.clone(),
        file: scenario.file.clone(),
        facts,
        took,
        cases,
    }
}
