//! What a study has found. In: the study, and what is kept of each of its runs. Out: [`Swept`]: for each point its figures with
//! intervals, its verdicts, and what was full.
//!
//! It has nothing of the machine, the time or the way in which the runs were shared out, so it is the same bytes however that was.

use serde::{Deserialize, Serialize};

use super::axis::Axis;
use super::head::{Head, choices};
use super::key::Key;
use crate::interval::Interval;
use crate::objective::quantity::Quantity;
use crate::objective::{Standing, Verdict};
use crate::outcome::digest::{Digest, Nearest, Together};
use crate::outcome::estimate::{Better, Estimate, Unit};

/// Version of the layout of `sweep.json`.
pub const VERSION: u32 = 1;

/// What a study has found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Swept {
    /// Layout version, [`VERSION`].
    pub version: u32,
    /// Version and sources of the simcap that made it.
    pub simcap: String,
    /// What identifies the study.
    pub study: Key,
    /// Title of the scenario.
    pub name: String,
    /// The scenario file, as it was named.
    pub file: String,
    /// Overrides of every point.
    pub overrides: Vec<String>,
    /// What is varied.
    pub axes: Vec<Axis>,
    /// The seed of each run of a point.
    pub seeds: Vec<u64>,
    /// Figures that were asked for beside the usual ones, in words.
    pub shown: Vec<String>,
    /// Each point; the last axis varies fastest.
    pub points: Vec<PointResult>,
}

/// What the runs of a point say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PointResult {
    /// Of each axis, the position of its value.
    pub choices: Vec<usize>,
    /// What is wrong with these values, which make no scenario; such a point has no runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// Verdict on each objective, in the order of the file.
    pub objectives: Vec<Judged>,
    /// Figures that have a value.
    pub figures: Vec<Figure>,
    /// What was full in most runs, the nearest limit first.
    pub full: Vec<String>,
    /// What is full first as the traffic grows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nearest: Option<Nearest>,
    /// What has no known price.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unpriced: Vec<String>,
}

/// A figure of a point.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// In words: `p99`, `checkout errors`.
    pub name: String,
    /// What it is counted in.
    pub unit: Unit,
    /// Which way it should go.
    pub better: Better,
    /// Of all runs.
    pub value: f64,
    /// Where the expectation lies; absent with a single run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<Interval>,
}

/// The verdict on an objective at a point.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// As written: `latency p99 < 800ms`.
    pub objective: String,
    /// What the runs say together.
    pub standing: Standing,
    /// Whether it is met; what the exit code goes by.
    pub met: bool,
    /// How many runs met it.
    pub runs_met: usize,
    /// What all runs came to together, in words.
    pub observed: String,
    /// The figure that it bounds, if that is one of the point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figure: Option<String>,
    /// The limit, in the unit of that figure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<f64>,
}

impl Swept {
    /// Puts a study together; `runs` gives what is kept of the runs of a point, in the order of the seeds, or what is wrong with its values.
    /// `shown` names figures that are kept beside the usual ones.
    ///
    /// # Errors
    /// That of `runs`.
    pub fn of<E>(
        head: &Head,
        shown: &[String],
        mut runs: impl FnMut(usize) -> Result<Result<Vec<Digest>, String>, E>,
    ) -> Result<Swept, E> {
        let mut points = Vec::new();
        for at in 0..head.points() {
            let (together, problem) = match runs(at)? {
                Ok(runs) => (Together::of(&runs), None),
                Err(problem) => (None, Some(problem)),
            };
            points.push(PointResult::of(choices(&head.axes, at), problem, together, shown));
        }
        let Head { simcap, study, name, file, overrides, axes, seeds } = head.clone();
        let (version, shown) = (VERSION, shown.to_vec());
        Ok(Swept { version, simcap, study, name, file, overrides, axes, seeds, shown, points })
    }

    /// The values of a point, one of each axis.
    pub fn labels<'s>(&'s self, point: &PointResult) -> Vec<&'s str> {
        self.axes.iter().zip(&point.choices).map(|(axis, at)| axis.choices[*at].label.as_str()).collect()
    }

    /// The point that meets every objective at the least cost; of equal ones the first. Of what may or may not meet one, and of what has
    /// no price, it is none.
    pub fn cheapest(&self) -> Option<&PointResult> {
        cheapest(self.points.iter().filter(|it| it.surely_meets_all() && it.unpriced.is_empty()))
    }

    /// The cheapest point that may meet every objective, if it is cheaper than that which does; or if none does.
    pub fn cheapest_unsure(&self) -> Option<&PointResult> {
        let unsure = |it: &&PointResult| it.meets_all() && !it.surely_meets_all() && it.unpriced.is_empty();
        let unsure = cheapest(self.points.iter().filter(unsure))?;
        let cheaper = self.cheapest().is_none_or(|sure| unsure.cost() < sure.cost());
        cheaper.then_some(unsure)
    }

    /// Whether any point has an objective that it can miss.
    pub fn has_objectives(&self) -> bool {
        self.points.iter().any(|it| !it.objectives.is_empty())
    }
}

fn cheapest<'p>(points: impl Iterator<Item = &'p PointResult>) -> Option<&'p PointResult> {
    points.reduce(|best, next| if next.cost() < best.cost() { next } else { best })
}

impl PointResult {
    pub(crate) fn of(
        choices: Vec<usize>,
        problem: Option<String>,
        together: Option<Together>,
        shown: &[String],
    ) -> PointResult {
        let Some(together) = together else {
            let (objectives, figures, full, unpriced) = Default::default();
            return PointResult { choices, problem, objectives, figures, full, nearest: None, unpriced };
        };
        let bounded: Vec<Option<&Quantity>> =
            together.objectives.iter().map(|it| it.bound.as_ref().map(|it| &it.of)).collect();
        let is_kept = |it: &&Estimate| {
            // The figures of every resource would be most of the file.
            let is_usual = !matches!(it.of, Some(Quantity::Figure(_)));
            is_usual || bounded.contains(&it.of.as_ref()) || shown.contains(&it.name)
        };
        PointResult {
            choices,
            problem,
            objectives: together.objectives.iter().map(Judged::from).collect(),
            figures: together.figures.iter().filter(is_kept).map(Figure::from).collect(),
            full: together.full,
            nearest: together.nearest,
            unpriced: together.unpriced,
        }
    }

    /// A figure by its words.
    pub fn figure(&self, name: &str) -> Option<&Figure> {
        self.figures.iter().find(|it| it.name == name)
    }

    /// Its cost; infinite where there is none.
    fn cost(&self) -> f64 {
        self.figure("cost").map_or(f64::INFINITY, |it| it.value)
    }

    /// Whether it has runs, and these say of every objective that it is met.
    pub fn surely_meets_all(&self) -> bool {
        self.meets_all() && self.missed() == (0, 0)
    }

    /// Whether it has runs, and these meet every objective.
    pub fn meets_all(&self) -> bool {
        self.problem.is_none() && self.objectives.iter().all(|it| it.met)
    }

    /// How many objectives it misses, and of how many nobody can tell.
    pub fn missed(&self) -> (usize, usize) {
        let count = |standing| self.objectives.iter().filter(|it| it.standing == standing).count();
        (count(Standing::Missed), count(Standing::CannotTell))
    }
}

impl From<&Estimate> for Figure {
    fn from(it: &Estimate) -> Figure {
        Figure {
            name: it.name.clone(),
            unit: it.unit,
            better: it.better,
            value: it.value,
            interval: it.interval,
        }
    }
}

impl From<&Verdict> for Judged {
    fn from(it: &Verdict) -> Judged {
        Judged {
            objective: it.objective.clone(),
            standing: it.standing,
            met: it.met,
            runs_met: it.runs_met,
            observed: it.observed.clone(),
            figure: it.figure.clone(),
            limit: it.bound.as_ref().filter(|_| it.figure.is_some()).map(|it| it.limit),
        }
    }
}
