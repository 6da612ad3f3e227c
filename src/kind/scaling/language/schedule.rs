//! How a fleet writes its `schedule`. Out: [`ScheduledAction`]s in time order that never leave min above max.

use super::ScheduledAction;
use super::shapes::{ACTION_SHAPE, ACTIONS_MAX};
use crate::kind::fleet::language::shapes::INSTANCES_MAX;
use crate::kind::fleet::language::sizes::Sizes;
use crate::language::value::Value;
use crate::units::Time;

impl ScheduledAction {
    /// Reads the scheduled actions of a fleet and sorts them by time.
    pub(crate) fn read_all(value: Value, sizes: Sizes) -> Option<Vec<ScheduledAction>> {
        let size = |value: Value| value.count(0..=INSTANCES_MAX);
        let mut actions: Vec<(ScheduledAction, Value)> = Vec::new();
        for entry in value.elements(ACTIONS_MAX)? {
            let action = entry.table(&ACTION_SHAPE, |reader| ScheduledAction {
                at: reader.must("at", Value::time, Time::ZERO),
                min: reader.maybe("min", size),
                max: reader.maybe("max", size),
                desired: reader.maybe("desired", size),
            });
            actions.extend(action.map(|action| (action, entry)));
        }
        actions.sort_by_key(|(action, _)| action.at);
        in_bounds(sizes, &actions);
        Some(actions.into_iter().map(|(action, _)| action).collect())
    }
}

/// Scheduled actions, in time order, must never leave min above max.
fn in_bounds(sizes: Sizes, actions: &[(ScheduledAction, Value)]) {
    let (mut min, mut max) = (sizes.min, sizes.max);
    for (action, value) in actions {
        if action.min.is_none() && action.max.is_none() && action.desired.is_none() {
            value.problem("a scheduled action that changes nothing", "set `min`, `max` or `desired`");
        }
        (min, max) = (action.min.unwrap_or(min), action.max.unwrap_or(max));
        if min > max {
            value.problem(
                format!("from {} on, min of {min} is above max of {max}", action.at),
                format!("set `max` to {min} or more in the same action"),
            );
            return;
        }
        if let Some(desired) = action.desired.filter(|desired| !(min..=max).contains(desired)) {
            value.problem(
                format!("desired of {desired} lies outside min of {min} and max of {max}"),
                "set `min` or `max` in the same action",
            );
        }
    }
}
