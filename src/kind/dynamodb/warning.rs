//! What is rarely intended of a table: more units than it takes, or of one item than a partition takes. In: the traffic that is expected. Out: warnings.

use super::deed::{Deed, SORTS};
use super::language::DynamoTable;
use super::language::capacity::Capacity;
use super::model::of;
use crate::id::Kind;
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::warning::Warning;
use crate::number::{excess, number};

/// What steps are counted by: units for the most popular key of their population.
pub(super) const HOT_READS: &str = "read units of the most popular item";
pub(super) const HOT_WRITES: &str = "write units of the most popular item";

/// The sorts: words, a deed, what is counted of the most popular item.
const SORTED: [(&str, Deed, &str); SORTS] =
    [("read", Deed::Get, HOT_READS), ("write", Deed::Put, HOT_WRITES)];

/// Before a run.
pub(super) fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let mut found = Vec::new();
    for (index, table) in expected.dynamo_tables.iter().enumerate() {
        for sort in 0..SORTS {
            found.extend(of_table(expected, index, table, sort));
            found.extend(of_item(expected, index, table, sort));
        }
    }
    found
}

/// More than a table takes, at the largest size that auto scaling gives it.
fn of_table(
    expected: &Expected<'_, Settings>,
    index: usize,
    table: &DynamoTable,
    sort: usize,
) -> Option<Warning> {
    let (word, deed, _) = SORTED[sort];
    let asked = expected.load.per_second(|demand| demand.of(of(index, deed)));
    let had = table.limit()[sort];
    let (most, hint) = match &table.capacity {
        Capacity::OnDemand(_) => (
            had,
            "it grows only to twice its peak of 30 minutes ago: warm it by `warm_throughput`, or let the traffic grow more slowly; \
             a maximum or a quota bounds it as well",
        ),
        Capacity::Provisioned(it) => match it.scaling.as_ref().and_then(|it| it.of[sort]) {
            Some(bounds) => {
                (f64::from(bounds.max), "raise `max` of its scaling, or use capacity = \"on-demand\"")
            }
            None => (had, "provision more units, let it scale, or use capacity = \"on-demand\""),
        },
    };
    let (time, times) = expected.load.worst(&asked, |_| most / had)?;
    let message = format!(
        "the traffic at {time} asks for {} the {} {word} units a second that table `{}` takes",
        excess(times),
        number(most),
        table.name
    );
    Some(Warning::new(Code::DemandAboveCapacity, &["dynamodb", &table.name, word], message, hint.to_owned()))
}

/// More for one item than a partition takes. Where items are of several populations, the most popular ones of these are not the same.
fn of_item(
    expected: &Expected<'_, Settings>,
    index: usize,
    table: &DynamoTable,
    sort: usize,
) -> Option<Warning> {
    let (word, _, counted) = SORTED[sort];
    let owner = (Kind::DynamoTable, index);
    if expected.keys.iter().filter(|(of, _)| *of == owner).count() != 1 {
        return None;
    }
    let takes = table.partition.each()[sort];
    let asked = expected.load.per_second(|demand| demand.count(owner, counted));
    let (time, times) = expected.load.worst(&asked, |_| takes)?;
    let message = format!(
        "the traffic at {time} asks for {} the {} {word} units a second that one item of table `{}` can have",
        excess(times),
        number(takes),
        table.name
    );
    let hint = "no capacity helps a hot key: spread it over several keys, or put a cache, such as `dax`, before the table";
    let place = ["dynamodb", &table.name, word, "item"];
    Some(Warning::new(Code::DemandAboveCapacity, &place, message, hint.to_owned()))
}
