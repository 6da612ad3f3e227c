//! Replicas that do not take over. In: the zones that are taken, and the places of shards. Out: a warning for each cache that
//! loses shards which its replicas would serve again.

use crate::id::Kind;
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::table::Table as _;
use crate::kind::warning::Warning;
use crate::language::names::Named as _;

pub(super) fn warnings(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let taken = expected.settings.taken();
    let found = taken.into_iter().flat_map(|(kind, name, zone)| {
        let caches = expected.caches.iter().filter(|cache| cache.replicas > 0);
        let hit = caches.filter(move |cache| cache.places(expected.settings).contains(&zone));
        hit.map(move |cache| warning(kind, name, &cache.name))
    });
    found.collect()
}

fn warning(by: Kind, name: &str, cache: &str) -> Warning {
    let message = format!(
        "{} `{name}` takes shards of cache `{cache}`: its replicas do not take over in a run",
        by.table()
    );
    let hint = "the run is worse than the cache: a replica would serve again within a minute or two";
    Warning::new(Code::FailoverNotSimulated, &["cache", cache, "replicas"], message, hint)
}
