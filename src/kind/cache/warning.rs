//! What is rarely intended of a cache: too small nodes, values too large for the network, content that expires before the peak.
//!
//! In: the traffic that is expected, or the rows of runs. Out: warnings.

mod connections;
mod network;
mod replicas;
mod session;
mod unfelt;
mod warm;

use super::language::Cache;
use crate::kind::burstable::{self, Nodes, of_command_threads};
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::view::mean_of;
use crate::kind::warning::Warning;
use crate::kind::{Ended, Settings};
use crate::measure::resource::Resource;
use crate::number::excess;
use crate::units::Time;

/// Before a run.
pub(super) fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let (load, span) = (&expected.load, expected.duration);
    let mut found = Vec::new();
    for (index, cache) in expected.caches.iter().enumerate() {
        let of = Resource::Cache { cache: index };
        let asked = load.in_all(|demand| demand.of(of)) / span.as_secs_f64();
        let threads = f64::from(cache.shards) * f64::from(cache.lookup_threads());
        let busy = asked / cache.node.strength / threads;
        found.extend(credits(cache, busy, span, false));
        let asked = load.busy(|demand| demand.of(of), cache.node.strength);
        let there = threads * cache.node.strength;
        found.extend(load.worst(&asked, |_| there).map(|(time, times)| {
            let message = format!(
                "the traffic at {time} asks for {} the command threads of cache `{}`",
                excess(times),
                cache.name
            );
            let at = ["cache", &cache.name, "shards"];
            Warning::new(Code::DemandAboveCapacity, &at, message, "more `shards`, or a faster `command`")
        }));
        found.extend(network::warnings(expected, index, cache));
    }
    found.extend(warm::warnings(expected));
    found.extend(replicas::warnings(expected));
    found.extend(unfelt::warnings(expected));
    found
}

/// After it.
pub(super) fn ended(ended: &Ended<'_>) -> Vec<Warning> {
    let caches = ended.scene.caches.iter().zip(&ended.scene.timeline.caches);
    let found = caches.filter_map(|(cache, series)| {
        credits(cache, mean_of(&series.busy_percent) / 100.0, ended.scene.duration, true)
    });
    let sessions = ended.scene.caches.iter().zip(&ended.outcomes.caches);
    let sessions = sessions.filter_map(|(cache, told)| session::warning(cache, told));
    let unconnected = ended.scene.caches.iter().zip(&ended.outcomes.caches);
    let unconnected = unconnected.filter_map(|(cache, told)| connections::warning(cache, told));
    found.chain(sessions).chain(unconnected).collect()
}

fn credits(cache: &Cache, busy: f64, span: Time, seen: bool) -> Option<Warning> {
    burstable::warning(&Nodes {
        at: ["cache", &cache.name, "node"],
        what: &format!("cache `{}`", cache.name),
        name: &cache.node.name,
        cpu: of_command_threads(&cache.node.name, busy),
        hours: span.as_secs_f64() / 3_600.0 * f64::from(cache.shards),
        seen,
    })
}
