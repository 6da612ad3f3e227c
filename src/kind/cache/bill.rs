//! What a cache is charged for: the hours of its nodes. In: the cache. Out: its charge.

use super::language::Cache;
use crate::cost::charge::Charge;
use crate::kind::Settings;
use crate::kind::bill::Billed;

/// Its charges are not by a count of its own.
impl Billed<Settings> for Cache {}

/// The charge of a cache.
pub(crate) fn charge(cache: &Cache) -> Charge<'_> {
    let nodes = f64::from(cache.shards) * (1.0 + f64::from(cache.replicas));
    Charge {
        what: format!("{} node-hours", cache.node.name),
        ..Charge::steady("ElastiCache-Redis", &cache.node.name, &cache.name, "hour", nodes)
    }
}
