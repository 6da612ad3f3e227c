//! How far each resource is from saturation, estimated from the run itself.
//!
//! In: the rows of the timeline, and sizes from the scenario. Out: a [`Headroom`] for each resource, the nearest first.
//!
//! By the utilisation law a resource is busy for demand per request × rate / capacity. So what is busy for 62 % of the
//! busiest rows has no more to give at 1 / 0.62 = 1.6 times their traffic, as long as a request asks as much of it as
//! it did there: clients do not slow down, mix and hit ratios stay, and, for what is held while others are waited for
//! (threads, connections), response times stay. Response times do grow before a limit, so threads and connections run
//! out sooner than estimated.
//!
//! Where requests fail or something is full, being busy says what was served, not what was asked for. There the busy
//! time is multiplied by what the requests that arrived would have asked for and divided by what was served (`asked`):
//! each request counts once, however often its client tries again. The fullest member counts where members are unequal
//! by more than chance (`member`), and the connections of a database for the largest size of the fleets that open them
//! (in the view of a database). Instances that came into service and never served are not counted on: as long as that goes on, a group
//! is no larger than what served of it.

mod asked;
mod held;
mod series;

use serde::{Deserialize, Serialize};

use super::phases::saturation_window;
use super::runs::View;
use super::scene::scene;
use super::{StageKind, Timeline};
use crate::id::Owner;
use crate::kind::{self, Totals};
use crate::language::shape::Given;
use crate::measure::resource::Resource;
use crate::measure::wanted::Wanted;
use crate::scenario::Scenario;

pub use crate::measure::member::Part;

/// Requests that the busiest rows should hold together: 10,000.
pub const REQUESTS: Given<f64> = Given::new(
    10_000.0,
    "assumption: by chance, their demand is off by one or two percent where single demands vary as much as their mean",
);
/// Fewest rows that count as the busiest.
const FEWEST_ROWS: usize = 3;
/// Part of all rows that the busiest ones are at most: more would level a peak.
const MOST_ROWS: usize = 10;

/// How far a resource is from saturation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Headroom {
    /// Which.
    pub of: Resource,
    /// In words: `CPU of web`.
    pub resource: String,
    /// The fullest of its members, where they are unequal by more than chance: the loads are its own then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fullest: Option<Part>,
    /// What it is that runs out.
    pub kind: StageKind,
    /// As many as there were.
    pub as_it_stood: Load,
    /// The same demand on as many instances as Auto Scaling may launch; absent where nothing scales.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_maximum: Option<Load>,
    /// Whether it had nothing left to give at some time, while requests waited for it.
    pub saturated: bool,
    /// What kept it full, another saturated resource or row locks: more of it would not have helped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_by: Option<Resource>,
}

/// A resource at its busiest.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Load {
    /// Start of the busiest rows.
    pub at_s: f64,
    /// Part of the capacity of these rows together that was asked for: 1 is all of it; more where it was too little, or at another size.
    pub busy: f64,
    /// Times their traffic that takes all of the capacity; absent where nothing asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub multiplier: Option<f64>,
    /// Instances that share it; absent where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instances: Option<f64>,
}

impl Headroom {
    /// Of a limit of which something is wanted whatever the traffic.
    fn of_wanted(of: Wanted, timeline: &Timeline) -> Headroom {
        let load = |wanted: f64, instances: f64| Load {
            at_s: timeline.time_s.get(of.row).copied().unwrap_or(0.0),
            busy: wanted / of.limit.max(1.0),
            multiplier: (wanted > 0.0).then(|| of.limit / wanted),
            instances: Some(instances),
        };
        Headroom {
            of: of.of,
            as_it_stood: load(of.wanted, of.instances),
            at_maximum: of.at_most.map(|(wanted, instances)| load(wanted, instances)),
            resource: of.resource,
            fullest: None,
            kind: of.kind,
            saturated: of.refused,
            held_by: None,
        }
    }

    /// Times the traffic of the run at which nothing helps any more: at its largest if it can grow, else at its size in the run;
    /// at most 1 of what was saturated. Connections run out as the fleets grow, if ever.
    pub fn limit(&self) -> Option<f64> {
        let most = self.at_largest();
        match self.saturated {
            true => Some(most.map_or(1.0, |multiplier| multiplier.min(1.0))),
            false => most,
        }
    }

    /// Times the traffic of the run that takes all of it: at its largest if it can grow, else as it stood.
    fn at_largest(&self) -> Option<f64> {
        let stood = self.as_it_stood.multiplier;
        match self.at_maximum {
            Some(at_maximum) if self.of.follows_traffic() => at_maximum.multiplier,
            _ => stood,
        }
    }

    /// In words, with the fullest member: `command threads of shard 2 of redis`.
    pub fn name(&self) -> String {
        match self.fullest {
            None => self.resource.clone(),
            Some(part) => {
                let of = self.resource.trim_end_matches(" (replicas)");
                of.replacen(" of ", &format!(" of {part} of "), 1)
            }
        }
    }
}

/// The headroom of every resource; the nearest limit first, what another one held full after that one, and what nothing
/// asked for last.
pub(super) fn headroom(scenario: &Scenario, timeline: &Timeline, totals: Option<&Totals>) -> Vec<Headroom> {
    let rows = busiest_rows(timeline);
    let window = saturation_window(timeline);
    let scene = scene(scenario, timeline, totals);
    let all = series::series(&scene);
    let lacking = asked::lacking(timeline, &all, window);
    let mut found: Vec<Headroom> =
        all.iter().map(|it| it.headroom(timeline, rows, window, &lacking)).collect();
    found.extend(kind::wanted(&scene).into_iter().map(|wanted| Headroom::of_wanted(wanted, timeline)));
    held::find(&mut found, &scene, &all, window);
    // Of what was saturated, first what no other resource kept full; then by the multiple.
    let limit = |it: &Headroom| it.limit().unwrap_or(f64::INFINITY);
    let is_after_another = |it: &Headroom| it.held_by.is_some_and(|by| !matches!(by, Resource::Locks { .. }));
    let rank = |it: &Headroom| (!it.saturated, is_after_another(it));
    // Of what was saturated, each has a limit of 1 at most: the fullest first.
    let nearest = |it: &Headroom| it.at_largest().unwrap_or(f64::INFINITY);
    let by_limit =
        |a: &Headroom, b: &Headroom| limit(a).total_cmp(&limit(b)).then(nearest(a).total_cmp(&nearest(b)));
    found.sort_by(|a, b| rank(a).cmp(&rank(b)).then(by_limit(a, b)));
    found
}

/// Times the traffic at which the nearest of some resources is full: of all, or those of one.
pub(super) fn nearest(scenario: &Scenario, view: &View<'_>, of: Option<Owner>) -> Option<f64> {
    let chosen = view.headroom(scenario).iter().filter(|it| of.is_none_or(|of| it.of.owner() == of));
    chosen.filter_map(Headroom::limit).reduce(f64::min)
}

/// How many rows together count as the busiest.
fn busiest_rows(timeline: &Timeline) -> usize {
    let rows = timeline.time_s.len();
    // By the requests of one run, whatever the number of runs: the peak of fewer rows is higher, and would be another figure.
    let each = timeline.completed.iter().sum::<f64>() / rows.max(1) as f64 * timeline.bucket_s;
    let enough = (REQUESTS.value / each.max(1.0)).ceil() as usize;
    enough.min(rows / MOST_ROWS).max(FEWEST_ROWS).min(rows)
}

#[cfg(test)]
mod tests;
