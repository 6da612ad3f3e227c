//! `[nat.NAME]`: NAT gateways of some fleets. In: fleets, zones, ports, bandwidth. Out: a [`Nat`].

mod foreign;
pub mod shapes;

use self::shapes::{
    ADDRESSES, BANDWIDTH, ENDPOINT, GROWTH, IDLE_TIMEOUT, KEEP_ALIVE, MOST, PER_ZONE, PORTS, SHAPE,
};
use crate::catalog::region::Region;
use crate::catalog::zone::Zone;
use crate::id::{Dial, FleetId, Kind};
use crate::kind::path::{Leaves, Written};
use crate::kind::table::{Foreign, Table};
use crate::kind::{Settings, zones};
use crate::language::problem::Problem;
use crate::language::reader::{Context, Reader};
use crate::language::shape::Shape;
use crate::language::value::Value;
use crate::units::{Bandwidth, Time};

/// The NAT gateways of some fleets.
#[derive(Clone, Debug)]
pub struct Nat {
    /// Name in the file.
    pub name: String,
    /// The fleets whose hosts use them.
    pub fleets: Vec<FleetId>,
    /// Whether a gateway endpoint takes what goes to buckets past them.
    pub endpoint: bool,
    /// Whether each zone has one; else there is one for all.
    pub per_zone: bool,
    /// The zone of the only one.
    pub zone: Zone,
    /// IPv4 addresses of each.
    pub addresses: u32,
    /// Connections at a time to one destination by each address.
    pub ports: u32,
    /// How long a connection may be idle before the gateway forgets it.
    pub idle_timeout: Time,
    /// How long hosts keep an idle connection.
    pub keep_alive: Time,
    /// Bandwidth of each at the start.
    pub bandwidth: Bandwidth,
    /// The most that it grows to.
    pub most: Bandwidth,
    /// How long its link must be full before it grows.
    pub growth: Time,
}

/// NAT gateways have no gauges.
pub(crate) const GAUGES: &[Dial] = &[];

/// Most fleets of a table.
const FLEETS_MAX: usize = 1_000;
/// Most addresses of a gateway. (Amazon VPC user guide, NAT gateway basics: one primary and seven secondary ones.)
const ADDRESSES_MAX: u32 = 8;
/// Most ports of an address.
const PORTS_MAX: u32 = 65_535;

impl Nat {
    /// The zones in which there is a gateway.
    pub fn gateways(&self, all: &Settings) -> Vec<Zone> {
        let here = |zone: Zone| self.region(all).map_or(zone, |region| zone.moved_to(region));
        if !self.per_zone {
            return vec![here(self.zone)];
        }
        let in_use =
            |zone: &Zone| self.fleets.iter().any(|fleet| all.has_place((Kind::Fleet, fleet.index()), *zone));
        Zone::first(Zone::MOST).into_iter().map(here).filter(in_use).collect()
    }

    /// Connections at a time to one destination.
    pub fn at_once(&self) -> u64 {
        u64::from(self.addresses) * u64::from(self.ports)
    }

    /// Whether what leaves the hosts of a fleet goes through it.
    pub(crate) fn passes(&self, fleet: usize, leaves: &Leaves) -> bool {
        self.fleets.iter().any(|own| own.index() == fleet) && !(self.endpoint && leaves.by_endpoint)
    }
}

impl Table<Settings> for Nat {
    const ABOUT: &'static str = "NAT gateways";
    const SHAPES: &'static [&'static Shape] = &[&SHAPE];
    const FOREIGN: &'static [Foreign] = foreign::FOREIGN;

    fn read<'a>(name: &str, reader: &Reader<'a>, _: &mut Option<Written<'a>>) -> Nat {
        let per_zone = reader.or("per_zone", Value::flag, PER_ZONE.value);
        if let (true, Some(value)) = (per_zone, reader.get("az")) {
            value.problem("a zone of gateways that are in all of them", "remove it, or `per_zone`");
        }
        let bandwidth = reader.or("bandwidth", Value::bandwidth, BANDWIDTH.value);
        let most = reader.or("max_bandwidth", Value::bandwidth, Bandwidth(MOST.value.0.max(bandwidth.0)));
        if let Some(value) = reader.get("max_bandwidth").filter(|_| most.0 < bandwidth.0) {
            value.problem("it has more than that at the start", "raise it, or lower `bandwidth`");
        }
        Nat {
            name: name.to_owned(),
            fleets: reader.must("fleets", fleets, Vec::new()),
            endpoint: reader.or("endpoint", Value::flag, ENDPOINT.value),
            per_zone,
            zone: reader.or("az", zones::zone, Zone(0)),
            addresses: reader.or("addresses", |value| value.count(1..=ADDRESSES_MAX), ADDRESSES.value),
            ports: reader.or("ports", |value| value.count(1..=PORTS_MAX), PORTS.value),
            idle_timeout: reader.or("idle_timeout", Value::span_of_time, IDLE_TIMEOUT.value),
            keep_alive: reader.or("keep_alive", Value::time, KEEP_ALIVE.value),
            bandwidth,
            most,
            growth: reader.or("growth", Value::span_of_time, GROWTH.value),
        }
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn region(&self, all: &Settings) -> Option<Region> {
        all.region((Kind::Fleet, self.fleets.first()?.index()))
    }

    fn uses(&self) -> Vec<(Kind, usize)> {
        self.fleets.iter().map(|fleet| (Kind::Fleet, fleet.index())).collect()
    }

    fn places(&self, all: &Settings) -> Vec<Zone> {
        self.gateways(all)
    }

    /// Each fleet has one way out.
    fn check(&self, index: usize, all: &Settings, cx: &Context) {
        let Some(span) = cx.names.span(Kind::Nat, index) else { return };
        for fleet in &self.fleets {
            let Some(other) = all.nats[..index].iter().find(|other| other.fleets.contains(fleet)) else {
                continue;
            };
            let message = format!(
                "what leaves `{}` goes through `{}` already",
                cx.names.name(Kind::Fleet, fleet.index()),
                other.name
            );
            cx.push(Problem::at(span, message).hint("name each fleet in one [nat.NAME]".to_owned()));
        }
    }
}

/// One fleet, or several.
fn fleets(value: Value) -> Option<Vec<FleetId>> {
    let all = value.one_or_more(FLEETS_MAX)?;
    if all.is_empty() {
        value.problem("NAT gateways of no fleet", "name the fleets whose requests go through them");
    }
    Some(all.into_iter().filter_map(Value::id).collect())
}
