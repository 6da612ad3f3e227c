//! `replica = { … }` of a table: a global table of two Regions. In: where to, how late. Out: a [`Replica`].

use super::shapes::LAG;
use crate::dist::Law;
use crate::id::{TableId, UNKNOWN};
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
