//! Paths that resources own, such as a health check. In: what their tables say. Out: [`OwnPath`]s, with steps read.

use super::few_populations;
use super::path::Step;
use super::scope::Scope;
use crate::dist::Law;
use crate::id::FleetId;
use crate::kind::path::{PathOwner, Written};

/// A path that a resource owns: attempts without a client walk it on hosts of a fleet.
#[derive(Clone, Debug)]
pub struct OwnPath {
    /// Whose it is.
    pub(crate) of: PathOwner,
    /// The name of its place, from which its streams of random numbers have theirs.
    pub place: String,
    /// The fleet on whose hosts it is walked.
    pub fleet: FleetId,
    /// CPU that it uses before its steps.
    pub cpu: Option<Law>,
    /// What it does then, in order.
    pub steps: Vec<Step>,
}

impl OwnPath {
    /// Reads the steps of a path, which are inside of a tier of its fleet.
    pub(in crate::scenario) fn read(of: PathOwner, written: Written, scope: &Scope) -> OwnPath {
        let Written { place, fleet, cpu, steps } = written;
        let tiers = [scope.kinds.fleets.get(fleet.index()).map(|_| fleet)];
        let steps = steps.map(|value| {
            let steps = scope.steps(value, &tiers).unwrap_or_default();
            few_populations(scope.cx, &value.span(), &steps);
            steps
        });
        OwnPath { of, place, fleet, cpu, steps: steps.unwrap_or_default() }
    }
}
