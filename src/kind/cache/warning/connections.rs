//! Instances without connections to the nodes of a cache. In: a cache, and what was counted. Out: a warning where some got none.

use crate::kind::cache::language::Cache;
use crate::kind::cache::record::CacheOutcome;
use crate::kind::code::Code;
use crate::kind::warning::Warning;
use crate::number::counted;

pub(super) fn warning(cache: &Cache, told: &CacheOutcome) -> Option<Warning> {
    (told.unconnected > 0.0).then(|| {
        let message = format!(
            "{} of instances that got no connections to cache `{}`, whose nodes take {} each",
            counted(told.unconnected.round() as u64, "command"),
            cache.name,
            cache.max_connections
        );
        let hint = "such a command is a miss: fewer `connections` an instance, or fewer instances";
        Warning::new(Code::ConnectionsAboveLimit, &["cache", &cache.name, "connections"], message, hint)
    })
}
