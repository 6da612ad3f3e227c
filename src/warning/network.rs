//! Bytes against networks: in a run bytes take no time, so what they would take is worked out here.
//!
//! In: sizes of items and answers, rates. Out: a warning where one value takes longer than its look-up, or all of them
//! more than the nodes can sustain.

use super::found::Warning;
use crate::kind::fleet::language::limits::{capacity, largest_at};
use super::load::Load;
use crate::catalog::bandwidth;
use crate::id::{ClassId, FleetId, Kind};
use crate::number::bounded;
use crate::scenario::Scenario;
use crate::scenario::code::Code;
use crate::scenario::request::{Class, Step, Target};
use crate::units::Time;

/// What a single flow gets at most, in bits per second.
/// Source: Amazon EC2 user guide, instance network bandwidth.
const FLOW: f64 = 5e9;

pub(super) fn warnings(scenario: &Scenario, load: &Load<'_>) -> Vec<Warning> {
    let mut found = Vec::new();
    for (index, cache) in scenario.caches.iter().enumerate() {
        let bits = cache.item.0 as f64 * 8.0;
        let looked_up = load.per_second(|demand| demand.count((Kind::Cache, index), "lookups"));
        let Some((at, rate)) = load.peak(&looked_up).filter(|(_, rate)| *rate > 0.0) else { continue };
        let takes = Time::from_secs_f64(bits / FLOW);
        let given =
            Time::from_secs_f64(cache.command.mean().as_secs_f64() / cache.node.strength) + cache.hop * 2;
        let key = ["cache", &cache.name, "item"];
        if takes > given {
            let message = format!(
                "a value of {} takes {} on the network, and a look-up in cache `{}` takes {} here",
                cache.item,
                rounded(takes),
                cache.name,
                rounded(given)
            );
            let hint = "at 5 Gbit/s, the most that one connection gets; bytes take no time in a run: add them to \
                        `command` and `hop`, or store less in a value";
            found.push(Warning::new(Code::NetworkAboveBandwidth, &key, message, hint));
        }
        if let Some(each) = bandwidth(&cache.node.name) {
            let (asked, there) = (bits * rate, each * f64::from(cache.shards));
            if asked > there {
                found.push(too_many_bytes(&key, at, asked, &format!("cache `{}`", cache.name), there));
            }
        }
    }
    for (index, fleet) in scenario.fleets.iter().enumerate() {
        let Some(each) = bandwidth(&fleet.instance.name) else { continue };
        let answers: Vec<bool> =
            scenario.classes.iter().map(|class| entrance(scenario, class) == Some(index)).collect();
        let sent = load.per_class(|class: ClassId, demand| match answers[class.index()] {
            true => demand.response.0 as f64 * 8.0,
            false => 0.0,
        });
        let one = capacity(fleet, 1).max(f64::MIN_POSITIVE);
        let there = |time| each * capacity(fleet, largest_at(fleet, time)).max(one) / one;
        let times: Vec<f64> =
            load.instants.iter().zip(&sent).map(|(time, sent)| sent / there(*time)).collect();
        if let Some((at, times)) = load.peak(&times).filter(|(_, times)| *times > 1.0) {
            let there = there(at);
            let what = format!("fleet `{}` at its largest", fleet.name);
            found.push(too_many_bytes(&["fleet", &fleet.name, "max"], at, times * there, &what, there));
        }
    }
    found
}

fn too_many_bytes(key: &[&str], at: Time, asked: f64, what: &str, there: f64) -> Warning {
    let message = format!(
        "the traffic at {at} sends {} Gbit/s from {what}, which can sustain {}",
        bounded(asked / 1e9),
        bounded(there / 1e9)
    );
    let hint = "network baseline of its types (EC2 user guide); beyond it they spend credits, and bytes take no time in a run";
    Warning::new(Code::NetworkAboveBandwidth, key, message, hint)
}

/// The fleet that sends the answer of a class.
fn entrance(scenario: &Scenario, class: &Class) -> Option<usize> {
    let Some(Step::Call { target, .. }) = class.steps.first() else { return None };
    let fleet: FleetId = match target {
        Target::Balancer(balancer) => scenario.balancers[balancer.index()].targets,
        Target::Fleet(fleet) => *fleet,
    };
    Some(fleet.index())
}

/// To two digits.
fn rounded(time: Time) -> Time {
    let digits = libm::log10(time.0.max(1) as f64).floor() as i32 - 1;
    let scale = libm::pow(10.0, f64::from(digits.max(0)));
    Time(((time.0 as f64 / scale).round() * scale) as u64)
}
