//! Words for keys of topics from AWS and other systems. In: nothing. Out: a table, for hints.

use crate::kind::table::Foreign;

/// What they are called here.
pub(super) const FOREIGN: &[Foreign] = &[
    Foreign { words: &["queue", "subscribers", "subscriptions", "targets"], here: "queues" },
    Foreign { words: &["function", "lambdas", "lambda"], here: "functions" },
    Foreign { words: &["type", "kind", "bus"], here: "service" },
];
