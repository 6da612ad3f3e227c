//! The figures of a fleet. In: its totals. Out: the table of figures, one line each.

use super::totals::{FleetOutcome, FleetTotals};
use crate::measure::figure::{Estimated, Figure, Page, Shown, counter, setting, share_of_some};
use crate::measure::unit::{Better, Unit};

/// Every figure, in the order of the document.
pub(super) const FIGURES: &[Figure<FleetTotals>] = &[
    setting!(name, Text, Page::Not("it begins the row")),
    setting!(
        instance,
        Text,
        Page::Column {
            place: 0,
            title: "instance",
            unit: Unit::Text,
            about: "",
            cell: |told| Shown::Text(&told.instance)
        }
    ),
    setting!(
        cpu_target,
        Percent,
        Page::Column {
            place: 5,
            title: "target",
            unit: Unit::Percent,
            about: "",
            cell: |told| told.cpu_target.map_or(Shown::Nothing, |target| Shown::Whole(target / 100.0)),
        }
    ),
    setting!(max_instances, Count, Page::Not("a chart has it as a line")),
    Figure {
        name: "peak_instances",
        unit: Unit::Count,
        add: |sum, more| sum.peak_instances = sum.peak_instances.max(more.peak_instances),
        tell: |told, of, _| told.peak_instances = of.peak_instances,
        page: Page::Column {
            place: 1,
            title: "at most",
            unit: Unit::Count,
            about: "",
            cell: |told| Shown::Number(told.peak_instances.into(), Unit::Count),
        },
        estimate: None,
    },
    Figure {
        name: "wanted_instances",
        unit: Unit::Count,
        add: |sum, more| sum.wanted_instances = sum.wanted_instances.max(more.wanted_instances),
        tell: |told, of, _| told.wanted_instances = of.wanted_instances,
        page: Page::Not("a warning says it"),
        estimate: None,
    },
    counter!(wanted_times, Page::Not("a warning goes by it")),
    counter!(launched at 2, "launched"),
    counter!(terminated at 3, "terminated"),
    counter!(from_pool, Page::Not("the activities say it")),
    counter!(failed_launches, Page::Not("a warning says it")),
    counter!(interrupted, Page::Not("the incidents say it")),
    counter!(missing, Page::Not("a warning says it")),
    counter!(never_served, Page::Not("a warning says it")),
    span(
        "held_seconds",
        Unit::Seconds,
        |sum, more| sum.held_seconds += more.held_seconds,
        |told, of, runs| told.held_seconds = of.held_seconds / runs,
    ),
    Figure {
        name: "limited_seconds",
        unit: Unit::Seconds,
        add: |sum, more| sum.limited_seconds += more.limited_seconds,
        tell: |told, of, runs| told.limited_seconds = of.limited_seconds / runs,
        page: Page::Not("a warning says it"),
        estimate: Some(Estimated {
            name: "cpu_limited",
            words: "time at the CPU limit of",
            unit: Unit::Seconds,
            better: Better::Lower,
            of: |of, runs| (of.limited_periods > 0).then(|| of.limited_seconds / runs),
        }),
    },
    counter!(limited_periods, Page::Not("a warning says it")),
    span(
        "throttled_seconds",
        Unit::Seconds,
        |sum, more| sum.throttled_seconds += more.throttled_seconds,
        |told, of, runs| told.throttled_seconds = of.throttled_seconds / runs,
    ),
    Figure {
        name: "deploying_seconds",
        unit: Unit::Seconds,
        add: |sum, more| sum.deploying_seconds += more.deploying_seconds,
        tell: |told, of, runs| told.deploying_seconds = of.deploying_seconds / runs,
        page: Page::Not("the deployments say it"),
        estimate: Some(Estimated {
            name: "deploying",
            words: "time of deployments of",
            unit: Unit::Seconds,
            better: Better::Lower,
            of: |of, runs| (of.deploys > 0).then(|| of.deploying_seconds / runs),
        }),
    },
    Figure {
        name: "deploying_failed",
        unit: Unit::Count,
        add: |sum, more| sum.deploying_failed += more.deploying_failed,
        tell: |told, of, runs| told.deploying_failed = of.deploying_failed as f64 / runs,
        page: Page::Not("the deployments say it"),
        estimate: Some(Estimated {
            name: "deploying_failed",
            words: "failed requests during deployments of",
            unit: Unit::Count,
            better: Better::Lower,
            of: |of, runs| (of.deploys > 0).then(|| of.deploying_failed as f64 / runs),
        }),
    },
    Figure {
        name: "deploying_least",
        unit: Unit::Count,
        add: |sum, more| {
            sum.deploying_least += more.deploying_least;
            sum.deploys += more.deploys;
        },
        tell: |told, of, _| told.deploying_least = least(of),
        page: Page::Not("the deployments say it"),
        estimate: Some(Estimated {
            name: "deploying_least",
            words: "fewest instances during deployments of",
            unit: Unit::Count,
            better: Better::Higher,
            of: |of, _| least(of),
        }),
    },
    span(
        "surplus_hours",
        Unit::Hours,
        |sum, more| sum.surplus_hours += more.surplus_hours,
        |told, of, runs| told.surplus_hours = of.surplus_hours / runs,
    ),
    span(
        "owed_hours",
        Unit::Hours,
        |sum, more| sum.owed_hours += more.owed_hours,
        |told, of, runs| told.owed_hours = of.owed_hours / runs,
    ),
    Figure {
        name: "cpu_mean",
        unit: Unit::Share,
        add: |sum, more| {
            sum.cpu_busy += more.cpu_busy;
            sum.cpu_there += more.cpu_there;
        },
        tell: |told, of, _| told.cpu_mean = of.cpu_busy / of.cpu_there.max(1.0),
        page: Page::Column {
            place: 4,
            title: "CPU mean",
            unit: Unit::Share,
            about: "",
            cell: |told| Shown::Number(told.cpu_mean, Unit::Share),
        },
        estimate: Some(Estimated {
            name: "cpu",
            words: "CPU of",
            unit: Unit::Share,
            better: Better::Neither,
            of: |of, _| share_of_some(of.cpu_busy, of.cpu_there),
        }),
    },
    Figure {
        name: "instance_seconds",
        unit: Unit::Seconds,
        add: |sum, more| sum.instance_seconds += more.instance_seconds,
        tell: |told, of, runs| told.instance_seconds = of.instance_seconds / runs,
        page: Page::Column {
            place: 6,
            title: "instance-hours",
            unit: Unit::Hours,
            about: "Hours of instances that are billed: the hours of all instances together.",
            cell: |told| Shown::Number(told.instance_seconds / 3_600.0, Unit::Hours),
        },
        estimate: Some(Estimated {
            name: "instance_hours",
            words: "instance-hours of",
            unit: Unit::Hours,
            better: Better::Neither,
            of: |of, runs| Some(of.instance_seconds / runs / 3_600.0),
        }),
    },
];

/// The fewest instances that served during a deployment, mean of the runs that had one.
fn least(of: &FleetTotals) -> Option<f64> {
    (of.deploys > 0).then(|| of.deploying_least as f64 / of.deploys as f64)
}

/// A span of time that only a warning says.
const fn span(
    name: &'static str,
    unit: Unit,
    add: fn(&mut FleetTotals, &FleetTotals),
    tell: fn(&mut FleetOutcome, &FleetTotals, f64),
) -> Figure<FleetTotals> {
    Figure { name, unit, add, tell, page: Page::Not("a warning says it"), estimate: None }
}
