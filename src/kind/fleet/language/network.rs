//! `network` of a fleet: answers that take time on the link of their instance. In: a table, and the type. Out: a [`Network`].

use crate::catalog::{InstanceType, bandwidth, burst_bandwidth};
use crate::language::problem::Problem;
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::{Bandwidth, Time};

/// How long full credits pay for the burst: 5 min.
pub const LASTS: Given<Time> = Given::new(
    Time::from_secs(300),
    "EC2 user guide, \"Amazon EC2 instance network bandwidth\": typically from 5 to 60 minutes, depending on the size; that it is \
     the shortest is an assumption",
);

/// The language of the network of instances.
pub const SHAPE: Shape = Shape {
    title: "network = { … }",
    about: "Answers take time on the link of their instance: all that are sent at once share its bandwidth. It bursts while the \
            instance has network credits, and goes on at its baseline without them. The instance earns credits whenever it sends \
            less than its baseline. `{ }` takes everything from the type.",
    keys: &[
        Key::optional(
            "baseline",
            "bandwidth, such as \"750 Mbit/s\"",
            "that of the type (EC2 user guide, network performance); required for hardware that is not in the list",
            "what an instance can send for ever",
        ),
        Key::optional(
            "burst",
            "bandwidth",
            "that of the type (EC2 user guide, network performance; assumption: 12.5 Gbit/s for newer types of up to 16 vCPUs); \
             `baseline` for hardware that is not in the list",
            "what it can send while its credits last",
        ),
        Key::given(
            "lasts",
            "duration",
            || LASTS.show(),
            "how long full credits pay for sending at `burst` without a pause",
        ),
        Key::optional(
            "initial",
            "share, such as \"100%\"",
            "`\"100%\"` (EC2 user guide: an instance receives the most credits at launch)",
            "how full the credits of the instances of the start are; those of launched ones are full",
        ),
    ],
};

/// The link of an instance, for what it answers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Network {
    /// What it can send for ever.
    pub baseline: Bandwidth,
    /// What it can send while its credits last.
    pub burst: Bandwidth,
    /// How long full credits pay for the burst.
    pub lasts: Time,
    /// How full the credits of the instances of the start are, 0 to 1.
    pub initial: f64,
}

impl Network {
    /// The baseline as a part of the burst.
    pub fn share(&self) -> f64 {
        self.baseline.0 / self.burst.0
    }

    /// That of a fleet, if the file asks for it.
    pub(super) fn read(reader: &Reader, instance: &InstanceType) -> Option<Network> {
        let value = reader.get("network")?;
        let read = |value: Value| value.table(&SHAPE, |reader| Network::of_table(reader, instance));
        let network = reader.maybe("network", read)?;
        if network.is_none() {
            let message = format!("the bandwidth of {} is not known", instance.name);
            let hint = "for hardware of your own say `baseline`, such as \"750 Mbit/s\"";
            reader.cx.push(Problem::at(&value.span(), message).hint(hint));
        }
        network
    }

    /// That of a type to which instances change; one that is not in the list has the link that they had.
    pub(super) fn resized(from: Option<&Network>, to: &InstanceType) -> Option<Network> {
        let from = *from?;
        let Some(baseline) = bandwidth(&to.name).map(Bandwidth) else { return Some(from) };
        let burst = burst_bandwidth(&to.name).map(Bandwidth).filter(|burst| burst.0 > baseline.0);
        Some(Network { baseline, burst: burst.unwrap_or(baseline), ..from })
    }

    /// What a table says; nothing where neither it nor the type names a baseline.
    fn of_table(reader: &Reader, instance: &InstanceType) -> Option<Network> {
        let known = |of: Option<f64>| of.map(Bandwidth);
        let lasts = reader.or("lasts", Value::time, LASTS.value);
        let initial = reader.or("initial", Value::share, 1.0);
        let burst = reader.maybe("burst", Value::bandwidth);
        let given = reader.maybe("baseline", Value::bandwidth);
        let baseline = given.or(known(bandwidth(&instance.name)))?;
        let usual = known(burst_bandwidth(&instance.name)).filter(|usual| usual.0 > baseline.0);
        if let Some((burst, value)) = burst.zip(reader.get("burst"))
            && burst.0 < baseline.0
        {
            value.problem(
                format!("the burst of {burst} is below the baseline of {baseline}"),
                "a burst is at least the baseline",
            );
            return Some(Network { baseline, burst: baseline, lasts, initial });
        }
        Some(Network { baseline, burst: burst.or(usual).unwrap_or(baseline), lasts, initial })
    }
}
