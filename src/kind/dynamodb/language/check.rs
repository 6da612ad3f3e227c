//! Keys of a table that contradict each other. In: a table. Out: problems at their places.

use super::DynamoTable;
use super::capacity::Capacity;
use crate::language::reader::Reader;

/// What no table can have.
pub(super) fn of_table(table: &DynamoTable, reader: &Reader) {
    let problem = |key: &'static str, message: String, hint: &str| {
        if let Some(value) = reader.get(key) {
            value.problem(message, hint);
        }
    };
    let quota = [table.quota.read, table.quota.write];
    let Capacity::Provisioned(it) = &table.capacity else { return };
    let units = [it.units.read, it.units.write];
    for (sort, (key, word)) in [("read_units", "read"), ("write_units", "write")].into_iter().enumerate() {
        if units[sort] > quota[sort] {
            let message = format!("{} {word} units are more than the quota of {}", units[sort], quota[sort]);
            problem(key, message, "raise the `quota` of the table, as AWS does on request");
        }
        let Some(bounds) = it.scaling.as_ref().and_then(|it| it.of[sort]) else { continue };
        if bounds.max > quota[sort] {
            let message = format!("{word}: max of {} is more than the quota of {}", bounds.max, quota[sort]);
            problem(
                "scaling",
                message,
                "lower `max`, or raise the `quota` of the table, as AWS does on request",
            );
        }
        if !(bounds.min..=bounds.max).contains(&units[sort]) {
            let message =
                format!("{} {word} units are not between {} and {}", units[sort], bounds.min, bounds.max);
            problem(key, message, "start between `min` and `max` of `scaling`");
        }
    }
}
