//! `spot` of a fleet: which part of its instances is Spot, and when EC2 takes them back. In: a table. Out: a [`Spot`].

use super::launch::Shortage;
use super::shapes::INSTANCES_MAX;
use crate::catalog::zone::Zone;
use crate::kind::zones;
use crate::language::problem::Problem;
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// Most interruptions of a timetable.
const WAVES_MAX: usize = 1_000;

/// From the notice of an interruption to the end of the instance. Source: EC2 user guide, "Spot Instance interruption notices".
pub const NOTICE: Time = Time::from_secs(120);
/// On-demand instances before any Spot instance: 0.
pub const BASE: Given<u32> =
    Given::new(0, "EC2 Auto Scaling API reference, InstancesDistribution: OnDemandBaseCapacity");
/// Price of a Spot hour as a share of an on-demand hour: 0.35.
pub const PRICE: Given<f64> = Given::new(
    0.35,
    "assumption: Spot prices change by type, zone and day; AWS advertises up to 90 % less than on demand",
);
/// Interruptions an hour of each instance, beside the timetable: 0.
pub const RATE: Given<f64> =
    Given::new(0.0, "assumption: instances are interrupted by chance only if the file says how often");

/// Types of each zone of which Spot instances are launched: 2.
pub const POOLS: Given<u32> =
    Given::new(2, "EC2 Auto Scaling API reference, InstancesDistribution: SpotInstancePools");

/// The language of Spot instances.
pub const SHAPE: Shape = Shape {
    title: "spot = { … }",
    about: "A mixed group: a floor of on-demand instances, and Spot instances above it, which EC2 takes back with a notice of two \
            minutes. Each zone of the fleet is a Spot pool of its own.",
    keys: &[
        Key::given("on_demand_base", "whole number", || BASE.show(), "on-demand instances that come first"),
        Key::required("on_demand_share", "share", "share of the instances above the base that is on demand"),
        Key::optional(
            "allocation",
            "\"lowest-price\"",
            "`\"lowest-price\"` (EC2 Auto Scaling API reference, InstancesDistribution: SpotAllocationStrategy)",
            "how a Spot launch chooses one of the `overrides`; the other strategies of AWS go by the spare capacity of its pools, which \
             nobody publishes",
        ),
        Key::given(
            "pools",
            "whole number, 1 to 20",
            || POOLS.show(),
            "of how many types in each zone, those with the lowest price of a unit, the launches are, in turn",
        ),
        Key::given(
            "price",
            "number, 0.01 to 1",
            || PRICE.show(),
            "price of a Spot hour, of an on-demand hour",
        ),
        Key::given(
            "rate",
            "number, 0 to 60",
            || RATE.show(),
            "interruptions an hour of each Spot instance, at any time (exponential)",
        ),
        Key::optional(
            "interruptions",
            "array of { at, share, count, zone }",
            "none",
            "notices at given times",
        ),
        Key::optional(
            "on_notice",
            "\"drain\", \"rebalance\" or \"nothing\"",
            "`\"drain\"` (assumption: a handler of the notice has the group terminate the instance)",
            "drain at once and launch another; launch another first (Capacity Rebalancing); or work to the end",
        ),
    ],
};

/// The language of interruptions at given times.
pub const WAVE_SHAPE: Shape = Shape {
    title: "interruptions = [ { at, share, count, zone } ]",
    about: "Instants at which Spot instances get their notice, the oldest first. Give `share` or `count`.",
    keys: &[
        Key::required("at", "duration", "when they get their notice; they are gone 120 s later"),
        Key::optional(
            "share",
            "share",
            "all of them, without `count`",
            "share of the Spot instances that are there, rounded to whole instances",
        ),
        Key::optional("count", "whole number", "as `share` says", "how many, at most"),
        Key::optional("zone", "zone", "all zones of the fleet", "where they are, such as \"a\""),
    ],
};

/// What becomes of an instance that has its notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnNotice {
    /// The group terminates it at once, and launches another.
    Drain,
    /// Another one is launched first; it drains when that one serves.
    Rebalance,
    /// It works until it is gone.
    Nothing,
}

/// How many instances an interruption takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Amount {
    /// A share of those that are there, 0 to 1.
    Share(f64),
    /// So many, or all if there are fewer.
    Count(u32),
}

/// An interruption of the timetable.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wave {
    /// When the notices are given.
    pub at: Time,
    /// How many get one.
    pub amount: Amount,
    /// Where; `None` is everywhere.
    pub zone: Option<Zone>,
}

/// The Spot part of a fleet.
#[derive(Clone, Debug, PartialEq)]
pub struct Spot {
    /// On-demand instances that come first.
    pub base: u32,
    /// Share of the others that is on demand, 0 to 1.
    pub on_demand: f64,
    /// Types of each zone of which its launches are, if the file says so.
    pub pools: Option<u32>,
    /// Price of an hour as a share of that of an on-demand hour.
    pub price: f64,
    /// Interruptions an hour of each instance, beside the timetable.
    pub rate: f64,
    /// Interruptions at given times.
    pub waves: Vec<Wave>,
    /// What becomes of an instance that has its notice.
    pub on_notice: OnNotice,
}

impl Spot {
    /// On-demand instances of a group that is to have this many: the base, and the share of the others, rounded up.
    pub fn on_demand_of(&self, desired: u32) -> u32 {
        // What a product of decimals is off by is no instance.
        const ROUNDING: f64 = 1e-9;
        let above = f64::from(desired.saturating_sub(self.base)) * self.on_demand;
        desired.min(self.base.saturating_add((above - ROUNDING).ceil().max(0.0) as u32))
    }

    pub(super) fn read(reader: &Reader) -> Spot {
        let words =
            [("drain", OnNotice::Drain), ("rebalance", OnNotice::Rebalance), ("nothing", OnNotice::Nothing)];
        Spot {
            base: reader.or("on_demand_base", |value| value.count(0..=INSTANCES_MAX), BASE.value),
            on_demand: reader.must("on_demand_share", on_demand, 0.0),
            pools: {
                reader.maybe("allocation", allocation);
                reader.maybe("pools", |value| value.count(1..=20))
            },
            price: reader.or("price", |value| value.number(0.01..=1.0), PRICE.value),
            rate: reader.or("rate", |value| value.number(0.0..=60.0), RATE.value),
            waves: reader.maybe("interruptions", waves).unwrap_or_default(),
            on_notice: reader.or("on_notice", |value| value.choice(&words), OnNotice::Drain),
        }
    }
}

/// A mixed group of at most `most` has no warm pool, and a market that it does not have lacks nothing.
pub(super) fn check(reader: &Reader, spot: Option<&Spot>, failures: &[Shortage], most: u32) {
    let Some(own) = reader.get("spot") else {
        let of_a_market = failures.iter().any(|span| span.spot == Some(true));
        if let (true, Some(failures)) = (of_a_market, reader.get("launch_failures")) {
            let problem =
                Problem::at(&failures.span(), "Spot launches cannot fail in a fleet without Spot instances");
            let hint = "add spot = { on_demand_share = \"50%\" }, or leave `market` out";
            reader.cx.push(problem.hint(hint));
        }
        return;
    };
    if let Some(pool) = reader.get("warm_pool") {
        let hint = "a group with several markets has no warm pool (EC2 Auto Scaling user guide): keep one of the two";
        let problem = Problem::at(&own.span(), "Spot instances do not go with a warm pool");
        reader.cx.push(problem.also(&pool.span(), "the pool").hint(hint));
    }
    if let (true, Some(size)) =
        (spot.is_some_and(|it| it.base >= most), reader.get("max").or(reader.get("instances")))
    {
        let problem = Problem::at(&own.span(), "the group is never larger than its on-demand base")
            .also(&size.span(), "its largest size")
            .hint("no instance would be Spot: lower `on_demand_base`, or leave `spot` out");
        reader.cx.push(problem);
    }
}

/// The strategy that needs prices alone.
fn allocation(value: Value) -> Option<()> {
    let by_capacity = |word: &str| {
        ["capacity-optimized", "capacity-optimized-prioritized", "price-capacity-optimized"].contains(&word).then(|| {
            "it goes by the spare capacity of Spot pools, which nobody publishes: write \"lowest-price\", and say in `launch_failures` \
             what cannot be had"
                .to_owned()
        })
    };
    value.choice_or(&[("lowest-price", ())], by_capacity)
}

fn on_demand(value: Value) -> Option<f64> {
    let span = value.span();
    let cx = value.cx;
    let share = value.share()?;
    if share >= 1.0 {
        let problem = Problem::at(&span, "with all of it on demand no instance is Spot");
        cx.push(problem.hint("leave `spot` out, or write less than 100%"));
        return None;
    }
    Some(share)
}

fn waves(value: Value) -> Option<Vec<Wave>> {
    let mut all = Vec::new();
    for entry in value.elements(WAVES_MAX)? {
        let wave = entry.table(&WAVE_SHAPE, |reader| {
            let share = reader.maybe("share", Value::share);
            let count = reader.maybe("count", |value| value.count(1..=INSTANCES_MAX));
            let amount = match (share, count) {
                (_, Some(count)) => Amount::Count(count),
                (share, None) => Amount::Share(share.unwrap_or(1.0)),
            };
            let both = share.is_some() && count.is_some();
            let wave = Wave {
                at: reader.must("at", Value::time, Time::ZERO),
                amount,
                zone: reader.maybe("zone", zones::zone),
            };
            (wave, both)
        });
        let Some((wave, both)) = wave else { continue };
        if both {
            entry.problem("`share` does not go with `count`", "keep one of the two");
        }
        all.push(wave);
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Base 10, half of what is above it on demand (EC2 Auto Scaling user guide, "Allocation strategies for multiple instance
    /// types", table of base and percentages).
    #[test]
    fn the_base_comes_first_and_then_a_share_of_the_others_rounded_up() {
        let spot = |base, on_demand| Spot {
            base,
            on_demand,
            pools: None,
            price: 0.35,
            rate: 0.0,
            waves: Vec::new(),
            on_notice: OnNotice::Drain,
        };
        let of = |spot: &Spot| [0, 5, 10, 20, 30, 40].map(|desired| spot.on_demand_of(desired));
        assert_eq!(of(&spot(10, 0.5)), [0, 5, 10, 15, 20, 25]);
        assert_eq!(of(&spot(10, 0.0)), [0, 5, 10, 10, 10, 10]);
        assert_eq!(of(&spot(0, 0.5)), [0, 3, 5, 10, 15, 20]);
        assert_eq!([1, 3, 4, 5, 10].map(|it| spot(0, 0.3).on_demand_of(it)), [1, 1, 2, 2, 3]);
    }
}
