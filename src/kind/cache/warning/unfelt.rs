//! Settings that change nothing. In: caches, the zones that are taken, and the faults that strike. Out: a warning for each that was written in vain.

use crate::kind::Settings;
use crate::kind::cache::language::{COPY, Cache, DETECT, Engine, Eviction, LAG, PROMOTION};
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::warning::Warning;

pub(super) fn warnings(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let mut found = Vec::new();
    for (index, cache) in expected.caches.iter().enumerate() {
        let is_taken = cache.may_lose_nodes(index, expected.settings);
        let takes_over = is_taken && cache.replicas > 0 && cache.multi_az;
        let leaves_out = is_taken && cache.engine == Engine::Memcached;
        let mut unfelt = |key: &str, is_set: bool, is_felt: bool, why: &str| {
            if is_set && !is_felt {
                let message = format!("`{key}` of cache `{}`, {why}", cache.name);
                let path = ["cache", &cache.name, key];
                found.push(Warning::new(Code::SettingWithoutEffect, &path, message, HINT));
            }
        };
        let why = "of which no node is lost, or none takes over";
        unfelt("detect", cache.detect != DETECT.value, takes_over || leaves_out, why);
        unfelt("promotion", cache.promotion != PROMOTION.value, takes_over, why);
        unfelt("lag", cache.lag != LAG.value, takes_over, why);
        let why = "of which no value has bytes that take time";
        unfelt("copy", cache.copy != COPY.value, cache.bytes_take_time(), why);
        let is_chosen = cache.active_expiry && cache.eviction != Eviction::Nothing;
        unfelt("active_expiry", is_chosen, fills_up(expected, cache), "of which all keys fit");
    }
    found
}

const HINT: &str = "it does nothing in this file";

/// Whether the keys of a cache may be more than fit.
fn fills_up(expected: &Expected<'_, Settings>, cache: &Cache) -> bool {
    let index = expected.caches.iter().position(|it| it.name == cache.name);
    let of = |keys: &&((crate::id::Kind, usize), u32)| {
        Some(keys.0.1) == index && keys.0.0 == crate::id::Kind::Cache
    };
    let keys: u64 = expected.keys.iter().filter(of).map(|keys| u64::from(keys.1)).sum();
    keys > cache.capacity()
}
