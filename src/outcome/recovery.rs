//! Recovery from faults: how long until objectives held again, which writes were lost or done twice, and what stood by.
//!
//! In: the rows and the strikes of a run, what became of writes, and its bill. Out: a [`Recovery`]. Of several runs all figures are means; the list of
//! strikes is that of the first one.

use serde::{Deserialize, Serialize};

pub use crate::measure::recovery::Point;

use super::estimate::{Estimate, Quantity};
use super::every;
use super::view::View;
use crate::scenario::Scenario;
use crate::scenario::recovery::Holds;

/// Objectives hold again with the first of so many windows in a row that are all well. Assumption: what comes back sooner has not been away.
const CALM: usize = 5;

/// How it recovered from its faults.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Recovery {
    /// The objectives that had to hold again.
    pub holds: Vec<String>,
    /// Seconds until the objectives held again, of the fault of which that took longest: at least so many where they did not within a run.
    pub rto_s: f64,
    /// Whether the objectives held again within each run, after every fault.
    pub is_over: bool,
    /// How far back the writes go that were answered and lost, seconds.
    pub rpo_s: f64,
    /// How many writes were answered and are lost. In: a count.
    pub lost_writes: f64,
    /// Writes that were done once more, for a request or message for which they had been done already. In: a count.
    pub doubled_writes: f64,
    /// The bill of a month that is as the time before the first fault; absent where that was at the begin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standing_usd: Option<f64>,
    /// The part of the bill of a month like the time before the first fault that is in other Regions than that of the scenario.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standing_elsewhere_usd: Option<f64>,
    /// Each strike of the first run, in the order of time.
    pub strikes: Vec<Recovered>,
}

/// How it recovered from a strike of a fault.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Recovered {
    /// The name of the fault.
    pub name: String,
    /// When the strike began.
    pub at_s: f64,
    /// How long after the begin of the strike all objectives held again; zero where they always did, absent where they did not before the end of the
    /// run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_s: Option<f64>,
}

impl Recovery {
    /// Of all runs that a view has; nothing without a fault.
    pub(super) fn of(
        scenario: &Scenario,
        view: &View<'_>,
        estimates: &[Estimate],
        is_over: bool,
    ) -> Option<Recovery> {
        let value = |point: Point| {
            let found = estimates.iter().find(|it| it.of == Some(Quantity::Recovery(point)));
            found.map(|estimate| estimate.value)
        };
        Some(Recovery {
            holds: scenario.recovers_by().into_iter().map(|it| it.text).collect(),
            rto_s: value(Point::Rto)?,
            is_over,
            rpo_s: value(Point::Rpo)?,
            lost_writes: value(Point::LostWrites)?,
            doubled_writes: value(Point::DoubledWrites)?,
            standing_usd: value(Point::Standing),
            standing_elsewhere_usd: value(Point::StandingElsewhere),
            strikes: strikes(scenario, view),
        })
    }
}

/// One number of a run; nothing of a recovery where no fault struck.
pub(super) fn value(point: Point, scenario: &Scenario, view: &View<'_>) -> Option<f64> {
    let writes = || view.measured.kinds.writes();
    Some(match point {
        Point::Rto if view.measured.strikes.is_empty() => return None,
        Point::Rto => {
            let end_s = scenario.duration.as_secs_f64();
            let each = strikes(scenario, view).into_iter();
            each.map(|it| it.after_s.unwrap_or(end_s - it.at_s)).fold(0.0, f64::max)
        }
        Point::Rpo => writes().lost_span as f64 / 1e9 / view.runs,
        Point::LostWrites => writes().lost as f64 / view.runs,
        Point::DoubledWrites => writes().doubled as f64 / view.runs,
        Point::Standing => view.standing?.0 / view.runs,
        Point::StandingElsewhere => view.standing?.1 / view.runs,
    })
}

/// Whether the objectives held again after every strike of a run.
pub(super) fn is_over(scenario: &Scenario, view: &View<'_>) -> bool {
    strikes(scenario, view).iter().all(|it| it.after_s.is_some())
}

/// Each strike of a run.
fn strikes(scenario: &Scenario, view: &View<'_>) -> Vec<Recovered> {
    let all = &view.measured.strikes;
    if all.is_empty() {
        return Vec::new();
    }
    let windows: Vec<Vec<Window>> =
        scenario.recovers_by().iter().map(|holds| windows(holds, scenario, view)).collect();
    let of = |at_s: f64| {
        let next_s = all.iter().map(|it| it.at_s).find(|next| *next > at_s).unwrap_or(f64::INFINITY);
        let each = windows.iter().map(|windows| held_again(windows, at_s, next_s));
        // The last one decides, and one that never did.
        each.reduce(|one, other| Some(one?.max(other?))).flatten()
    };
    let all = all.iter();
    all.map(|it| Recovered { name: it.name.clone(), at_s: it.at_s, after_s: of(it.at_s) }).collect()
}

/// A window of the event, and whether what has to hold did in it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Window {
    start_s: f64,
    is_well: bool,
}

fn windows(holds: &Holds, scenario: &Scenario, view: &View<'_>) -> Vec<Window> {
    let all = every::judged(scenario, view, holds.window, &holds.bound);
    all.into_iter().map(|(start_s, is_well)| Window { start_s, is_well }).collect()
}

/// How long after a strike objectives hold again: until the begin of the first of [`CALM`] windows in a row that are well, or of all that are left, after one
/// that is not. Zero if none is bad before the next strike, or if the one before this strike was bad already: that is nothing of this one. Nothing
/// if it does not come to that before the end.
fn held_again(all: &[Window], at_s: f64, next_s: f64) -> Option<f64> {
    let first = all.partition_point(|it| it.start_s <= at_s).saturating_sub(1);
    if first > 0 && !all[first - 1].is_well {
        return Some(0.0);
    }
    let of_it = |it: &&Window| it.start_s < next_s;
    let Some(bad) = all[first..].iter().take_while(of_it).position(|it| !it.is_well) else {
        return Some(0.0);
    };
    let calm = |from: &usize| all[*from..].iter().take(CALM).all(|it| it.is_well);
    let again = (first + bad + 1..all.len()).find(calm)?;
    Some((all[again].start_s - at_s).max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Minutes, `x` for one that is not well.
    fn minutes(text: &str) -> Vec<Window> {
        let each = text.chars().enumerate();
        each.map(|(at, it)| Window { start_s: 60.0 * at as f64, is_well: it == '.' }).collect()
    }

    #[test]
    fn objectives_hold_again_with_the_first_of_five_windows_that_are_well() {
        let all = minutes("...xxx.x..........");
        // A strike at 2:50: four good windows at 6:00 would not do, and there is only one. From 8:00 on.
        assert_eq!(held_again(&all, 170.0, f64::INFINITY), Some(310.0));
        // One at 3:00 is in the first bad window.
        assert_eq!(held_again(&all, 180.0, f64::INFINITY), Some(300.0));
    }

    #[test]
    fn what_is_bad_before_or_after_the_next_strike_is_of_another_one() {
        let all = minutes("..xx........xx......");
        assert_eq!(held_again(&all, 600.0, 700.0), Some(0.0));
        assert_eq!(held_again(&all, 600.0, f64::INFINITY), Some(240.0));
        assert_eq!(held_again(&all, 200.0, 700.0), Some(0.0), "2:00 was bad already");
    }

    #[test]
    fn it_is_over_only_if_it_is_before_the_end() {
        assert_eq!(held_again(&minutes("..xxxx"), 120.0, f64::INFINITY), None);
        // Fewer than five are left.
        assert_eq!(held_again(&minutes("..xxx."), 120.0, f64::INFINITY), Some(180.0));
        assert_eq!(held_again(&minutes("......"), 120.0, f64::INFINITY), Some(0.0));
        assert_eq!(held_again(&[], 120.0, f64::INFINITY), Some(0.0));
    }
}
