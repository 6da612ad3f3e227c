//! A table of a file, as an outcome refers to it. In: kind and name. Out: a [`Reference`].

use serde::{Deserialize, Serialize};

use super::Kind;

/// A table of the file by its kind and its name there: a name is unique within its kind only.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Reference {
    /// Its kind.
    pub kind: Kind,
    /// Its name in the file.
    pub name: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::names::Named;

    /// In a file of results a kind is written as the name of its table.
    #[test]
    fn every_kind_is_written_as_its_table_and_read_back() {
        for kind in Kind::ALL {
            let of = Reference { kind, name: "shop".into() };
            let written = serde_json::to_value(&of).unwrap();
            assert_eq!(written, serde_json::json!({ "kind": kind.table(), "name": "shop" }));
            assert_eq!(serde_json::from_value::<Reference>(written).unwrap(), of);
        }
    }
}
