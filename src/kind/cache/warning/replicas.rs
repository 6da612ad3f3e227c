//! Replicas that do not take over. In: the zones that are taken, and the places of nodes. Out: a warning for each cache that
//! loses shards which its replicas could serve again.

use crate::id::Kind;
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::warning::Warning;
use crate::language::names::Named as _;

pub(super) fn warnings(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let taken = expected.settings.taken();
    let found = taken.into_iter().flat_map(|(kind, name, zone)| {
        let caches = expected.caches.iter().filter(|cache| cache.replicas > 0 && !cache.multi_az);
        let hit = caches
            .filter(move |cache| (0..cache.shards as usize).any(|shard| cache.place_of(shard).zone == zone));
        hit.map(move |cache| warning(kind, name, &cache.name))
    });
    found.collect()
}

fn warning(by: Kind, name: &str, cache: &str) -> Warning {
    let message =
        format!("{} `{name}` takes shards of cache `{cache}`: its replicas do not take over", by.table());
    let hint = "with `multi_az` a replica serves again within half a minute";
    Warning::new(Code::FailoverNotSimulated, &["cache", cache, "multi_az"], message, hint)
}
