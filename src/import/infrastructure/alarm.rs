//! Alarms that start no policy. In: alarms of CloudWatch. Out: `alarm` tables, which only notify.

use std::collections::BTreeSet;

use super::draft::Draft;
use super::metric;
use super::table::Table;

/// Alarms that start no policy only notify.
pub fn read(draft: &mut Draft<'_>, used: &BTreeSet<usize>) {
    let world = draft.world;
    for (i, alarm) in world.of(&["aws_cloudwatch_metric_alarm"]) {
        if used.contains(&i) {
            continue;
        }
        let view = alarm.view();
        let made =
            metric::of(draft, view, None).and_then(|metric| Ok((metric::alarm(view, &metric)?, metric)));
        match made {
            Ok((keys, metric)) => {
                let mut table: Table = draft.table("alarm", i);
                table.set("metric", metric.name.clone());
                if let Some(fleet) = metric.fleet {
                    table.set("fleet", draft.fleets[fleet].table.name());
                }
                for (key, value) in keys {
                    table.set(&key, value);
                }
                draft.others.push(table);
            }
            Err(why) => draft.remark(i, &format!("an alarm that is not here: {why}")),
        }
    }
}
