//! What can break, and between which multiples it does. In: results by point. Out: a [`Limit`].

use serde::{Deserialize, Serialize};

use super::lattice::{Lattice, Seen, first_failing_cell};
use super::probe::{Probe, Probes};
use crate::outcome::{Headroom, Resource, Standing};

/// Something that breaks under load.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// An objective is missed.
    Objective {
        /// Position in the scenario.
        index: usize,
        /// As written.
        text: String,
    },
    /// A resource is full for a while and requests wait for it.
    Saturation {
        /// The resource.
        of: Resource,
        /// The resource in words: `CPU of web`.
        resource: String,
    },
    /// Goodput stops growing: of 5 % more traffic, less than half is answered.
    Goodput,
}

impl Subject {
    /// Whether it fails in the runs of one multiple; not for goodput, which needs two multiples.
    pub(super) fn fails(&self, probe: &Probe) -> bool {
        match self {
            Subject::Objective { index, .. } => !probe.objectives[*index].met,
            Subject::Saturation { of, .. } => probe.saturated.contains(of),
            Subject::Goodput => false,
        }
    }

    fn standing(&self, probe: &Probe) -> Option<Standing> {
        match self {
            Subject::Objective { index, .. } => Some(probe.objectives[*index].standing),
            _ => None,
        }
    }
}

/// Where something breaks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Limit {
    /// The objective, resource or goodput that breaks.
    pub subject: Subject,
    /// The last multiple that holds and the first that fails, judged by the estimate over all runs.
    pub between: Between,
    /// The same with certainty: the last multiple below at which every run, or both ends of the interval, meet the
    /// objective, and the first one above at which every run or both ends miss it; absent for limits without a verdict
    /// for each run.
    pub surely_between: Option<Between>,
    /// The smallest multiple above the first failing one at which it holds again.
    pub holds_again: Option<f64>,
    /// The limit that the headroom of the runs at ×1 estimates; for resources only.
    pub estimate: Option<f64>,
}

/// An interval of multiples.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Between {
    /// The last that holds; absent if none did.
    pub holds: Option<f64>,
    /// The first that fails; absent if none did.
    pub fails: Option<f64>,
}

pub(super) fn told(
    subject: Subject,
    seen: &Seen,
    start: i32,
    lattice: &Lattice,
    probes: &Probes<'_>,
) -> Limit {
    let (holds, fails) = first_failing_cell(seen, start);
    let multiple = |point: Option<i32>| point.map(|point| lattice.multiplier(point));
    let standings: Vec<(i32, Standing)> =
        probes.all().filter_map(|(point, probe)| Some((point, subject.standing(probe)?))).collect();
    let surely = |standing: Standing| standings.iter().filter(move |it| it.1 == standing).map(|it| it.0);
    let has_intervals = probes.seeds.len() > 1 && !standings.is_empty();
    let surely_between = has_intervals.then(|| Between {
        holds: multiple(surely(Standing::Met).filter(|point| fails.is_none_or(|fails| *point < fails)).max()),
        fails: multiple(
            surely(Standing::Missed).filter(|point| holds.is_none_or(|holds| *point > holds)).min(),
        ),
    });
    // An estimate near its limit alternates; holding again must be certain.
    let is_sure = |point: &i32| match standings.is_empty() {
        true => true,
        false => surely(Standing::Met).any(|met| met == *point),
    };
    let again = fails.and_then(|fails| {
        let above = seen.range(fails..).filter(|(_, fails)| !**fails).map(|(point, _)| *point);
        above.filter(is_sure).min()
    });
    let estimate = match &subject {
        Subject::Saturation { of, .. } => {
            probes.headroom.iter().find(|it| it.of == *of).and_then(Headroom::limit)
        }
        _ => None,
    };
    Limit {
        between: Between { holds: multiple(holds), fails: multiple(fails) },
        surely_between,
        holds_again: multiple(again),
        estimate,
        subject,
    }
}
