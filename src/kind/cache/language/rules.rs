//! Values of a cache that are not plain, and keys that have no place beside others. In: values. Out: what they mean, or problems.

use super::*;

/// A part of `maxmemory` that leaves something.
pub(super) fn reserved(value: Value) -> Option<f64> {
    let share = value.share()?;
    if share >= 1.0 {
        value.problem("no memory is left for data", "write less than \"100%\"");
        return None;
    }
    Some(share)
}

/// A time to live.
pub(super) fn ttl(value: Value) -> Option<Option<Law>> {
    let law = value.law_or("never")?;
    if law.as_ref().is_some_and(|law| law.mean() == Time::ZERO) {
        value.problem("a time to live of zero", "write a duration longer than zero, or \"never\"");
        return None;
    }
    Some(law)
}

/// What makes room.
pub(super) fn eviction(value: Value) -> Option<Eviction> {
    let policies = [
        ("lru", Eviction::Lru),
        ("sampled-lru", Eviction::SampledLru),
        ("lfu", Eviction::Lfu),
        ("fifo", Eviction::Fifo),
        ("random", Eviction::Random),
        ("ttl", Eviction::Expiry),
        ("none", Eviction::Nothing),
    ];
    value.choice_or(&policies, |word| {
        let word = word.replace('_', "-");
        let here = match word.strip_prefix("allkeys-").or(word.strip_prefix("volatile-"))? {
            "lru" => "sampled-lru",
            here => here,
        };
        policies.iter().any(|policy| policy.0 == here).then(|| format!("here it is \"{here}\""))
    })
}

/// Instants at which items are removed.
pub(super) fn flush(value: Value) -> Option<Vec<(Time, f64)>> {
    let mut found = Vec::new();
    for entry in value.elements(FLUSHES_MAX)? {
        found.push(match entry.is_table() {
            true => entry.table(&FLUSH_SHAPE, |reader| {
                (reader.must("at", Value::time, Time::ZERO), reader.or("share", Value::share, 1.0))
            })?,
            false => (entry.time()?, 1.0),
        });
    }
    found.sort_by_key(|flush| flush.0);
    Some(found)
}

/// Threads of a node that execute commands.
pub(super) fn threads(engine: Engine, node: &CacheNode) -> u32 {
    let like = node.name.strip_prefix("cache.").and_then(catalog::instance_type);
    match engine {
        Engine::Redis => 1,
        Engine::Memcached => like.map_or(2, |like| like.vcpus),
    }
}

/// Keys that contradict each other.
pub(super) fn check(cache: &Cache, reader: &Reader) {
    let refuse = |keys: &[&'static str], message: &str, hint: &str| {
        for value in keys.iter().filter_map(|key| reader.get(key)) {
            value.problem(message, hint);
        }
    };
    match cache.engine {
        Engine::Memcached => refuse(
            &["replicas", "read_from", "multi_az", "promotion", "lag", "reserved", "active_expiry"],
            "Memcached has nothing of this kind",
            "remove it, or use engine = \"redis\"",
        ),
        Engine::Redis => refuse(
            &["threads"],
            "Redis executes commands on one thread",
            "remove it, use more `shards`, or engine = \"memcached\"",
        ),
    }
    if cache.reads_from_replicas && cache.replicas == 0 {
        refuse(&["read_from"], "there are no replicas to read from", "add `replicas`");
    }
    if cache.hit_ratio.is_some() {
        refuse(
            &["flush", "soft_ttl", "absent", "absent_ttl", "sessions", "active_expiry"],
            "with a fixed hit ratio no keys are simulated",
            "remove it, or remove `hit_ratio`",
        );
    }
    if cache.ttl.is_none() {
        refuse(&["soft_ttl", "active_expiry"], "nothing expires here", "write a `ttl`");
        if cache.eviction == Eviction::Expiry {
            refuse(&["eviction"], "nothing expires here", "write a `ttl`, or another policy");
        }
    }
    if let (Some(soft), Some(ttl)) = (cache.soft_ttl, cache.ttl)
        && soft >= ttl
    {
        refuse(&["soft_ttl"], "items expire before they are fetched anew", "write less than the `ttl`");
    }
    if cache.connections.is_none() {
        refuse(
            &["max_connections"],
            "no connections are counted",
            "say how many `connections` an instance opens",
        );
    }
    if cache.absent == 0.0 {
        refuse(&["absent_ttl"], "nothing is absent", "say which share of the keys is `absent`");
    }
    if reader.get("memory").is_some() {
        refuse(&["reserved"], "`memory` is what is left for data", "remove one of the two");
    }
    if cache.sessions && cache.eviction != Eviction::Nothing {
        refuse(&["eviction"], "sessions are not evicted", "remove it, or `sessions`");
    }
}
