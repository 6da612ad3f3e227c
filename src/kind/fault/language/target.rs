//! What a fault strikes, and what it does there. In: a `[fault.NAME]` table. Out: a [`Target`].

use crate::catalog::zone::{Place, Zone};
use crate::id::{BalancerId, CacheId, DatabaseId, FleetId, Kind, ServiceId, UNKNOWN};
use crate::kind::zones;
use crate::language::reader::Reader;
use crate::language::shape::Given;
use crate::language::value::Value;
use crate::units::Time;

/// What a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// All that has a place in an Availability Zone.
    Zone(Place),
    /// Some instances of a fleet.
    Hosts {
        /// The fleet.
        fleet: FleetId,
        /// Only those in this zone.
        zone: Option<Zone>,
        /// How many.
        extent: Extent,
        /// What becomes of them.
        effect: OnHosts,
    },
    /// The requests of a resource.
    Requests {
        /// The resource, by the kind and the position of its table.
        of: (Kind, usize),
        /// Which of its members.
        member: Member,
        /// What becomes of them.
        effect: OnRequests,
    },
    /// The name of a balancer.
    Name {
        /// The balancer.
        of: BalancerId,
        /// The share of those who look it up that get a wrong address.
        share: f64,
        /// What is at that address.
        effect: OnName,
        /// How long those keep the address that have looked it up.
        ttl: Time,
    },
}

/// What a wrong name does to those who look it up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnName {
    /// Nothing answers at the address that it gives.
    Unreachable,
    /// Nobody listens at the address that it gives.
    Refuses,
}

/// Which members of a resource a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Member {
    /// All of it.
    All,
    /// The node that writes.
    Writer,
    /// A replica.
    Replica,
    /// A shard, from 1.
    Shard(u32),
}

/// How many instances a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Extent {
    /// So many.
    Count(u32),
    /// This share of those in service, at least one.
    Share(f64),
}

impl Extent {
    /// How many of so many.
    pub fn of(self, all: usize) -> usize {
        match self {
            Extent::Count(count) => all.min(count as usize),
            // A share of 10 % of 30 is 3, whatever a product of fractions is.
            Extent::Share(share) => all.min(((all as f64 * share - 1e-9).ceil() as usize).max(1)),
        }
    }
}

/// How many instances a fault strikes if nothing says so.
pub const INSTANCES: Given<u32> = Given::new(1, "assumption: most faults of instances are of one");
/// Most instances that a fault can name.
const INSTANCES_MAX: u32 = 100_000;
/// Most shards of a cache.
const SHARD_MAX: u32 = 500;
/// Most times as slow.
const FACTOR_MAX: f64 = 1e6;

/// What a fault does to instances.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum OnHosts {
    /// They stop without a word.
    Dies,
    /// Their application ends, and is started again.
    Crashes,
    /// They accept connections, and do nothing.
    Hangs,
    /// They work at this part of their speed.
    Slow(f64),
    /// They lose their network.
    Unreachable,
    /// They answer every request with an error.
    Fails,
}

/// What a fault does to requests.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum OnRequests {
    /// Their work takes so many times as long.
    Slow(f64),
    /// This share of them is answered with an error, after its work.
    Fails(f64),
    /// This share of them is turned away at once.
    Refuses(f64),
    /// They are not answered until it is over.
    Hangs,
    /// What serves them is gone until it is over, and comes back with nothing in memory.
    Dies,
    /// The server of a node of a database ends, and is started again.
    Crashes,
    /// A database is told to let another node write.
    FailsOver,
    /// A read replica of a database of RDS is promoted by hand, or the second Region of a Global Database.
    Promotes,
    /// A Global Database goes to its second Region, as planned.
    SwitchesOver,
    /// This share of the rows of a database is wrong, until it is restored.
    Corrupts(f64),
}

impl OnRequests {
    /// Whether it is over by itself.
    pub fn is_short(self) -> bool {
        matches!(
            self,
            OnRequests::Crashes
                | OnRequests::FailsOver
                | OnRequests::Promotes
                | OnRequests::SwitchesOver
                | OnRequests::Corrupts(_)
        )
    }
}

impl Target {
    /// Whether it goes on for a time; else it is done at once, or over by itself.
    pub fn lasts(&self) -> bool {
        match self {
            Target::Hosts { effect: OnHosts::Dies | OnHosts::Crashes, .. } => false,
            Target::Requests { effect, .. } => !effect.is_short(),
            _ => true,
        }
    }

    /// The table that it strikes, by its kind and its position; none where that is a zone.
    pub fn of(&self) -> Option<(Kind, usize)> {
        match *self {
            Target::Zone(_) => None,
            Target::Hosts { fleet, .. } => Some((Kind::Fleet, fleet.index())),
            Target::Requests { of, .. } => Some(of),
            Target::Name { of, .. } => Some((Kind::Balancer, of.index())),
        }
    }

    /// For how long it is felt after it is over.
    pub fn tail(&self) -> Time {
        match *self {
            Target::Name { ttl, .. } => ttl,
            _ => Time::ZERO,
        }
    }
}

/// What can be struck other than a whole zone.
const STRUCK: [&str; 5] = ["fleet", "service", "cache", "database", "balancer"];

/// What is struck: the instances of a fleet, a service, a cache, a database, or a whole zone.
pub(super) fn read(reader: &Reader) -> Target {
    match reader.one_of(&STRUCK, false) {
        Some(("fleet", value)) => hosts(value, reader),
        Some(("service", value)) => {
            let of = value.id().unwrap_or(ServiceId(UNKNOWN)).index();
            requests((Kind::Service, of), Member::All, reader)
        }
        Some(("cache", value)) => {
            let of = value.id().unwrap_or(CacheId(UNKNOWN)).index();
            let shard = reader.maybe("shard", |value| value.count(1..=SHARD_MAX));
            let member = shard.map_or(Member::All, Member::Shard);
            requests((Kind::Cache, of), member, reader)
        }
        Some(("balancer", value)) => name(value, reader),
        Some((_, value)) => {
            let of = value.id().unwrap_or(DatabaseId(UNKNOWN)).index();
            let nodes = [("writer", Member::Writer), ("replica", Member::Replica)];
            let member = reader.maybe("node", |value| value.choice(&nodes)).unwrap_or(Member::All);
            requests((Kind::Database, of), member, reader)
        }
        None => {
            let zone = reader.get("zone");
            if zone.is_none() && reader.get("region").is_none() {
                reader.missing(&["zone", "region", "fleet", "service", "cache", "database", "balancer"]);
            }
            let zone = zone.map_or(Zone::WHOLE, |value| zones::zone(value).unwrap_or(Zone(0)));
            Target::Zone(Place::at_home(zone))
        }
    }
}

fn hosts(fleet: Value, reader: &Reader) -> Target {
    let effects = [
        ("dies", OnHosts::Dies),
        ("crashes", OnHosts::Crashes),
        ("hangs", OnHosts::Hangs),
        ("slow", OnHosts::Slow(1.0)),
        ("unreachable", OnHosts::Unreachable),
        ("fails", OnHosts::Fails),
    ];
    let effect = match reader.must_choose("effect", &effects, OnHosts::Dies) {
        OnHosts::Slow(all) => OnHosts::Slow(reader.must("speed", speed, all)),
        effect => effect,
    };
    let extent = match reader.one_of(&["instances", "share"], false) {
        Some(("share", value)) => some_of(value).map(Extent::Share),
        Some((_, value)) => value.count(1..=INSTANCES_MAX).map(Extent::Count),
        None => None,
    };
    Target::Hosts {
        fleet: fleet.id().unwrap_or(FleetId(UNKNOWN)),
        zone: reader.maybe("zone", zones::zone),
        extent: extent.unwrap_or(Extent::Count(INSTANCES.value)),
        effect,
    }
}

/// How long an address is kept: 60 s.
pub const TTL: Given<Time> = Given::new(
    Time::from_secs(60),
    "Elastic Load Balancing user guide, how Elastic Load Balancing works: the DNS entry specifies a time to live of 60 seconds",
);

fn name(balancer: Value, reader: &Reader) -> Target {
    let effects = [("unreachable", OnName::Unreachable), ("refuses", OnName::Refuses)];
    Target::Name {
        of: balancer.id().unwrap_or(BalancerId(UNKNOWN)),
        effect: reader.must_choose("effect", &effects, OnName::Unreachable),
        share: reader.maybe("share", some_of).unwrap_or(1.0),
        ttl: reader.or("ttl", Value::span_of_time, TTL.value),
    }
}

fn requests(of: (Kind, usize), member: Member, reader: &Reader) -> Target {
    let effects = [
        ("slow", OnRequests::Slow(1.0)),
        ("fails", OnRequests::Fails(1.0)),
        ("refuses", OnRequests::Refuses(1.0)),
        ("hangs", OnRequests::Hangs),
        ("dies", OnRequests::Dies),
        ("crashes", OnRequests::Crashes),
        ("fails-over", OnRequests::FailsOver),
        ("promotes", OnRequests::Promotes),
        ("switches-over", OnRequests::SwitchesOver),
        ("corrupts", OnRequests::Corrupts(1.0)),
    ];
    // A service has no machine that could be lost, and only a database has a server to start again and another node to write.
    let effects = match of.0 {
        Kind::Service => &effects[..4],
        Kind::Cache => &effects[..5],
        _ => &effects[..],
    };
    let effect = match reader.must_choose("effect", effects, OnRequests::Hangs) {
        OnRequests::Slow(once) => OnRequests::Slow(reader.must("factor", factor, once)),
        OnRequests::Fails(all) => OnRequests::Fails(reader.must("share", some_of, all)),
        OnRequests::Refuses(all) => OnRequests::Refuses(reader.must("share", some_of, all)),
        OnRequests::Corrupts(all) => OnRequests::Corrupts(reader.must("share", some_of, all)),
        effect => effect,
    };
    Target::Requests { of, member, effect }
}

/// A share above zero.
fn some_of(value: Value) -> Option<f64> {
    let share = value.share()?;
    if share <= 0.0 {
        value.problem("a share of zero strikes nothing", "write a share above zero, or remove the fault");
        return None;
    }
    Some(share)
}

/// A speed between nothing and all.
fn speed(value: Value) -> Option<f64> {
    let speed = value.share()?;
    if speed <= 0.0 {
        value.problem("a speed of zero", "for instances that do nothing at all write effect = \"hangs\"");
        return None;
    }
    if speed >= 1.0 {
        value.problem("all of the speed: nothing would be slow", "write a share below \"100%\"");
        return None;
    }
    Some(speed)
}

/// How many times as slow.
fn factor(value: Value) -> Option<f64> {
    let factor = value.number(1.0..=FACTOR_MAX)?;
    if factor <= 1.0 {
        value.problem("as slow as before", "write a factor above 1, such as 5");
        return None;
    }
    Some(factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_up_to_at_least_one() {
        let of = |share: f64, all: usize| Extent::Share(share).of(all);
        assert_eq!([of(0.25, 4), of(0.25, 5), of(0.1, 30), of(0.01, 3), of(1.0, 7)], [1, 2, 3, 1, 7]);
        assert_eq!(of(0.5, 0), 0, "where none is in service, none is struck");
        assert_eq!([Extent::Count(3).of(2), Extent::Count(3).of(9)], [2, 3]);
    }
}
