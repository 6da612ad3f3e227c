//! Words for keys of faults from AWS and other systems. In: nothing. Out: a table, for hints.

use crate::kind::table::Foreign;

/// What they are called here.
pub(super) const FOREIGN: &[Foreign] = &[
    Foreign { words: &["az", "availability_zone", "target"], here: "zone" },
    Foreign { words: &["start", "begin", "from", "time", "when"], here: "at" },
    Foreign { words: &["duration", "length", "lasts"], here: "for" },
];
