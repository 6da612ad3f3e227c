//! Faults that change nothing. In: the faults, and the zones in which something is. Out: warnings.

use super::found::Warning;
use crate::kind::table::Table as _;
use crate::scenario::Scenario;
use crate::scenario::code::Code;

pub(super) fn warnings(scenario: &Scenario) -> Vec<Warning> {
    let zones = scenario.kinds.zones();
    let mut found = Vec::new();
    for fault in &scenario.faults {
        let (name, zone) = (fault.name.as_str(), fault.place.zone);
        if fault.at >= scenario.duration {
            let message = format!("fault `{name}` begins at {}, after the end of the run", fault.at);
            let hint = "set `at` to a time within `duration`, or remove it";
            found.push(Warning::new(Code::FaultWithoutEffect, &["fault", name, "at"], message, hint));
        } else if !zones.contains(&zone) {
            let message = format!("fault `{name}` takes zone {zone}, in which nothing has a place");
            let used: Vec<String> = zones.iter().map(|zone| zone.to_string()).collect();
            let hint = match used.is_empty() {
                true => "nothing of the file has a place in a zone: remove it".to_owned(),
                false => format!("take one of {}, or give a resource `azs` with it", used.join(", ")),
            };
            found.push(Warning::new(Code::FaultWithoutEffect, &["fault", name, "zone"], message, hint));
        }
        let caches = scenario.caches.iter().filter(|cache| cache.replicas > 0);
        let hit = caches.filter(|cache| cache.places(&scenario.kinds).contains(&zone));
        found.extend(hit.map(|cache| {
            let message = format!(
                "fault `{name}` takes shards of cache `{}`: its replicas do not take over in a run",
                cache.name
            );
            let hint = "the run is worse than the cache: a replica would serve again within a minute or two";
            Warning::new(Code::FailoverNotSimulated, &["cache", &cache.name, "replicas"], message, hint)
        }));
    }
    found
}
