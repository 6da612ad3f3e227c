//! What a cache is charged for: the hours of its nodes. In: the cache. Out: its charge.

use super::language::Cache;
use crate::cost::charge::Charge;
use crate::kind::Settings;
use crate::kind::bill::Billed;
use crate::usage::Used;

impl Billed<Settings> for Cache {
    const PLACE: u8 = 2;

    fn charges<'a>(&'a self, _all: &'a Settings, _used: &Used) -> Vec<Charge<'a>> {
        let nodes = f64::from(self.shards) * (1.0 + f64::from(self.replicas));
        vec![Charge {
            what: format!("{} node-hours", self.node.name),
            ..Charge::steady("ElastiCache-Redis", &self.node.name, &self.name, "hour", nodes)
        }]
    }
}
