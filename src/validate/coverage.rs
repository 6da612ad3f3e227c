//! Measures how often the intervals hold the true value: `simcap validate --coverage`.
//!
//! In: scenarios with exact answers, and a number of bases: each is the first seed of a separate ensemble. Out: for
//! each figure and number of runs, how many of the ensembles had an interval that held the answer, and how wide it was.
//! The scenarios are hard on purpose: short, busy, with a few bad days that make the tail.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::suite::Partial;
use crate::comparison::Comparison;
use crate::guard::Guard;
use crate::interval::Interval;
use crate::model;
use crate::outcome::estimate::Quantity;
use crate::outcome::runs::Runs;
use crate::rng::seed_of_run;
use crate::scenario::{self, Scenario};

/// The numbers of runs at which intervals are checked.
pub const RUNS: [usize; 4] = [2, 5, 8, 20];
/// Ensembles of each scenario by default: a share of 0.95 is then known to ± 3 points.
pub const BASES: u64 = 200;

/// A scenario with exact answers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Name in words.
    pub name: String,
    /// Where the answers come from.
    pub origin: String,
    /// The scenario as a file.
    pub scenario: String,
    /// The override for a second scenario; the answers are then the differences between the two.
    #[serde(default)]
    pub changed: Option<String>,
    /// Answers by figure, in milliseconds.
    pub expect: BTreeMap<String, f64>,
}

/// How often the intervals of all cases held.
#[derive(Clone, Debug, Serialize)]
pub struct Coverage {
    /// Ensembles of each case.
    pub bases: u64,
    /// The cases.
    pub cases: Vec<CaseCoverage>,
    /// What is missing if the measurement was interrupted: then only complete cases are included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partial: Option<Partial>,
}

/// How often the intervals of a case held.
#[derive(Clone, Debug, Serialize)]
pub struct CaseCoverage {
    /// Name in words.
    pub name: String,
    /// Where the answers come from.
    pub origin: String,
    /// One for each figure.
    pub figures: Vec<FigureCoverage>,
}

/// How often the intervals of a figure held.
#[derive(Clone, Debug, Serialize)]
pub struct FigureCoverage {
    /// The figure: `p99`.
    pub figure: String,
    /// The answer in milliseconds.
    pub expected: f64,
    /// One for each of [`RUNS`] that gives an interval.
    pub by_runs: Vec<Held>,
}

/// How often the intervals over a number of runs held.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Held {
    /// Runs of each ensemble.
    pub runs: usize,
    /// Ensembles whose interval held the answer.
    pub held: u64,
    /// Lower end of the median interval over the answer, less one.
    pub low: f64,
    /// Upper end of the median interval over the answer, less one.
    pub high: f64,
}

/// The cases, in the order of the report.
pub fn cases() -> Vec<Case> {
    #[derive(Deserialize)]
    struct File {
        case: Vec<Case>,
    }
    let file: File = toml::from_str(include_str!("coverage.toml")).expect("the cases are well formed");
    file.case
}

/// Measures the given cases, until `guard` interrupts it; `done` is called for every ensemble.
#[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
pub fn run(cases: &[Case], bases: u64, guard: &Guard, done: &(dyn Fn(usize) + Sync)) -> Coverage {
    let measured = cases.iter().map_while(|case| {
        let seeds: Vec<u64> = (1..=bases).collect();
        let ensembles: Vec<Vec<Vec<Option<Interval>>>> = seeds
            .par_iter()
            .with_max_len(1)
            .map(|base| {
                let found = case.intervals(*base, guard)?;
                done(1);
                Some(found)
            })
            .collect::<Option<_>>()?;
        let figures = case.expect.iter().enumerate().map(|(figure, (name, &expected))| {
            let by_runs = RUNS.iter().enumerate().filter_map(|(count, &runs)| {
                let intervals = ensembles.iter().filter_map(|ensemble| ensemble[count][figure]);
                held(runs, expected, &intervals.collect::<Vec<_>>())
            });
            FigureCoverage { figure: name.clone(), expected, by_runs: by_runs.collect() }
        });
        let (name, origin) = (case.name.clone(), case.origin.clone());
        Some(CaseCoverage { name, origin, figures: figures.collect() })
    });
    let measured: Vec<CaseCoverage> = measured.collect();
    let partial = guard.reason().filter(|_| measured.len() < cases.len());
    let partial = partial.map(|reason| Partial {
        reason: reason.to_string(),
        cases: measured.len(),
        cases_planned: cases.len(),
    });
    Coverage { bases, cases: measured, partial }
}

impl Case {
    fn scenario(&self, overrides: &[String]) -> Scenario {
        let file = "coverage.toml";
        scenario::parse(file, self.scenario.as_bytes(), Path::new(""), overrides)
            .unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    /// The interval of each figure, for each number of runs; `None` if interrupted.
    fn intervals(&self, base: u64, guard: &Guard) -> Option<Vec<Vec<Option<Interval>>>> {
        let scenario = self.scenario(&[]);
        let changed = self.changed.as_ref().map(|changed| self.scenario(std::slice::from_ref(changed)));
        let mut one = Runs::new(&scenario, &[]);
        let mut other = changed.as_ref().map(|changed| Runs::new(changed, &[]));
        let most = RUNS[RUNS.len() - 1];
        let mut found = Vec::new();
        for run in 0..most {
            if guard.stops() {
                return None;
            }
            let seed = seed_of_run(base, run);
            one.add(seed, model::run(&scenario, seed, &mut |_| {}));
            if let (Some(runs), Some(changed)) = (&mut other, &changed) {
                runs.add(seed, model::run(changed, seed, &mut |_| {}));
            }
            if RUNS.contains(&(run + 1)) {
                found.push(self.read(&scenario, &one, other.as_ref()));
            }
        }
        Some(found)
    }

    /// The interval of each figure over the runs so far; of the difference if there are two scenarios.
    fn read(&self, scenario: &Scenario, one: &Runs<'_>, other: Option<&Runs<'_>>) -> Vec<Option<Interval>> {
        let figures = self.expect.keys().map(|words| Quantity::named(words, scenario));
        match other {
            None => {
                let estimates = one.estimates();
                let of = |figure: Option<Quantity>| {
                    estimates.iter().find(|it| figure.is_some() && it.of == figure)?.interval
                };
                figures.map(of).collect()
            }
            Some(other) => {
                let comparison = Comparison::of(&one.outcome(), &other.outcome());
                figures.map(|figure| comparison.figure(&figure?)?.interval).collect()
            }
        }
    }
}

/// How often the intervals of so many runs held the answer; nothing where so few runs have no interval.
fn held(runs: usize, expected: f64, intervals: &[Interval]) -> Option<Held> {
    if intervals.is_empty() {
        return None;
    }
    let middle = |end: &dyn Fn(&Interval) -> f64| {
        let mut ends: Vec<f64> = intervals.iter().map(|interval| end(interval) / expected - 1.0).collect();
        ends.sort_by(f64::total_cmp);
        ends.get(ends.len() / 2).copied().unwrap_or(f64::NAN)
    };
    let (low, high) = (middle(&|it| it.low), middle(&|it| it.high));
    Some(Held {
        runs,
        held: intervals.iter().filter(|interval| interval.holds(expected)).count() as u64,
        // For a negative answer the ends swap.
        low: low.min(high),
        high: low.max(high),
    })
}

impl Coverage {
    /// The result as a document.
    pub fn markdown(&self) -> String {
        let mut text = format!(
            "# How often the intervals hold\n\n\
             Each scenario has an exact answer. It was run {0} times over with other seeds, each time with 20 runs; the \
             95 % intervals of the\nfirst 2, 5, 8 and of all 20 runs were held against the answer. A percentage is how \
             many held it; by chance it is off\nby ± {1:.0} % in two cases of three. In brackets the ends of the \
             interval in the middle, in percent of the answer.\nNone: so few runs give no interval of this figure.\n\n\
             Made by `simcap validate --coverage --bases {0} --format markdown`:\n",
            self.bases,
            100.0 * (0.95 * 0.05 / self.bases as f64).sqrt()
        );
        if let Some(Partial { reason, cases, cases_planned }) = &self.partial {
            text.push_str(&format!(
                "\nPartial  ended early: {reason}; {cases} of {cases_planned} scenarios are measured\n"
            ));
        }
        for case in &self.cases {
            text.push_str(&format!("\n## {}\n\nAnswers: {}.\n\n", case.name, case.origin));
            let titles: String = RUNS.iter().map(|runs| format!(" {runs} runs |")).collect();
            text.push_str(&format!("| figure | answer |{titles}\n|---|--:|{}\n", "--:|".repeat(RUNS.len())));
            for figure in &case.figures {
                let of = |runs: &usize| figure.by_runs.iter().find(|held| held.runs == *runs);
                let cells: String = RUNS.iter().map(|runs| self.cell(of(runs))).collect();
                text.push_str(&format!("| {} | {} ms |{cells}\n", figure.figure, figure.expected));
            }
        }
        text
    }

    fn cell(&self, held: Option<&Held>) -> String {
        let Some(held) = held else { return " none |".into() };
        let share = 100.0 * held.held as f64 / self.bases as f64;
        format!(" {share:.1} % ({:+.0}, {:+.0}) |", 100.0 * held.low, 100.0 * held.high)
    }
}
