//! How busy each resource was, row by row. In: the resources as phases watch them, and the phases. Out: a [`Utilisation`] each, in the
//! order in which they filled.

use serde::{Deserialize, Serialize};

use super::phases::Reach;
use super::scene::scene;
use super::{Outcome, Phase};
use crate::kind;
use crate::measure::resource::Resource;
use crate::measure::watched::{Trouble, Watched};
use crate::scenario::Scenario;

/// A resource over the event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Utilisation {
    /// The resource.
    pub of: Resource,
    /// In words: ``threads of `web` ``.
    pub name: String,
    /// When the first trouble began in which it was full, by the story of the phases; absent where it was in none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full_s: Option<f64>,
    /// Percent busy, mean over the row, to a tenth; empty where that has no meaning, as for row locks.
    pub busy_percent: Vec<f64>,
    /// From when until when it had nothing left to give while requests waited, or turned them away: ends of rows, seconds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub full: Vec<(f64, f64)>,
    /// From when until when it turned requests away, of the time for which it was full: ends of rows, seconds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rejecting: Vec<(f64, f64)>,
}

impl Utilisation {
    /// The highest row, percent; of what has no such number, 100 if it was full.
    pub fn peak(&self) -> f64 {
        let full = if self.full.is_empty() { 0.0 } else { 100.0 };
        if self.busy_percent.is_empty() {
            full
        } else {
            self.busy_percent.iter().copied().fold(0.0, f64::max)
        }
    }
}

/// All resources that can fill: those that did, in the order in which they did, and then the others, the busiest first.
pub(super) fn utilisation(scenario: &Scenario, outcome: &Outcome) -> Vec<Utilisation> {
    let scene = scene(scenario, &outcome.timeline, None);
    let watched = super::phases::watched(&scene, Reach::of(&outcome.timeline).usual);
    let times = |marks: &[bool]| -> Vec<(f64, f64)> {
        spans(marks).into_iter().map(|(from, until)| (scene.time_s(from), scene.time_s(until))).collect()
    };
    let filled = filled(&outcome.phases);
    let mut all: Vec<(usize, Utilisation)> = Vec::new();
    for it in &watched {
        let place = filled.iter().position(|(of, _)| *of == it.of);
        if !can_be_shown(it, place.is_some()) {
            continue;
        }
        let busy_percent =
            it.busy.iter().map(|busy| (busy.clamp(0.0, 100.0) * 10.0).round() / 10.0).collect();
        let utilisation = Utilisation {
            of: it.of,
            name: kind::name(&scene, it.of),
            full_s: place.map(|place| filled[place].1),
            busy_percent,
            full: times(&it.full),
            rejecting: times(&rejecting(it)),
        };
        all.push((place.unwrap_or(usize::MAX), utilisation));
    }
    all.sort_by(|(one, a), (other, b)| one.cmp(other).then(b.peak().total_cmp(&a.peak())));
    all.into_iter().map(|(_, it)| it).collect()
}

/// What has a number of how busy it was, and what else has a place in the story of a trouble, as row locks have. A loss is an event, and
/// an unhealthy target a sign: these do not fill.
fn can_be_shown(it: &Watched<'_>, in_story: bool) -> bool {
    let is_full = it.full.contains(&true) && (in_story || it.trouble != Trouble::Never);
    !it.of.is_event() && !it.symptom && (!it.busy.is_empty() || is_full)
}

/// In which rows it was full and turned requests away.
fn rejecting(it: &Watched<'_>) -> Vec<bool> {
    it.full.iter().enumerate().map(|(row, full)| *full && it.refuses(row)).collect()
}

/// The resources in the stories of trouble, each when it was first full there.
fn filled(phases: &[Phase]) -> Vec<(Resource, f64)> {
    let mut found: Vec<(Resource, f64)> = Vec::new();
    for link in phases.iter().flat_map(|phase| &phase.chain) {
        match link.resource {
            Some(of) if found.iter().all(|(known, _)| *known != of) => found.push((of, link.at_s)),
            _ => {}
        }
    }
    // Of what began in one row, the cause stands before what came of it.
    found.sort_by(|(_, one), (_, other)| one.total_cmp(other));
    found
}

/// Where marks are set: first row and the one after the last.
fn spans(marks: &[bool]) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for row in (0..marks.len()).filter(|row| marks[*row]) {
        match found.last_mut() {
            Some((_, end)) if *end == row => *end = row + 1,
            _ => found.push((row, row + 1)),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::Link;

    #[test]
    fn what_turns_requests_away_is_told_from_what_they_wait_for() {
        let of = Resource::Service { service: 0 };
        let busy =
            Watched::busy(of, vec![100.0; 4], &[0.0, 2.0, 2.0, 0.0]).or_refusing(&[0.0, 0.0, 3.0, 1.0]);
        assert_eq!(spans(&busy.full), [(1, 4)]);
        assert_eq!(spans(&rejecting(&busy)), [(2, 4)]);
    }

    #[test]
    fn marks_become_spans_and_causes_stand_before_what_came_of_them() {
        assert_eq!(spans(&[false, true, true, false, true]), [(1, 3), (4, 5)]);
        let link = |at_s, resource: Option<Resource>| Link {
            at_s,
            until_s: at_s + 1.0,
            resource,
            cause: false,
            text: String::new(),
        };
        let (threads, cpu) = (Resource::Threads { fleet: 0 }, Resource::Cpu { fleet: 0 });
        let phase = |chain| Phase {
            from_s: 0.0,
            to_s: 1.0,
            stage: 0,
            share: 0.0,
            trouble: true,
            chain,
            sentence: String::new(),
        };
        let service = Resource::Service { service: 0 };
        let phases = [
            phase(vec![link(5.0, Some(cpu)), link(5.0, Some(threads)), link(4.0, None)]),
            phase(vec![link(2.0, Some(service)), link(9.0, Some(threads))]),
        ];
        assert_eq!(filled(&phases), [(service, 2.0), (cpu, 5.0), (threads, 5.0)]);
    }
}
