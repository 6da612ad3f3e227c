//! The path of a request, step by step. In: nothing. Out: [`Step`]s, which name resources by their ids.

use std::collections::BTreeSet;

use crate::dist::Law;
use crate::id::{BalancerId, FleetId, KeySpaceId};
use crate::kind;

/// Where a call goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// To a balancer, which picks an instance.
    Balancer(BalancerId),
    /// Straight to the instances of a fleet in turn, as by DNS with every address in one record.
    Fleet(FleetId),
}

impl Target {
    /// Where a request of a path and a host goes that enters by it; nothing if nobody looks at them.
    pub(super) fn routed(self, kinds: &kind::Settings, path: &str, host: &str) -> Option<Target> {
        let Target::Balancer(id) = self else { return None };
        let balancer = kinds.balancers.get(id.index()).filter(|balancer| balancer.looks_at_paths())?;
        Some(balancer.rule_for(path, host).map_or(self, Target::Balancer))
    }

    /// The fleet to which it leads; nothing where a name is broken, which has been said already then.
    pub(crate) fn fleet(self, kinds: &kind::Settings) -> Option<FleetId> {
        let fleet = match self {
            Target::Balancer(balancer) => kinds.balancers.get(balancer.index())?.targets,
            Target::Fleet(fleet) => fleet,
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
