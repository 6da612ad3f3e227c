//! How a fleet writes its `schedule`. Out: [`ScheduledAction`]s in time order that never leave min above max, one for each time
//! that a `cron` expression names.

use jiff::tz::TimeZone;

use super::shapes::{ACTION_SHAPE, ACTIONS_MAX, LATE, TIMES_MAX};
use super::{Never, ScheduledAction};
use crate::kind::fleet::language::shapes::INSTANCES_MAX;
use crate::kind::fleet::language::sizes::Sizes;
use crate::language::calendar;
use crate::language::reader::Reader;
use crate::language::value::Value;
use crate::language::zone;
use crate::units::Time;

impl ScheduledAction {
    /// Reads the scheduled actions of a fleet and sorts them by time.
    pub(crate) fn read_all(value: Value, sizes: Sizes) -> Option<Vec<ScheduledAction>> {
        let mut actions: Vec<(ScheduledAction, Value)> = Vec::new();
        for (place, entry) in value.elements(ACTIONS_MAX)?.into_iter().enumerate() {
            if let Some((action, times)) = entry.table(&ACTION_SHAPE, action) {
                if action.min.is_none() && action.max.is_none() && action.desired.is_none() {
                    entry.problem("a scheduled action that changes nothing", "set `min`, `max` or `desired`");
                }
                // What never comes stays, so that it can be warned of.
                let times = if action.never.is_some() { vec![Time::NEVER] } else { times };
                actions.extend(
                    times
                        .into_iter()
                        .map(|at| (ScheduledAction { entry: place, at, ..action.clone() }, entry)),
                );
            }
        }
        if actions.len() > TIMES_MAX {
            value.problem(
                format!("scheduled actions that come more than {TIMES_MAX} times in the run"),
                "let `cron` come less often, or make the run shorter",
            );
        }
        actions.truncate(TIMES_MAX);
        actions.sort_by_key(|(action, _)| action.at);
        in_bounds(sizes, &actions);
        Some(actions.into_iter().map(|(action, _)| action).collect())
    }
}

/// What an entry does, and when: once, or each time that its cron expression names.
fn action(reader: &Reader) -> (ScheduledAction, Vec<Time>) {
    let size = |value: Value| value.count(0..=INSTANCES_MAX);
    let when = reader.one_of(&["at", "cron"], true);
    let zone = reader.maybe("time_zone", zone::read);
    let mut never = None;
    let times = match when {
        Some(("at", value)) => {
            if let Some(value) = reader.get("time_zone") {
                value.problem(
                    "a time zone does not go with `at`",
                    "`at` counts from the start of the run: remove `time_zone`",
                );
            }
            value.time().into_iter().collect()
        }
        Some((_, value)) => {
            let (times, none) = recurring(value, &zone.unwrap_or(TimeZone::UTC)).unwrap_or_default();
            never = none;
            times
        }
        None => Vec::new(),
    };
    let action = ScheduledAction {
        entry: 0,
        at: Time::ZERO,
        never,
        late: reader.or("late", Value::law, LATE.value),
        min: reader.maybe("min", size),
        max: reader.maybe("max", size),
        desired: reader.maybe("desired", size),
    };
    (action, times)
}

/// The times of a cron expression in the run, and at most one more than there may be; or what to say if there is none.
fn recurring(value: Value, zone: &TimeZone) -> Option<(Vec<Time>, Option<Never>)> {
    const HINT: &str =
        "write minute, hour, day of the month, month and day of the week, such as \"0 9 * * MON-FRI\"";
    let text = value.text()?;
    let cron = match calendar::cron(text) {
        Ok(cron) => cron,
        Err(error) => {
            value.problem(format!("`{text}` is not a cron expression: {error}"), HINT);
            return None;
        }
    };
    let Some(calendar) = value.cx.calendar.get() else {
        value.problem(
            "`cron` without the date of the run",
            "write at the top of the file when the run starts, such as starts = \"2026-11-27T00:00:00Z\"",
        );
        return None;
    };
    let times: Vec<Time> = calendar.times(&cron, zone).take(TIMES_MAX + 1).collect();
    let never = times.is_empty().then(|| Never { cron: text.to_owned(), next: calendar.next(&cron, zone) });
    Some((times, never))
}

/// Scheduled actions, in time order, must never leave min above max.
fn in_bounds(sizes: Sizes, actions: &[(ScheduledAction, Value)]) {
    let (mut min, mut max) = (sizes.min, sizes.max);
    for (action, value) in actions.iter().filter(|(action, _)| action.never.is_none()) {
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
