//! Versions that nothing comes of. In: the versions of a fleet, its refreshes and the balancers. Out: warnings.

use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::fleet::language::{Fleet, Version};
use crate::kind::warning::Warning;

pub(super) fn warnings(index: usize, all: &Settings) -> Vec<Warning> {
    let fleet = &all.fleets[index];
    let is_checked = all.balancers.iter().any(|balancer| balancer.targets.index() == index);
    let versions = fleet.versions.iter().zip(1..);
    versions.filter_map(|(version, number)| felt_nowhere(fleet, version, number, is_checked)).collect()
}

fn felt_nowhere(fleet: &Fleet, version: &Version, number: usize, is_checked: bool) -> Option<Warning> {
    let (name, of) = (&version.name, &fleet.name);
    let at = ["fleet", of, "versions", name];
    if fleet.refresh.iter().all(|refresh| refresh.version != Some(number)) {
        let message = format!("no refresh brings version `{name}` of fleet `{of}`");
        let hint = format!("add refresh = [{{ at = \"10m\", version = \"{name}\" }}], or remove the version");
        return Some(Warning::new(Code::Unused, &at, message, hint));
    }
    (!version.passes && !is_checked).then(|| {
        let message = format!(
            "version `{name}` of fleet `{of}` fails its health checks, and no balancer checks the fleet"
        );
        let hint = "add [balancer.NAME] with the fleet as its `targets`, or leave `health` out";
        Warning::new(Code::Unused, &at, message, hint)
    })
}
