//! `overrides` of a fleet: the types that its instances can have, and what each counts for. In: an array of tables. Out: [`Override`]s.

use super::machine::instance;
use super::{Cores, Credits, Network, Spot};
use crate::catalog::InstanceType;
use crate::language::problem::Problem;
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Bytes;

/// Most types of a fleet. Source: EC2 Auto Scaling user guide, quotas for launch template overrides.
const TYPES_MAX: usize = 40;
/// Largest weight of a type. Source: EC2 Auto Scaling API reference, LaunchTemplateOverrides: WeightedCapacity.
const WEIGHT_MAX: u32 = 999;

/// Units of capacity of an instance: 1.
pub const WEIGHT: Given<u32> = Given::new(
    1,
    "EC2 Auto Scaling user guide, instance weighting: without weights all types count the same",
);

/// The language of the types of a mixed group.
pub const SHAPE: Shape = Shape {
    title: "overrides = [ { instance, weight, spot_price } ]",
    about: "The types of a mixed instances group, in order of priority. With weights `min`, `max`, `desired`, `instances`, \
            `on_demand_base` and all that policies and actions change are units of capacity, and not instances. The group may have more \
            than it is to have, by at most the largest weight less one, and never less once its launches are through (EC2 Auto Scaling \
            user guide, \"Configuring instance weighting\").",
    keys: &[
        Key::required("instance", "as `instance` of the fleet", "the type"),
        Key::given(
            "weight",
            "whole number, 1 to 999",
            || WEIGHT.show(),
            "units of capacity that an instance of it counts for",
        ),
        Key::optional(
            "spot_price",
            "number, 0.01 to 1",
            "`price` of `spot`",
            "price of its Spot hour, of its on-demand hour",
        ),
    ],
};

/// How on-demand launches choose a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allocation {
    /// The first in the list that can be had.
    Prioritized,
    /// The one with the lowest price of a unit.
    LowestPrice,
}

/// The words for it. The default: EC2 Auto Scaling API reference, InstancesDistribution: OnDemandAllocationStrategy.
pub(super) const ALLOCATIONS: [(&str, Allocation); 2] =
    [("prioritized", Allocation::Prioritized), ("lowest-price", Allocation::LowestPrice)];

/// A type of a mixed group.
#[derive(Clone, Debug)]
pub struct Override {
    /// The type.
    pub instance: InstanceType,
    /// Units of capacity of an instance.
    pub weight: u32,
    /// Price of a Spot hour, of an on-demand hour, if not that of `spot`.
    pub spot_price: Option<f64>,
    /// CPU credits of the type, if it has some.
    pub credits: Option<Credits>,
    /// Its vCPUs as threads of cores, if two share one.
    pub cores: Option<Cores>,
    /// Its link, if answers take time on it.
    pub network: Option<Network>,
}

impl Override {
    /// The types of a group, before it is known what else the file says of them.
    pub(super) fn read_all(value: Value) -> Option<Vec<Override>> {
        let mut all: Vec<Override> = Vec::new();
        let entries = value.elements(TYPES_MAX)?;
        if entries.len() < 2 {
            value.problem(
                "a mixed group has two types or more",
                "add another one, such as { instance = \"m5.xlarge\", weight = 2 }, or write `instance`",
            );
        }
        for entry in entries {
            let of = entry.table(&SHAPE, |reader| Override {
                instance: reader.must("instance", instance, unknown()),
                weight: reader.or("weight", |value| value.count(1..=WEIGHT_MAX), WEIGHT.value),
                spot_price: reader.maybe("spot_price", |value| value.number(0.01..=1.0)),
                credits: None,
                cores: None,
                network: None,
            });
            let Some(of) = of else { continue };
            if !of.instance.name.is_empty() && all.iter().any(|other| other.instance.name == of.instance.name)
            {
                entry.problem(format!("{} is in the list already", of.instance.name), "a type is there once");
            }
            all.push(of);
        }
        Some(all)
    }
}

/// What stands for a type that could not be read: nothing is wrong with it beside that.
fn unknown() -> InstanceType {
    InstanceType { name: String::new(), vcpus: 1, quota: None, memory: Bytes(u64::MAX), strength: 1.0 }
}

/// What a group of several types does not go with, and keys that need one.
pub(super) fn check(
    reader: &Reader,
    all: &[Override],
    spot: Option<&Spot>,
    base: Option<Bytes>,
    forecasts: bool,
) {
    let Some(own) = reader.get("overrides").filter(|_| !all.is_empty()) else {
        if let Some(value) = reader.get("allocation") {
            value.problem(
                "an allocation strategy of one type",
                "add `overrides` with the types to choose from, or remove it",
            );
        }
        if let (Some(_), Some(value)) = (spot.and_then(|spot| spot.pools), reader.get("spot")) {
            value.problem(
                "`pools` of one type",
                "add `overrides` with the types to choose from, or leave `pools` out",
            );
        }
        return;
    };
    let others = [
        ("resize", "a type that changes"),
        ("timetable", "this counts instances"),
        ("warm_pool", "a group with several types has no warm pool (EC2 Auto Scaling user guide)"),
        ("standby", "this counts instances"),
        ("speeds", "this is of the first instances, whatever their type"),
    ];
    for (key, what) in others {
        if let Some(other) = reader.get(key) {
            let problem = Problem::at(&own.span(), format!("`overrides` do not go with `{key}`"));
            reader.cx.push(problem.also(&other.span(), what).hint("keep one of the two"));
        }
    }
    if forecasts {
        own.problem(
            "predictive scaling of a group of several types is not modelled",
            "a forecast counts instances: leave `predictive` out, or write `instance`",
        );
    }
    if spot.is_none() && all.iter().any(|of| of.spot_price.is_some()) {
        own.problem(
            "a Spot price in a group without Spot instances",
            "add spot = { on_demand_share = \"50%\" }, or leave `spot_price` out",
        );
    }
    for of in all.iter().skip(1) {
        if let Some(base) = base.filter(|base| *base > of.instance.memory) {
            let message = format!("a base of {base}, where {} has {}", of.instance.name, of.instance.memory);
            own.problem(message, "a base leaves room for requests");
        }
    }
}
