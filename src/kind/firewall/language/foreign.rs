//! Words for keys of firewalls from AWS and other systems. In: nothing. Out: a table, for hints.

use crate::kind::table::Foreign;

/// What they are called here.
pub(super) const FOREIGN: &[Foreign] = &[
    Foreign {
        words: &["rate_rules", "rate_based", "rate_limits", "match_rules", "managed_rules", "statements"],
        here: "rules",
    },
    Foreign { words: &["resource", "associate", "association", "resource_arn", "protects"], here: "before" },
    Foreign { words: &["overhead", "delay", "added_latency"], here: "latency" },
];
