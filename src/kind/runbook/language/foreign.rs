//! Words for keys of runbooks from AWS and other systems. In: nothing. Out: a table, for hints.

use crate::kind::table::Foreign;

/// What they are called here.
pub(super) const FOREIGN: &[Foreign] = &[
    Foreign { words: &["trigger", "on", "event", "when"], here: "alarm" },
    Foreign { words: &["actions", "mainSteps", "tasks"], here: "steps" },
    Foreign { words: &["delay", "reaction", "approval", "acknowledge"], here: "decide" },
];
