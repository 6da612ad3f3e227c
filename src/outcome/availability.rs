//! How available it was: as users see it, as servers see it, by time, class, zone and user; in nines and in minutes of a year.
//!
//! In: counts of what ended, and the rows of the timeline. Out: an [`Availability`]. Of several runs, counts are means over the runs, and
//! what is by time is the mean of the runs.

mod by_time;

use serde::{Deserialize, Serialize};

use super::estimate::{Estimate, Quantity};
use super::view::View;
use crate::interval::may_fail;
use crate::measure::Tally;
use crate::measure::figure::per_run;
use crate::measure::users::UsersMet;
use crate::measure::zones::{Ended, Zones};
use crate::number::{MINUTES_OF_A_YEAR, nines_of};
use crate::scenario::Scenario;
use crate::scenario::traffic::Pattern;

pub(super) use by_time::{down_s, uptime};

/// How available it was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Availability {
    /// Availability of requests, after all attempts that were made for each: as clients see it. Absent if none ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests: Option<Share>,
    /// Availability of attempts, each try by itself: as the servers see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempts: Option<Share>,
    /// Requests of each class of which some ended, if there are several classes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<ShareOf>,
    /// The mean over intervals of the event: as service level agreements of AWS count.
    pub by_time: ByTime,
    /// Minutes in which too many requests failed.
    pub down: Down,
    /// Availability of requests by zone: that of the outermost instance that the last attempt for the request came to. Empty if zones are not told
    /// apart.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub zones: Vec<ShareOf>,
    /// Requests that came to no instance, which are in no zone; absent if zones are not counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_no_instance: Option<AtNoInstance>,
    /// What the users of each closed population met.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<UsersOutcome>,
}

/// A share of what ended.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Share {
    /// How many ended; a mean over the runs. In: a count.
    pub ended: f64,
    /// How many failed; a mean over the runs. In: a count.
    pub failed: f64,
    /// The share that did not fail. In: a share between 0 and 1.
    pub availability: f64,
    /// What that is over a year.
    #[serde(flatten)]
    pub year: Year,
}

/// A share of failures over a year of 365.25 days, which has 525,960 minutes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Year {
    /// Nines: minus the decimal logarithm of the share that failed.
    pub nines: f64,
    /// Whether nothing failed. Then the nines are the least, and the minutes the most, that the number of all that ended supports at 95 %.
    pub is_bound: bool,
    /// Minutes of a year that is all like this event.
    pub year_minutes: f64,
    /// Minutes of this event: the share that failed times its length.
    pub event_minutes: f64,
    /// Nines of a year with this event in which nothing else fails.
    pub year_nines: f64,
}

/// The share of something that has a name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ShareOf {
    /// The class, or the letter of the zone.
    pub name: String,
    /// Its share.
    #[serde(flatten)]
    pub share: Share,
}

/// The mean of the error rates of equally long intervals, as service level agreements of AWS count; one without a request has none.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ByTime {
    /// Width of an interval; the last one may be shorter, and counts for less.
    pub interval_s: f64,
    /// 1 less the mean of the shares that failed of what ended in each. In: a share between 0 and 1.
    pub availability: f64,
    /// What that is over a year; absent if nothing ended.
    #[serde(flatten, default, skip_serializing_if = "Option::is_none")]
    pub year: Option<Year>,
}

/// Minutes in which too many of the requests that ended failed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Down {
    /// The share above which one is down. In: a share between 0 and 1.
    pub above: f64,
    /// Width of a minute: 60 s, or more where rows of the timeline are no whole part of that.
    pub window_s: f64,
    /// How long it was down; a mean over the runs.
    pub down_s: f64,
}

/// Requests that came to no instance.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AtNoInstance {
    /// Requests that were answered and came to no instance; a mean over the runs. In: a count.
    pub completed: f64,
    /// Requests that failed before they came to an instance; a mean over the runs. In: a count.
    pub failed: f64,
}

/// What the users of a population met.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UsersOutcome {
    /// The population.
    pub name: String,
    /// Users of whom at least one request ended; a mean over the runs. A user who leaves and comes back is one. In: a count.
    pub users: f64,
    /// Users of whom at least one request failed; a mean over the runs. In: a count.
    pub met_failure: f64,
    /// Users of whom no request was answered; a mean over the runs. In: a count.
    pub never_answered: f64,
}

impl Share {
    /// Of an event of so many seconds, and so many runs of it.
    fn of((ended, failed): (u64, u64), runs: f64, event_s: f64) -> Option<Share> {
        (ended > 0).then(|| {
            let part = failed as f64 / ended as f64;
            Share {
                ended: per_run(ended, runs),
                failed: per_run(failed, runs),
                availability: (ended - failed) as f64 / ended as f64,
                year: Year::of(part, ended as f64, event_s),
            }
        })
    }
}

impl Year {
    /// Of a share that failed; `ended` is how many support that.
    fn of(failed: f64, ended: f64, event_s: f64) -> Year {
        let is_bound = failed <= 0.0;
        let failed = if is_bound { may_fail(ended) } else { failed };
        let event_minutes = failed * event_s / 60.0;
        Year {
            nines: nines_of(failed),
            is_bound,
            year_minutes: failed * MINUTES_OF_A_YEAR,
            event_minutes,
            year_nines: nines_of(event_minutes / MINUTES_OF_A_YEAR),
        }
    }
}

impl Availability {
    /// Of all runs that a view has.
    pub(super) fn of(scenario: &Scenario, view: &View<'_>, estimates: &[Estimate]) -> Availability {
        let event_s = scenario.duration.as_secs_f64();
        let measured = view.measured;
        let recorder = &measured.recorder;
        let share = |ended| Share::of(ended, view.runs, event_s);
        let of = |tally: &Tally| share((tally.completed + tally.failures(), tally.failures()));
        let value = |of: &Quantity| {
            let found = estimates.iter().find(|estimate| estimate.of.as_ref() == Some(of));
            found.map(|estimate| estimate.value)
        };
        let classes = scenario.classes.iter().zip(&recorder.classes).filter(|_| scenario.classes.len() > 1);
        let classes = classes.filter_map(|(class, record)| {
            Some(ShareOf { name: class.name.clone(), share: of(&record.requests)? })
        });
        let requests = of(&view.requests);
        let by_time = value(&Quantity::Uptime).unwrap_or(1.0);
        let zones = recorder.zones.as_deref();
        Availability {
            requests,
            attempts: of(&recorder.attempts),
            classes: classes.collect(),
            by_time: ByTime {
                interval_s: scenario.availability.interval.as_secs_f64(),
                availability: by_time,
                year: requests.map(|it| Year::of(1.0 - by_time, it.ended * view.runs, event_s)),
            },
            down: Down {
                above: scenario.availability.down,
                window_s: scenario.availability.minute.as_secs_f64(),
                down_s: value(&Quantity::Down).unwrap_or(0.0),
            },
            zones: zones.map_or_else(Vec::new, |zones| by_zone(zones, &share)),
            at_no_instance: zones.map(|zones| {
                let Ended { completed, failed } = zones.nowhere();
                AtNoInstance { completed: per_run(completed, view.runs), failed: per_run(failed, view.runs) }
            }),
            users: users(scenario, &measured.users, view.runs),
        }
    }
}

fn by_zone(zones: &Zones, share: &dyn Fn((u64, u64)) -> Option<Share>) -> Vec<ShareOf> {
    let each = zones.some().filter_map(|(zone, Ended { completed, failed })| {
        Some(ShareOf { name: zone.to_string(), share: share((completed + failed, failed))? })
    });
    each.collect()
}

/// Populations are in the order of the sources.
fn users(scenario: &Scenario, met: &[UsersMet], runs: f64) -> Vec<UsersOutcome> {
    let closed = scenario.sources.iter().filter(|source| matches!(source.pattern, Pattern::Users(_)));
    let each = closed.zip(met).map(|(source, met)| UsersOutcome {
        name: source.name.clone(),
        users: per_run(met.asked, runs),
        met_failure: per_run(met.failed, runs),
        never_answered: per_run(met.unanswered, runs),
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 600 s of which 1,000 of 100,000 failed: two nines. Of 10 minutes that are 0.1, and a year of 525,960 minutes keeps log10(5,259,600).
    #[test]
    fn a_share_is_nines_and_minutes() {
        let share = Share::of((200_000, 2_000), 2.0, 600.0).unwrap();
        assert_eq!((share.ended, share.failed, share.availability), (100_000.0, 1_000.0, 0.99));
        let year = share.year;
        assert!((year.nines - 2.0).abs() < 1e-12 && !year.is_bound);
        assert!((year.year_minutes - 5_259.6).abs() < 1e-9 && (year.event_minutes - 0.1).abs() < 1e-12);
        assert!((year.year_nines - libm::log10(5_259_600.0)).abs() < 1e-12);
    }

    /// Nothing failed: 3 of 10,000 may, by the rule of three, whatever the number of runs.
    #[test]
    fn without_a_failure_it_is_what_the_count_supports() {
        let share = Share::of((10_000, 0), 4.0, 600.0).unwrap();
        assert_eq!((share.availability, share.ended), (1.0, 2_500.0));
        assert!(share.year.is_bound);
        assert!((share.year.nines - 3.523_5).abs() < 1e-4, "{}", share.year.nines);
        assert!((share.year.year_minutes - 525_960.0 * 2.995_283_66e-4).abs() < 1e-3);
        assert_eq!(Share::of((0, 0), 1.0, 600.0), None);
        assert_eq!(Share::of((5, 5), 1.0, 600.0).unwrap().year.nines, 0.0);
    }
}
