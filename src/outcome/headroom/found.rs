//! How far a resource is from saturation, as an outcome has it. In: loads. Out: a [`Headroom`], its limit and its name.

use serde::{Deserialize, Serialize};

use crate::interval::Interval;
use crate::measure::part::Part;
use crate::measure::resource::Resource;
use crate::measure::stage::StageKind;
use crate::measure::wanted::Wanted;
use crate::number::things;
use crate::outcome::Timeline;

/// The most that something saturated carries of the traffic of the run: it had nothing left to give, being busy for 99 % and more.
const SATURATED: f64 = 0.99;

/// How far a resource is from saturation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Headroom {
    /// The resource of which this is the headroom.
    pub of: Resource,
    /// In words: `CPU of web`.
    pub resource: String,
    /// The fullest member of the resource (a shard, a replica, an instance), where members are unequal by more than chance: the loads are of that one
    /// then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fullest: Option<Part>,
    /// What it is that runs out: a kind of time.
    pub kind: StageKind,
    /// The load of the resource at the size that it had: as many instances as there were.
    pub as_it_stood: Load,
    /// The load of the resource with as many instances as Auto Scaling may launch, for an equal demand; absent where nothing scales.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_maximum: Option<Load>,
    /// Whether it had nothing left to give at some time, while requests waited for it.
    pub saturated: bool,
    /// Whether that was only while there was nothing of it, as of pollers whose instances are lost.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub absent: bool,
    /// Whether users kept it full who send again as soon as they are answered: they ask for as much as they get, so nothing in the
    /// run says how much of this traffic it carries.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub closed: bool,
    /// Whether it was kept full by work that never ends, such as messages that come back to their queue: it carries none of any
    /// traffic, so its loads have no multiple.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub endless: bool,
    /// Seconds of its work that came at one instant, of the largest such burst. Where it was saturated, how much of it is carried
    /// depends on how long may be waited, so nothing in the run says it; else it was gone in a moment, and the multiple is that of one
    /// that is none. Absent where what came otherwise asked for more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_once_s: Option<f64>,
    /// What kept it full, another saturated resource or row locks: more of it would not have helped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_by: Option<Resource>,
    /// Where the mean of what each run carries lies (95 % interval, Student's t), not how far runs are apart; absent of one run,
    /// and where a run knows no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_runs: Option<Interval>,
}

/// A resource at its busiest.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Load {
    /// Start of the busiest rows.
    pub at_s: f64,
    /// End of the busiest rows, where they are all the time in which what waited in a queue can be worked off: being busy is spread over that time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_s: Option<f64>,
    /// The part of the capacity in the busiest rows that was asked for: 1 is all of it; more where the capacity was too little, or at another size.
    /// In: a share, of which 1 is all.
    pub busy: f64,
    /// The multiple of the traffic of the busiest rows that takes all of the capacity; absent where nothing asked for it, and where it came at once.
    /// In: times the traffic of the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub multiplier: Option<f64>,
    /// Instances that share it, of a serverless database its ACUs; absent where there are none. In: a count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instances: Option<f64>,
}

impl Load {
    /// `all 12 instances`; where that is a mean over runs, `about 5 instances`; nothing where there are none.
    pub fn all(&self, of: Resource) -> Option<String> {
        let text = things(self.instances?, of.grows_by());
        Some(match text.strip_prefix("1 ") {
            Some(one) => format!("its one {one}"),
            None if text.starts_with("about") => text,
            None => format!("all {text}"),
        })
    }
}

impl Headroom {
    /// Of a limit of which something is wanted whatever the traffic, and which instances reach that are added at a multiple of it.
    pub(super) fn of_wanted(of: &Wanted, times: Option<f64>, timeline: &Timeline) -> Headroom {
        let load = |wanted: f64, instances: f64, multiplier: Option<f64>| Load {
            at_s: timeline.time_s.get(of.row).copied().unwrap_or(0.0),
            until_s: None,
            busy: wanted / of.limit.max(1.0),
            multiplier,
            instances: Some(instances),
        };
        let part = |wanted: f64| (wanted > 0.0).then(|| of.limit / wanted);
        Headroom {
            of: of.of,
            as_it_stood: load(of.wanted, of.instances, times),
            at_maximum: of.at_most.map(|(wanted, instances)| load(wanted, instances, part(wanted))),
            resource: of.resource.to_string(),
            fullest: None,
            kind: of.kind,
            saturated: of.refused,
            absent: false,
            closed: false,
            endless: false,
            at_once_s: None,
            held_by: None,
            by_runs: None,
        }
    }

    /// Counts so many times what was asked of it.
    pub(super) fn ask_for(&mut self, times: f64) {
        for load in std::iter::once(&mut self.as_it_stood).chain(&mut self.at_maximum) {
            load.busy *= times;
            load.multiplier = load.multiplier.map(|multiplier| multiplier / times);
        }
    }

    /// Takes its multiples away: what keeps it full never ends.
    pub(super) fn never_ends(&mut self) {
        self.endless = true;
        for load in std::iter::once(&mut self.as_it_stood).chain(&mut self.at_maximum) {
            load.multiplier = None;
        }
    }

    /// Times the traffic of the run that it carries: at its largest size if it can grow, else at its size in the run. What was
    /// saturated did not carry the traffic of the run, whatever it may grow to: it counts as it stood, and with less than 1. Only
    /// messages wait while workers grow in number. Connections run out when the fleets have grown, if ever.
    pub fn limit(&self) -> Option<f64> {
        let most = self.at_largest();
        match self.saturated {
            true if self.endless => Some(0.0),
            true => {
                let stood = self.as_it_stood.multiplier.filter(|_| self.of.delays_requests());
                let carried = [most, stood].into_iter().flatten();
                Some(carried.fold(SATURATED, f64::min))
            }
            false => most,
        }
    }

    /// Whether its limit is only the most that it can be: what kept it full says nothing of how much less would have been enough.
    pub fn is_open(&self) -> bool {
        self.saturated && (self.closed || self.at_once_s.is_some())
    }

    /// Times the traffic of the run that takes all of it: at its largest if it can grow, else as it stood.
    pub fn at_largest(&self) -> Option<f64> {
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
