//! Paths that resources own, such as a health check. In: what their tables say. Out: [`OwnPath`]s, with steps read.

use super::few_populations;
use super::path::Step;
use super::scope::Scope;
use crate::dist::Law;
use crate::id::UNKNOWN;
use crate::kind::host::GroupId;
use crate::kind::path::{PathOwner, Written};

/// A path that a resource owns: attempts without a client walk it on hosts of a group.
#[derive(Clone, Debug)]
pub struct OwnPath {
    /// Whose it is.
    pub(crate) of: PathOwner,
    /// The name of its place, from which its streams of random numbers have theirs.
    pub place: String,
    /// The group on whose hosts it is walked; that of a fleet has the number of the fleet.
    pub fleet: GroupId,
    /// CPU that it uses before its steps.
    pub cpu: Option<Law>,
    /// Time that it passes before its steps.
    pub time: Option<Law>,
    /// What it does then, in order.
    pub steps: Vec<Step>,
}

impl OwnPath {
    /// Reads the steps of a path, which are inside of a tier of its fleet.
    pub(in crate::scenario) fn read(of: PathOwner, written: Written, scope: &Scope) -> OwnPath {
        let Written { place, on, cpu, time, steps } = written;
        let group = scope.kinds.group_of(on);
        let tiers = [group];
        // A broken name has been said already.
        let fleet = group.unwrap_or(GroupId(UNKNOWN));
        let steps = steps.map(|value| {
            let steps = scope.steps(value, &tiers).unwrap_or_default();
            few_populations(scope.cx, &value.span(), &steps);
            steps
        });
        OwnPath { of, place, fleet, cpu, time, steps: steps.unwrap_or_default() }
    }
}
