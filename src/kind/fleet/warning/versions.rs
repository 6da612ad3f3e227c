//! Versions that nothing comes of, and deployments that wait for nothing. In: the versions of a fleet, its refreshes, its deployments and
//! the balancers. Out: warnings.

use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::fleet::language::{Fleet, Strategy, Version};
use crate::kind::warning::Warning;
use crate::units::Time;

pub(super) fn warnings(index: usize, all: &Settings) -> Vec<Warning> {
    let fleet = &all.fleets[index];
    let is_checked = all.balancers.iter().any(|balancer| balancer.targets.index() == index);
    let versions = fleet.versions.iter().zip(1..);
    let versions = versions.filter_map(|(version, number)| felt_nowhere(fleet, version, number, is_checked));
    versions.chain(watched_by_nobody(fleet)).collect()
}

/// Times in which a deployment waits for an alarm that there is not.
fn watched_by_nobody(fleet: &Fleet) -> impl Iterator<Item = Warning> {
    fleet.deployments().enumerate().filter_map(move |(entry, it)| {
        let waits = it.bake.max(it.delay);
        let strategy = it.deploy.as_ref()?.strategy;
        if !it.alarms.is_empty() || waits == Time::ZERO || strategy == Strategy::BlueGreen {
            return None;
        }
        let (title, of, at) = (strategy.title(), &fleet.name, it.at);
        let then = if strategy == Strategy::Canary { "goes on" } else { "ends" };
        let message = format!(
            "the {title} of fleet `{of}` at {at} waits {waits} before it {then}, and no alarm can stop it"
        );
        let entry = entry.to_string();
        let place = ["fleet", of, "deploy", &entry, "bake"];
        let hint =
            "add `alarms`, such as alarms = [\"failing\"] with an [alarm.failing], or set bake = \"0s\"";
        Some(Warning::new(Code::Unused, &place, message, hint))
    })
}

fn felt_nowhere(fleet: &Fleet, version: &Version, number: usize, is_checked: bool) -> Option<Warning> {
    let (name, of) = (&version.name, &fleet.name);
    let at = ["fleet", of, "versions", name];
    if fleet.refresh.iter().all(|refresh| refresh.version != Some(number)) {
        let message = format!("no refresh and no deployment brings version `{name}` of fleet `{of}`");
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
