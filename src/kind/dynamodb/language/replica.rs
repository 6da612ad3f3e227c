//! `replica = { … }` of a table: a global table of two Regions. In: where to, how late. Out: a [`Replica`].

use super::DynamoTable;
use super::shapes::LAG;
use crate::dist::Law;
use crate::id::{Kind, TableId, UNKNOWN};
use crate::language::problem::Problem;
use crate::language::reader::Context;
use crate::language::shape::{Key, Shape};
use crate::language::value::Value;

/// What is written to a table comes to another one later, and the other way round.
#[derive(Clone, Debug)]
pub struct Replica {
    /// The other one.
    pub to: TableId,
    /// From when an item is written to when it is in the other table.
    pub lag: Law,
}

/// The language of a replica.
pub const REPLICA_SHAPE: Shape = Shape {
    title: "replica = { … }",
    about: "A global table of two Regions: what is written in one is in the other a little later, and the last writer wins. Both tables copy to each other; one of \
            them has to say it. What is not there yet when the Region of a table is lost counts as lost.",
    keys: &[
        Key::required("to", "name of a DynamoDB table", "the other table, which is in another `region`"),
        Key::given(
            "lag",
            "law",
            || LAG.show(),
            "from when an item is written to when it is in the other table",
        ),
    ],
};

impl Replica {
    /// Of the table of a name.
    pub(super) fn read(value: Value, of: &str) -> Option<Replica> {
        value.table(&REPLICA_SHAPE, |reader| {
            let to = reader.must("to", Value::id, TableId(UNKNOWN));
            if let Some(value) = reader.get("to").filter(|value| value.is_text() && value.text() == Some(of))
            {
                value.problem("a table cannot be its own replica", "name another table");
            }
            Replica { to, lag: reader.or("lag", Value::law, LAG.value) }
        })
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
pub(super) fn check(index: usize, tables: &[DynamoTable], cx: &Context) {
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
