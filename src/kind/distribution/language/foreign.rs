//! Words for keys of distributions from AWS and other systems. In: nothing. Out: a table, for hints.

use crate::kind::table::Foreign;

/// What they are called here.
pub(super) const FOREIGN: &[Foreign] = &[
    Foreign {
        words: &[
            "default_cache_behavior",
            "default_behavior",
            "default_behaviour",
            "origin",
            "origins",
            "backend",
            "target",
            "upstream",
        ],
        here: "default",
    },
    Foreign {
        words: &[
            "behaviors",
            "cache_behaviors",
            "ordered_cache_behavior",
            "rules",
            "routes",
            "paths",
            "path_pattern",
        ],
        here: "behaviours",
    },
    Foreign { words: &["edge_locations", "pops", "points_of_presence"], here: "edges" },
    Foreign { words: &["cache_size", "edge_size"], here: "edge_cache" },
    Foreign { words: &["regional_edge_caches", "rec"], here: "regional_caches" },
    Foreign { words: &["origin_shield"], here: "shield" },
    Foreign { words: &["connection_attempts", "attempts"], here: "connect_attempts" },
    Foreign {
        words: &["connection_timeout", "origin_connection_timeout", "origin_connect_timeout"],
        here: "connect_timeout",
    },
    Foreign {
        words: &["origin_read_timeout", "origin_response_timeout", "read_timeout"],
        here: "response_timeout",
    },
    Foreign { words: &["origin_keepalive_timeout", "keepalive_timeout"], here: "keep_alive" },
    Foreign { words: &["invalidation", "invalidations", "purges"], here: "purge" },
    Foreign { words: &["rate", "rps", "requests_per_second", "request_rate"], here: "requests" },
    Foreign { words: &["gbps", "throughput", "data_transfer"], here: "bandwidth" },
];
