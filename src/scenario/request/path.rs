//! The path of a request, step by step. In: nothing. Out: [`Step`]s, which name resources by their ids.

use std::collections::BTreeSet;

use crate::dist::Law;
use crate::id::{BalancerId, FleetId, KeySpaceId, Kind, LambdaId};
use crate::kind;
use crate::kind::balancer::language::Split;
use crate::kind::balancer::step::Way;
use crate::kind::front::Asked;
use crate::kind::host::GroupId;
use crate::kind::path::PathOwner;
use crate::units::Time;

/// Where a call goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// To a balancer, which picks an instance.
    Balancer(BalancerId),
    /// Straight to the instances of a fleet in turn, as by DNS with every address in one record.
    Fleet(FleetId),
    /// To an environment of a function.
    Function(LambdaId),
}

impl Target {
    /// Whether its answers go to the internet: from a public balancer, or from an address of its own.
    pub(crate) fn faces_the_internet(self, kinds: &kind::Settings) -> bool {
        match self {
            Target::Balancer(id) => kinds.balancers[id.index()].internet_facing,
            Target::Fleet(_) | Target::Function(_) => true,
        }
    }
}

/// Where requests go that enter by a target.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entrance<'k> {
    /// The balancer or fleet, or one of the target groups.
    pub target: Target,
    /// The balancer that splits them over several target groups, if one does.
    pub split: Option<(BalancerId, &'k Split)>,
}

impl<'k> Entrance<'k> {
    /// Past all rules.
    fn of(target: Target, kinds: &'k kind::Settings) -> Entrance<'k> {
        let Target::Balancer(id) = target else { return Entrance { target, split: None } };
        let split = kinds.balancers.get(id.index()).and_then(|balancer| balancer.split.as_ref());
        Entrance { target, split: split.map(|split| (id, split)) }
    }

    /// Rules of a balancer look at the path and the host of a request, if these are known.
    pub(super) fn routed(target: Target, kinds: &'k kind::Settings, asked: Option<&Asked>) -> Entrance<'k> {
        let (Target::Balancer(id), Some(asked)) = (target, asked) else { return Entrance::of(target, kinds) };
        let balancer = kinds.balancers.get(id.index()).filter(|balancer| balancer.looks_at_paths());
        let rule = balancer.and_then(|balancer| {
            let (path, host) = asked.look();
            balancer.rule_for(path, host)
        });
        let Some(rule) = rule else { return Entrance::of(target, kinds) };
        let split = rule.split.as_ref().map(|split| (id, split));
        Entrance { target: Target::Balancer(rule.group), split }
    }

    /// The step before each of its calls, if requests are split, and where that call goes.
    pub(super) fn ways(&self, duration: Time) -> Vec<(Option<kind::Step>, Target)> {
        let Some((balancer, split)) = self.split else { return vec![(None, self.target)] };
        let ways = Way::all(balancer, split, duration).into_iter();
        ways.map(|(way, group)| (Some(kind::Step::Balancer(way)), Target::Balancer(group))).collect()
    }
}

impl Target {
    /// The balancer, the fleet or the function of a table, if it is one.
    pub(crate) fn of((kind, index): PathOwner) -> Option<Target> {
        let index = u32::try_from(index).ok()?;
        match kind {
            Kind::Balancer => Some(Target::Balancer(BalancerId(index))),
            Kind::Fleet => Some(Target::Fleet(FleetId(index))),
            Kind::Lambda => Some(Target::Function(LambdaId(index))),
            _ => None,
        }
    }

    /// Its table.
    pub(crate) fn table(self) -> PathOwner {
        match self {
            Target::Balancer(id) => (Kind::Balancer, id.index()),
            Target::Fleet(id) => (Kind::Fleet, id.index()),
            Target::Function(id) => (Kind::Lambda, id.index()),
        }
    }

    /// The group of hosts to which it leads; nothing where a name is broken, which has been said already then.
    pub(crate) fn group(self, kinds: &kind::Settings) -> Option<GroupId> {
        match self {
            Target::Balancer(balancer) => {
                let targets = kinds.balancers.get(balancer.index())?.targets;
                kinds.group_of((Kind::Fleet, targets.index()))
            }
            Target::Fleet(_) | Target::Function(_) => kinds.group_of(self.table()),
        }
    }

    /// The fleet to which it leads, if it leads to one; nothing where a name is broken, which has been said already then.
    pub(crate) fn fleet(self, kinds: &kind::Settings) -> Option<FleetId> {
        let fleet = match self {
            Target::Balancer(balancer) => kinds.balancers.get(balancer.index())?.targets,
            Target::Fleet(fleet) => fleet,
            Target::Function(_) => return None,
        };
        kinds.fleets.get(fleet.index()).map(|_| fleet)
    }
}

/// One step of a path.
#[derive(Clone, Debug)]
pub enum Step {
    /// Enter another tier: a thread of the picked instance is held for all of `steps`.
    Call {
        /// Entrance of the tier.
        target: Target,
        /// What happens there.
        steps: Vec<Step>,
    },
    /// Use the CPU of the instance. The law is time on one idle vCPU of strength 1 (m5 family).
    Cpu(Law),
    /// Pass time without using any resource, but keeping what is held.
    Delay(Law),
    /// Use a resource of some kind.
    Of {
        /// What is done there.
        step: kind::Step,
        /// Steps inside of it.
        inside: Vec<Step>,
    },
}

/// Tiers that a path can be inside of at once: which of their threads an attempt holds is a bit each of a byte.
pub const TIERS_MAX: usize = 8;
/// Populations of keys that one path can draw from.
pub const POPULATIONS_MAX: usize = 6;

/// The populations that a path draws keys from.
pub(super) fn populations(steps: &[Step]) -> BTreeSet<KeySpaceId> {
    let mut found = BTreeSet::new();
    collect(steps, &mut found);
    found
}

fn collect(steps: &[Step], found: &mut BTreeSet<KeySpaceId>) {
    for step in steps {
        match step {
            Step::Call { steps, .. } => collect(steps, found),
            Step::Of { step, inside } => {
                found.extend(step.keys().into_iter().map(|(_, keys)| keys));
                collect(inside, found);
            }
            Step::Cpu(_) | Step::Delay(_) => {}
        }
    }
}
