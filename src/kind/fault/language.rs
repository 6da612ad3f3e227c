//! `[fault.NAME]`: a zone is lost, or instances of a fleet, a service, a cache or a database are not what they should be. In: what is struck, how, when
//! and for how long. Out: a [`Fault`].

mod foreign;
mod shape;
mod target;

use crate::catalog::region::Region;
use crate::catalog::zone::{Place, Zone};
use crate::dist::Law;
use crate::id::{self, Dial, FaultId};
use crate::kind::Settings;
use crate::kind::path::Written;
use crate::kind::table::{Foreign, Table};
use crate::language::problem::Problem;
use crate::language::reader::{Context, Reader};
use crate::language::shape::Shape;
use crate::language::value::Value;
use crate::units::Time;

pub use shape::SHAPE;
pub use target::{Extent, Member, OnHosts, OnName, OnRequests, Target};

/// A fault: what it strikes, and when.
#[derive(Clone, Debug)]
pub struct Fault {
    /// Name in the file.
    pub name: String,
    /// What it strikes, and how.
    pub target: Target,
    /// The fault with which it strikes, at the same instants.
    pub with: Option<FaultId>,
    /// When it begins; of one that strikes again and again, from when on.
    pub at: Time,
    /// The time between its strikes, if there may be several; the first comes that long after `at`.
    pub every: Option<Law>,
    /// How long a strike lasts; `None` is until the end, or no time at all where it takes none.
    pub length: Option<Time>,
}

impl Fault {
    /// Whether it strikes once, at a time that is known from the file.
    pub fn is_planned(&self) -> bool {
        self.every.is_none() && self.with.is_none()
    }

    /// How long a strike is felt, if that has an end.
    pub fn felt(&self) -> Option<Time> {
        self.length.map(|length| length + self.target.tail())
    }

    /// Whether it makes data of a table wrong.
    pub fn corrupts(&self, table: (id::Kind, usize)) -> bool {
        matches!(self.target, Target::Requests { of, effect: OnRequests::Corrupts(_), .. } if of == table)
    }

    /// When it is over, if it is, and if that is known from the file.
    pub fn until(&self) -> Option<Time> {
        self.felt().filter(|_| self.is_planned()).map(|felt| self.at + felt)
    }

    /// The zone that it takes.
    pub fn place(&self) -> Option<Place> {
        match self.target {
            Target::Zone(place) => Some(place),
            _ => None,
        }
    }

    /// The zone that it takes at a time that is known from the file.
    pub fn planned_place(&self) -> Option<Place> {
        self.place().filter(|_| self.is_planned())
    }
}

/// Faults have no gauges.
pub(crate) const GAUGES: &[Dial] = &[];

/// The shortest mean time between the strikes of a fault. What comes more often is no fault.
const EVERY_LEAST: Time = Time::from_secs(1);

impl Table<Settings> for Fault {
    const ABOUT: &'static str =
        "losses of an Availability Zone, and faults of instances, services, caches, databases and names";
    const SHAPES: &'static [&'static Shape] = &[&SHAPE];
    const FOREIGN: &'static [Foreign] = foreign::FOREIGN;
    const BILLED: bool = false;
    const ACTS: bool = true;
    const PLACED: bool = true;

    fn read<'a>(name: &str, reader: &Reader<'a>, _: &mut Option<Written<'a>>) -> Fault {
        let target = target::read(reader);
        let every = reader.maybe("every", every);
        let with = reader.maybe("with", Value::id::<FaultId>);
        let others = ["at", "every"].into_iter().filter_map(|key| reader.get(key));
        if reader.get("with").is_some() {
            reader.excludes(["at", "every"]);
            others.for_each(|value| {
                value.problem("a time of its own beside `with`", "remove it, or `with`");
            });
        }
        if reader.get("at").is_some() || reader.get("every").is_some() {
            reader.excludes(["with"]);
        }
        let at = match (reader.get("with").is_some(), reader.get("every").is_some()) {
            (true, _) => Time::ZERO,
            (false, true) => reader.or("at", Value::time, Time::ZERO),
            (false, false) => reader.must("at", Value::time, Time::ZERO),
        };
        // What it does at once, and what is over by itself, does not last.
        let length = if target.lasts() { reader.maybe("for", Value::span_of_time) } else { None };
        if (every.is_some() || with.is_some()) && target.lasts() && length.is_none() {
            reader.missing(&["for"]);
        }
        Fault { name: name.to_owned(), target, with, at, every, length }
    }

    fn move_to(&mut self, region: Region) {
        if let Target::Zone(place) = &mut self.target {
            place.zone = place.zone.moved_to(region);
        }
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn takes(&self) -> Option<Zone> {
        self.place().map(|place| place.zone)
    }

    fn check(&self, index: usize, all: &Settings, cx: &Context) {
        let Some(span) = cx.names.span(id::Kind::Fault, index) else { return };
        if let Some(other) = self.with.and_then(|with| all.faults.get(with.index()))
            && other.with.is_some()
        {
            let message = format!("`{}` strikes with another fault itself", other.name);
            cx.push(Problem::at(span, message).hint("name a fault that has `at` or `every`".to_owned()));
        }
        let Target::Requests { of: (_, of), member, effect } = self.target else { return };
        if effect == OnRequests::FailsOver {
            let Some(database) = all.databases.get(of) else { return };
            let (message, hint) = if member != Member::All {
                (
                    "a node of a database that fails over".to_owned(),
                    "remove `node`: it is the writer that another node takes over from".to_owned(),
                )
            } else if database.heirs().next().is_none() {
                (
                    format!("a failover of `{}`, where nothing can take over from the writer", database.name),
                    "give it `replicas` if it is Aurora, or `multi_az`; or write effect = \"crashes\""
                        .to_owned(),
                )
            } else {
                return;
            };
            return cx.push(Problem::at(span, message).hint(hint));
        }
        if matches!(effect, OnRequests::Corrupts(_)) && member != Member::All {
            let message = "a node that is named, and rows that are wrong";
            let hint = "remove `node`: all nodes of a database have the same rows";
            return cx.push(Problem::at(span, message).hint(hint));
        }
        if effect == OnRequests::SwitchesOver
            && let Some(database) = all.databases.get(of)
            && database.global.is_none()
        {
            let message = format!("a switchover of `{}`, which has no second Region", database.name);
            let hint = "give it `global = {}`, or write effect = \"fails-over\"".to_owned();
            return cx.push(Problem::at(span, message).hint(hint));
        }
        if effect == OnRequests::Promotes {
            let Some(database) = all.databases.get(of) else { return };
            let (name, text) = (&database.name, |text: &str| text.to_owned());
            let (message, hint) = if member != Member::All {
                (
                    text("a node that is named, and a promotion"),
                    text("remove `node`: the replica that is least behind is promoted"),
                )
            } else if database.global.is_some() {
                return;
            } else if database.promotes() {
                let message = format!("a promotion of `{name}`, where a replica takes over by itself");
                (message, text("write effect = \"fails-over\", or give it `global` for a second Region"))
            } else if database.replicas == 0 {
                (
                    format!("a promotion of a replica of `{name}`, which has none"),
                    format!("give `{name}` `replicas`"),
                )
            } else {
                return;
            };
            return cx.push(Problem::at(span, message).hint(hint));
        }
        let (message, hint) = match member {
            Member::Shard(shard) => match all.caches.get(of) {
                Some(cache) if shard > cache.shards => (
                    format!("shard {shard} of `{}`, which has {}", cache.name, cache.shards),
                    format!("take one from 1 to {}", cache.shards),
                ),
                _ => return,
            },
            Member::Replica => match all.databases.get(of) {
                Some(database) if database.replicas == 0 => (
                    format!("a replica of `{}`, which has none", database.name),
                    format!("give `{}` `replicas`, or write node = \"writer\"", database.name),
                ),
                _ => return,
            },
            Member::All | Member::Writer => return,
        };
        cx.push(Problem::at(span, message).hint(hint));
    }

    fn strikes(&self) -> Option<(id::Kind, usize)> {
        match self.target {
            Target::Hosts { effect: OnHosts::Fails, .. } | Target::Requests { .. } | Target::Name { .. } => {
                self.target.of()
            }
            Target::Zone(_) | Target::Hosts { .. } => None,
        }
    }

    fn by_chance(&self, duration: Time) -> Option<f64> {
        let every = self.every.as_ref()?;
        let left = (duration.max(self.at) - self.at).as_secs_f64();
        // Of a law without a formula: as if it had no memory.
        let later = every.above(1, left).unwrap_or_else(|| libm::exp(-left / every.mean().as_secs_f64()));
        Some(1.0 - later)
    }

    fn spoils_data(&self) -> bool {
        matches!(self.target, Target::Requests { effect: OnRequests::Corrupts(_), .. })
    }

    fn kills(&self) -> Option<(id::Kind, usize)> {
        match self.target {
            // Without a shard, all of them are lost, and no replica is left.
            Target::Requests { of, member: Member::Writer | Member::Shard(_), effect: OnRequests::Dies } => {
                Some(of)
            }
            _ => None,
        }
    }

    fn changes(&self) -> Vec<Time> {
        match self.is_planned() {
            false => Vec::new(),
            true => std::iter::once(self.at).chain(self.until()).collect(),
        }
    }
}

/// The time between strikes.
fn every(value: Value) -> Option<Law> {
    let law = value.law()?;
    if law.mean() < EVERY_LEAST {
        value.problem(
            format!("a fault every {} on the mean", law.mean()),
            format!("write a law with a mean of at least {EVERY_LEAST}"),
        );
        return None;
    }
    Some(law)
}
