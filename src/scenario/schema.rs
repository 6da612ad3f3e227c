//! The schema of the language for editors: what `simcap reference` says, in JSON Schema, draft 7.
//!
//! In: the [`Shape`](crate::language::shape::Shape) of every table, and what the words of each key say of its value. Out: a schema that refuses keys which the language
//! does not have and values of another form, and says of each key what it means, in which unit, and what applies without it.
//!
//! It has two layers. The first has every key with the form of its value, and holds of every file. The second has what must be there; it
//! does not hold of a file that changes another one, which writes only what is different. What only the meaning of a value shows, such as
//! a name that does not exist, is for `simcap check`.

mod part;
pub(super) mod shapes;
mod step;
#[cfg(test)]
mod tests;
mod value;
mod whole;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use self::shapes::Placed;
use crate::language::extended::EXTENDS;

/// The schema of the scenario language.
pub fn schema() -> Value {
    let mut definitions = BTreeMap::new();
    step::define(&mut definitions);
    whole::define(&mut definitions);
    value::define(&mut definitions);
    let mut schema = value::table(Placed::root());
    let head = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "simcap scenario",
        "description": "A scenario of simcap: an architecture, the traffic that meets it, and what is expected of it.",
        "type": "object",
        "if": { "required": [EXTENDS] },
        "then": true,
        "else": { "$ref": whole::PLACE },
        "definitions": definitions,
    });
    if let Value::Object(head) = head {
        schema.extend(head);
    }
    Value::Object(schema)
}
