//! Words for keys of names from Route 53 and Terraform. In: nothing. Out: a table, for hints.

use crate::kind::table::Foreign;

/// What they are called here.
pub(super) const FOREIGN: &[Foreign] = &[
    Foreign {
        words: &["record", "values", "value", "targets", "resource_records", "a", "cname", "answers"],
        here: "records",
    },
    Foreign { words: &["routing", "routing_policy", "type"], here: "policy" },
    Foreign { words: &["time_to_live", "cache"], here: "ttl" },
    Foreign { words: &["weights", "shift", "switch"], here: "changes" },
    Foreign { words: &["clients", "caches"], here: "resolvers" },
    Foreign { words: &["jvm", "hold", "sticky", "networkaddress_cache_ttl"], here: "holds" },
    Foreign { words: &["delay", "insync"], here: "propagation" },
    Foreign { words: &["elastic_ips", "eip", "ips"], here: "addresses" },
];
