//! Keys of tables that contradict each other, and the two replicas of a global table. In: tables. Out: problems at their places.

use super::DynamoTable;
use super::capacity::Capacity;
use super::replica::Replica;
use crate::id::{Kind, TableId};
use crate::language::problem::Problem;
use crate::language::reader::{Context, Reader};

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

/// The other replica of a table copies back as it does, unless it says how itself.
pub(super) fn pair(tables: &mut [DynamoTable], index: usize) {
    let Some(Replica { to, lag }) = tables[index].replica.clone() else { return };
    let Some(other) = tables.get_mut(to.index()).filter(|_| to.index() != index) else { return };
    if other.replica.is_none() {
        other.replica = Some(Replica { to: TableId(index as u32), lag });
    }
}

/// A global table has two replicas here, in two Regions.
pub(super) fn of_replicas(index: usize, tables: &[DynamoTable], cx: &Context) {
    let table = &tables[index];
    let Some((to, replica)) =
        table.replica.as_ref().map(|it| it.to.index()).and_then(|to| Some((to, tables.get(to)?)))
    else {
        return;
    };
    let problem = |message: String, hint: &str| {
        if let Some(span) = cx.names.span(Kind::DynamoTable, index) {
            cx.push(Problem::at(span, message).hint(hint));
        }
    };
    if replica.replica.as_ref().is_some_and(|back| back.to.index() != index) {
        let message = format!("`{}` is a replica of another table than `{}`", replica.name, table.name);
        problem(message, "global tables have two Regions here");
    } else if index < to && replica.region == table.region {
        let message = format!("both replicas of `{}` are in one Region", table.name);
        problem(message, "give one of the two another `region`");
    }
}
