//! A resource in a document: `{"kind": "fleet", "name": "web", "part": "cpu"}`. In: a [`Resource`]. Out: the table that it is
//! a part of, which part, and what tells it from others of that part; and back.
//!
//! Earlier versions wrote positions, `{"cpu": {"fleet": 0}}`, which are still read.

use serde::de::Error;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::Resource;
use crate::id::{Reference, Written};
use crate::language::names::Named;

/// The key of a pool as positions have it.
const POOL: &str = "pool";
/// The key of what a pool leads to.
const TO: &str = "to";

#[derive(Serialize, Deserialize)]
struct Form {
    #[serde(flatten)]
    of: Written,
    part: String,
    #[serde(flatten)]
    more: Map<String, Value>,
}

impl Serialize for Resource {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let owner = self.owner();
        let positions = Resource::serialize(self, serde_json::value::Serializer).map_err(S::Error::custom)?;
        let (part, mut more) = single(positions).ok_or_else(|| S::Error::custom("no resource"))?;
        more.remove(owner.kind().table());
        if let Some(pool) = more.get(POOL).and_then(Value::as_u64)
            && let Some(to) = Written::of_pool(owner.kind(), owner.index(), pool as usize)
        {
            more.remove(POOL);
            more.insert(TO.into(), json!(to));
        }
        Form { of: Written::of(owner.kind(), owner.index()), part, more }.serialize(serializer)
    }
}

#[cfg(feature = "schema")]
crate::text::schema!(Resource, "Resource", |generator| schemars::json_schema!({
    "type": "object",
    "description": "What can run out or be lost: a part of a table of the file.",
    "properties": {
        "kind": generator.subschema_for::<crate::id::Kind>(),
        "name": { "type": "string", "description": "The name of the table in the file." },
        "part": { "type": "string", "description": "Which part of the table it is, as `simcap reference` lists them." },
        "to": generator.subschema_for::<Reference>(),
        "node": generator.subschema_for::<super::Node>(),
        "by": generator.subschema_for::<super::Purpose>(),
        "action": generator.subschema_for::<super::Action>(),
    },
    "required": ["kind", "part"],
}));

impl<'de> Deserialize<'de> for Resource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Resource, D::Error> {
        let document = Value::deserialize(deserializer)?;
        let positions = match document.get("part") {
            None => document,
            Some(_) => {
                let Form { of, part, mut more } = Form::deserialize(document).map_err(D::Error::custom)?;
                let index: usize = of.index()?;
                if let Some(to) = more.remove(TO) {
                    let to = Reference::deserialize(to).map_err(D::Error::custom)?;
                    let pool = Written::pool(of.kind(), index, &to);
                    more.insert(POOL.into(), json!(pool.ok_or_else(|| D::Error::custom("no such pool"))?));
                }
                more.insert(of.kind().table().into(), json!(index));
                json!({ part: more })
            }
        };
        Resource::deserialize(positions).map_err(D::Error::custom)
    }
}

/// The only entry of an object, which has an object as its value.
fn single(document: Value) -> Option<(String, Map<String, Value>)> {
    let Value::Object(document) = document else { return None };
    match document.into_iter().next()? {
        (part, Value::Object(more)) => Some((part, more)),
        _ => None,
    }
}
