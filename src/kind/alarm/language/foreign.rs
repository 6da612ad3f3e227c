//! Words for keys of alarms from CloudWatch and other systems. In: nothing. Out: a table, for hints.

use crate::kind::table::Foreign;

/// What they are called here.
pub(super) const FOREIGN: &[Foreign] = &[
    Foreign { words: &["alarm_rule", "expression", "condition"], here: "rule" },
    Foreign { words: &["actions_suppressor", "suppressed_by"], here: "suppressor" },
    Foreign { words: &["actions_suppressor_wait_period", "wait_period"], here: "wait" },
    Foreign { words: &["actions_suppressor_extension_period", "extension_period"], here: "extension" },
    Foreign { words: &["metric_name", "gauge"], here: "metric" },
    Foreign { words: &["evaluation_periods"], here: "periods" },
    Foreign { words: &["datapoints_to_alarm"], here: "datapoints" },
    Foreign { words: &["treat_missing_data", "missing_data"], here: "missing" },
    Foreign { words: &["group", "auto_scaling_group", "asg"], here: "fleet" },
    Foreign { words: &["threshold", "greater_than"], here: "above" },
];
