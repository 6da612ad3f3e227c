//! How results refer to the tables of a scenario. In: kinds and names, in the order of the file. Out: a [`Reference`] for each
//! position, and back.
//!
//! A run works with positions, which mean nothing to people. A file of results begins with the list of its tables and says
//! `{"kind": "fleet", "name": "web"}` wherever it means one of them. So the list must be known while a value with a position
//! is written or read. It is kept for the thread: serde hands nothing down to the values inside of a document.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Kind, Owner};
use crate::language::names::Named;

/// A table of the file by its kind and its name there: a name is unique within its kind only.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reference {
    /// The kind of the table.
    pub kind: Kind,
    /// The name of the table in the file.
    pub name: String,
}

/// A table of a scenario, and what its connection pools lead to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Entry {
    /// Which.
    #[serde(flatten)]
    pub of: Reference,
    /// The table to which each of its pools leads, in the order of the file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pools: Vec<Reference>,
}

/// Every table of a scenario that results can refer to: those of a kind in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Tables(pub Vec<Entry>);

/// The tables of the document that this thread is writing or reading, and of the second scenario of a comparison.
#[derive(Clone, Default)]
struct Document {
    tables: Tables,
    second: Tables,
}

thread_local! {
    static DOCUMENT: RefCell<Option<Document>> = const { RefCell::new(None) };
}

impl Tables {
    fn at(&self, kind: Kind, index: usize) -> Option<&Entry> {
        self.0.iter().filter(|table| table.of.kind == kind).nth(index)
    }

    fn position(&self, kind: Kind, name: &str) -> Option<usize> {
        self.0.iter().filter(|table| table.of.kind == kind).position(|table| table.of.name == name)
    }

    /// Writes or reads what refers to these tables.
    pub fn within<T>(&self, act: impl FnOnce() -> T) -> T {
        self.beside(&Tables::default(), act)
    }

    /// The same of a comparison with a second scenario.
    pub fn beside<T>(&self, second: &Tables, act: impl FnOnce() -> T) -> T {
        during(Some(Document { tables: self.clone(), second: second.clone() }), act)
    }
}

/// Writes or reads a part of a comparison that is of its second scenario.
pub fn of_second<T>(act: impl FnOnce() -> T) -> T {
    let document = DOCUMENT.with_borrow(Clone::clone);
    during(document.map(|it| Document { tables: it.second, second: it.tables }), act)
}

/// Whether the tables are known of what this thread reads.
pub fn are_known() -> bool {
    DOCUMENT.with_borrow(Option::is_some)
}

/// Puts a document in the place of that of the thread, until the end of the act, also if that panics.
fn during<T>(document: Option<Document>, act: impl FnOnce() -> T) -> T {
    struct Before(Option<Document>);
    impl Drop for Before {
        fn drop(&mut self) {
            DOCUMENT.set(self.0.take());
        }
    }
    let _before = Before(DOCUMENT.replace(document));
    act()
}

fn looked_up<T>(act: impl FnOnce(&Tables) -> Option<T>) -> Option<T> {
    DOCUMENT.with_borrow(|document| act(&document.as_ref()?.tables))
}

/// A position in a document: a [`Reference`]; where the tables of the document are not known, the position itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Written {
    kind: Kind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    index: Option<usize>,
}

impl Written {
    /// As the position of a table is written.
    pub(crate) fn of(kind: Kind, index: usize) -> Written {
        let name = looked_up(|tables| Some(tables.at(kind, index)?.of.name.clone()));
        Written { kind, index: name.is_none().then_some(index), name }
    }

    /// As the pool at a position of a table is written: as the table to which it leads. Nothing where the tables are not known.
    pub(crate) fn of_pool(kind: Kind, index: usize, pool: usize) -> Option<Reference> {
        looked_up(|tables| tables.at(kind, index)?.pools.get(pool).cloned())
    }

    /// The position of the pool of a table that leads to another one.
    pub(crate) fn pool(kind: Kind, index: usize, to: &Reference) -> Option<usize> {
        looked_up(|tables| tables.at(kind, index)?.pools.iter().position(|pool| pool == to))
    }

    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    /// The position that is meant.
    pub(crate) fn index<E: Error>(&self) -> Result<usize, E> {
        let Written { kind, name, index } = self;
        let found = match (name, index) {
            (Some(name), _) => looked_up(|tables| tables.position(*kind, name)),
            (None, index) => *index,
        };
        found.ok_or_else(|| E::custom(format!("no such {}", kind.table())))
    }
}

/// A position as the present version writes it, or as an earlier one did, by its number.
#[derive(Deserialize)]
#[serde(untagged)]
enum Read {
    Index(usize),
    Written(Written),
}

/// Writes a position in the list of a kind.
pub(super) fn serialize<S: Serializer>(kind: Kind, index: u32, serializer: S) -> Result<S::Ok, S::Error> {
    Written::of(kind, index as usize).serialize(serializer)
}

/// Reads a position in the list of a kind.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(kind: Kind, deserializer: D) -> Result<u32, D::Error> {
    let index = match Read::deserialize(deserializer)? {
        Read::Index(index) => index,
        Read::Written(written) if written.kind == kind => written.index()?,
        Read::Written(_) => return Err(D::Error::custom(format!("no {}", kind.noun()))),
    };
    u32::try_from(index).map_err(|_| D::Error::custom("no position"))
}

impl Serialize for Owner {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Written::of(self.kind(), self.index()).serialize(serializer)
    }
}

#[cfg(feature = "schema")]
crate::text::schema!(Owner, "Reference", |generator| Reference::json_schema(generator));

/// An owner as the present version writes it, or as an earlier one did: `{"fleet": 0}`.
#[derive(Deserialize)]
#[serde(untagged)]
enum ReadOwner {
    Written(Written),
    Position(BTreeMap<Kind, u32>),
}

impl<'de> Deserialize<'de> for Owner {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Owner, D::Error> {
        let (kind, index) = match ReadOwner::deserialize(deserializer)? {
            ReadOwner::Written(written) => (written.kind, written.index()?),
            ReadOwner::Position(of) if of.len() == 1 => {
                let (kind, index) = of.into_iter().next().ok_or_else(|| D::Error::custom("no resource"))?;
                (kind, index as usize)
            }
            ReadOwner::Position(_) => return Err(D::Error::custom("no resource")),
        };
        let found = u32::try_from(index).ok().and_then(|index| Owner::of(kind, index));
        found.ok_or_else(|| D::Error::custom(format!("{} cannot run out", kind.noun())))
    }
}

/// Lets a document be written and read with the tables that it lists: at which field, or of a comparison, at which two. The
/// type derives its fields with `#[serde(remote = "Self")]`.
macro_rules! document {
    ($Type:ident, $($at:ident).+ $(, $($second:ident).+)?) => {
        impl serde::Serialize for $Type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let _second = $crate::id::Tables::default();
                $(let _second = &self.$($second).+;)?
                self.$($at).+.beside(&_second, || $Type::serialize(self, serializer))
            }
        }

        impl<'de> serde::Deserialize<'de> for $Type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<$Type, D::Error> {
                use serde::de::Error as _;
                if $crate::id::are_known() {
                    return $Type::deserialize(deserializer);
                }
                // The list may come after what refers to it.
                let document = serde_json::Value::deserialize(deserializer)?;
                let tables = |at: &str| -> Result<$crate::id::Tables, D::Error> {
                    document.pointer(at).map_or(Ok(Default::default()), serde::Deserialize::deserialize).map_err(D::Error::custom)
                };
                let _second = $crate::id::Tables::default();
                $(let _second = tables(concat!($("/", stringify!($second)),+))?;)?
                let first = tables(concat!($("/", stringify!($at)),+))?;
                first.beside(&_second, || $Type::deserialize(document)).map_err(D::Error::custom)
            }
        }
    };
}
pub(crate) use document;

#[cfg(test)]
mod tests {
    use super::*;

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
