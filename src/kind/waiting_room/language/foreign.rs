//! Words for keys of waiting rooms from other systems. In: nothing. Out: a table, for hints.

use crate::kind::table::Foreign;

/// What they are called here.
pub(super) const FOREIGN: &[Foreign] = &[
    Foreign { words: &["new_users_per_minute", "outflow", "admission", "inlet", "admit"], here: "rate" },
    Foreign { words: &["total_active_users", "capacity", "max_size", "max_active"], here: "active" },
    Foreign { words: &["session_duration", "validity", "token_validity"], here: "session" },
    Foreign { words: &["while", "alarms", "closed_by", "pause_on"], here: "alarm" },
    Foreign { words: &["queueing_method", "discipline", "queue"], here: "order" },
    Foreign { words: &["start", "starts", "event_start", "at"], here: "opens" },
    Foreign { words: &["refresh", "refresh_interval", "poll_every"], here: "poll" },
];
