//! What a plan has found. In: the points with what stands of each, and what is kept of their runs. Out: [`Planned`].
//!
//! It has nothing of the machine, the time or of what was kept from before, so it is the same bytes however it was made.

use serde::{Deserialize, Serialize};

use super::options::Options;
use super::rare::Unseen;
use crate::study::{Axis, Key, PointResult};

/// Version of the layout of `plan.json`.
pub const VERSION: u32 = 1;

/// What a plan has found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Planned {
    /// Layout version, [`VERSION`].
    pub version: u32,
    /// Version and sources of the simcap that made it.
    pub simcap: String,
    /// What identifies the grid.
    pub study: Key,
    /// Title of the scenario.
    pub name: String,
    /// The scenario file, as it was named.
    pub file: String,
    /// Overrides of every point.
    pub overrides: Vec<String>,
    /// What there is to choose.
    pub axes: Vec<Axis>,
    /// The seed of the first run of each point.
    pub seed: u64,
    /// What was asked for.
    pub asked: Options,
    /// The latency that is shown beside the cost, in words: that of the first objective on one, else `p99`.
    pub latency: String,
    /// The limit of it in milliseconds, if it has one.
    pub limit_ms: Option<f64>,
    /// Every point of the grid; the last axis varies fastest.
    pub points: Vec<Candidate>,
    /// The position of the cheapest point that surely meets.
    pub best: Option<usize>,
    /// That of the next one.
    pub second: Option<usize>,
    /// Whether that one surely meets, too.
    pub second_is_sure: bool,
    /// Points that meet, or seem to, and whose cost cannot be told from that of the best one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alike: Vec<usize>,
    /// Most runs of a point.
    pub most_runs: usize,
    /// The share of days of which none may be among the runs of the best point: what happens more rarely is not seen.
    pub rarest: Option<f64>,
    /// What comes by chance, and too rarely to be among the runs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unseen: Vec<Unseen>,
    /// Points that cost less, and may or may not meet: their runs did not decide.
    pub unsure: Vec<usize>,
    /// What keeps the best one from being cheaper.
    pub binds: Option<Binds>,
    /// An objective on the bill that the best one misses, with what it comes to.
    pub over: Option<Missed>,
    /// Whether no point stood for another one: a number that grew did not help everywhere, or there was none.
    pub every: bool,
    /// Runs of all points, with those for the bill where the plan has a headroom.
    pub runs: usize,
    /// Runs of the whole grid, as sure as this: of every point as many as of the one that took most, and those for the bill.
    pub grid_runs: usize,
    /// The same without the faults of the scenario, if it has any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without_faults: Option<Box<Planned>>,
}

/// A point of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// Of each axis, the position of its value.
    pub choices: Vec<usize>,
    /// What became of it.
    pub fate: Fate,
    /// How many runs it had with all of the traffic.
    pub runs: usize,
    /// What it costs, with the traffic of the scenario: the mean of its runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_usd: Option<f64>,
    /// The latency that is shown, in milliseconds, with all of the traffic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_ms: Option<f64>,
    /// Whether no other point that was tried is both cheaper and faster.
    pub front: bool,
    /// What its runs say together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<PointResult>,
}

/// What became of a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// The cheapest that surely meets.
    Best,
    /// The next one that meets.
    Second,
    /// It surely meets, and costs more.
    Meets,
    /// It seems to meet, and costs more: nobody needs to know.
    SeemsToMeet,
    /// It surely misses an objective.
    Fails,
    /// It seems to miss an objective, and costs more, or one that costs more does surely.
    SeemsToFail,
    /// It has no run: one of its line that costs more misses.
    Below,
    /// It has no run: it costs more than the best one.
    Dearer,
    /// Its runs did not decide.
    Unsure,
    /// Its values make no scenario.
    NotPossible,
}

impl Fate {
    /// For people.
    pub fn text(self) -> &'static str {
        match self {
            Fate::Best => "best",
            Fate::Second => "second best",
            Fate::Meets => "meets",
            Fate::SeemsToMeet => "seems to meet",
            Fate::Fails => "fails",
            Fate::SeemsToFail => "seems to fail",
            Fate::Below => "below one that fails",
            Fate::Dearer => "costs more",
            Fate::Unsure => "cannot tell",
            Fate::NotPossible => "not possible",
        }
    }
}

/// What keeps the best point from being cheaper.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Binds {
    /// The objective to which the best one is nearest, with what it comes to.
    pub nearest: Missed,
    /// The dearest point that costs less and misses.
    pub cheaper: Option<usize>,
    /// What that one misses.
    pub missed: Vec<Missed>,
    /// What is full there, else what is full first.
    pub full: Vec<String>,
}

/// An objective and what runs come to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Missed {
    /// As written: `latency p99 < 800ms`.
    pub objective: String,
    /// In words.
    pub observed: String,
}

impl Planned {
    /// The values of a point, one of each axis.
    pub fn labels(&self, point: usize) -> Vec<&str> {
        let choices = &self.points[point].choices;
        self.axes.iter().zip(choices).map(|(axis, at)| axis.choices[*at].label.as_str()).collect()
    }

    /// The values of a point in words: `fleet.was.min = 6, fleet.was.instance = c7g.large`.
    pub fn values(&self, point: usize) -> String {
        let each = self.axes.iter().zip(self.labels(point));
        each.map(|(axis, label)| format!("{} = {label}", axis.name)).collect::<Vec<_>>().join(", ")
    }

    /// Whether there is a point that surely meets every objective.
    pub fn is_found(&self) -> bool {
        self.best.is_some() && self.over.is_none()
    }

    /// What a point costs.
    pub fn cost(&self, point: usize) -> Option<f64> {
        self.points.get(point)?.cost_usd
    }
}
