//! The schema of steps: a table that has one verb, and the keys of that verb. In: the shapes of steps. Out: their definitions.
//!
//! Which keys go with a verb is said by the verb, so that a wrong one is marked itself, and not the whole step. Each step is looked at once,
//! however deep it is.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::part::{Part, part};
use super::shapes::steps;
use super::value;
use crate::kind::policy;
use crate::language::shape::Shape;

/// Where the definition of any step is.
pub(super) const PLACE: &str = "#/definitions/step";

/// A table that is a step, or the steps of a list by their positions.
pub(super) fn one() -> Part {
    let positions = json!({ "patternProperties": { "^[0-9]+$": { "$ref": PLACE } }, "additionalProperties": value::unknown() });
    let is_step =
        json!({ "anyOf": [{ "type": "array" }, { "not": { "propertyNames": { "pattern": "^[0-9]+$" } } }] });
    part(json!({
        "if": is_step,
        "then": { "if": { "type": "object" }, "then": { "$ref": PLACE } },
        "else": positions,
        "anyOf": for_editors(json!({ "$ref": PLACE })),
    }))
}

/// The definition of a step.
pub(super) fn define(definitions: &mut BTreeMap<String, Value>) {
    definitions.insert("step".to_owned(), Value::Object(by_verb(&steps(), Some(&policy::BESIDE_SHAPE))));
}

/// A table that has one verb of some, with the keys that go with it.
pub(super) fn by_verb(shapes: &[&'static Shape], beside: Option<&'static Shape>) -> Part {
    let mut all: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    let mut verbs = Part::new();
    for shape in shapes {
        // Steps that only pass time have no policy, and what is tried has its own.
        let has_own = matches!(shape.verb(), "cpu" | "delay") || shape.has(policy::KEYS[0].name);
        let mut own = value::of_step(shape, beside.filter(|_| !has_own));
        if let Some(Value::Object(properties)) = own.get("properties") {
            for (key, value) in properties {
                let known = all.entry(key.clone()).or_default();
                if !known.contains(value) {
                    known.push(value.clone());
                }
            }
        }
        own.remove("type");
        // A verb that is a key of another one belongs to that one where both stand in a step.
        let others = shapes.iter().filter(|other| other.verb() != shape.verb() && other.has(shape.verb()));
        let others: Vec<Value> = others.map(|other| json!({ "required": [other.verb()] })).collect();
        let own = match others.is_empty() {
            true => Value::Object(own),
            false => json!({ "if": { "not": { "anyOf": others } }, "then": own }),
        };
        verbs.insert(shape.verb().to_owned(), own);
    }
    let known: Part = all.keys().map(|key| (key.clone(), true.into())).collect();
    let properties: Part = all.into_iter().map(|(key, values)| (key, together(values))).collect();
    part(json!({
        "type": "object",
        "dependencies": verbs,
        "if": has_a_verb(shapes),
        "then": true,
        // Of a step without a verb at least what no step has is told.
        "else": { "properties": known, "additionalProperties": value::unknown() },
        "anyOf": for_editors(json!({ "properties": properties })),
    }))
}

/// Alternatives that always hold, and cost nothing: an editor looks for what to say of a key in alternatives, and not in conditions.
pub(super) fn for_editors(schema: Value) -> Value {
    json!([true, schema])
}

/// Every key of some steps, and of the policies beside them.
pub(super) fn keys(shapes: &[&'static Shape]) -> BTreeSet<&'static str> {
    shapes.iter().flat_map(|shape| shape.keys).chain(policy::BESIDE_SHAPE.keys).map(|key| key.name).collect()
}

/// That a table has a verb.
pub(super) fn has_a_verb(shapes: &[&'static Shape]) -> Value {
    let verbs: Vec<Value> = shapes.iter().map(|shape| json!({ "required": [shape.verb()] })).collect();
    json!({ "anyOf": verbs })
}

/// What a key is in several steps.
fn together(mut values: Vec<Value>) -> Value {
    match values.len() {
        1 => values.remove(0),
        _ => json!({ "anyOf": values }),
    }
}
