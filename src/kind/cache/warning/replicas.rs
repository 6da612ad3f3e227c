//! Replicas that do not take over. In: the zones that are taken, nodes that die, and where nodes are. Out: a warning for each cache that
//! loses shards which its replicas could serve again.

use crate::id::Kind;
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::warning::Warning;
use crate::language::names::Named as _;

pub(super) fn warnings(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let caches = expected.caches.iter().enumerate();
    let caches = caches.filter(|(_, cache)| cache.replicas > 0 && !cache.multi_az);
    let found = caches.flat_map(|(index, cache)| {
        let has = |zone| (0..cache.shards as usize).any(|shard| cache.place_of(shard).zone == zone);
        let taken = expected.settings.taken().into_iter().filter(|taken| has(taken.2));
        let by =
            taken.map(|(kind, name, _)| (kind, name)).chain(expected.settings.killing((Kind::Cache, index)));
        by.map(|(kind, name)| warning(kind, name, &cache.name)).collect::<Vec<_>>()
    });
    found.collect()
}

fn warning(by: Kind, name: &str, cache: &str) -> Warning {
    let message =
        format!("{} `{name}` takes shards of cache `{cache}`: its replicas do not take over", by.table());
    let hint = "with `multi_az` a replica serves again within half a minute";
    Warning::new(Code::FailoverNotSimulated, &["cache", cache, "multi_az"], message, hint)
}
