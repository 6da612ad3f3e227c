//! What must be there in a file that changes no other one. In: which keys are required. Out: the second layer of the schema.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::part::{Part, part};
use super::shapes::{Placed, in_a_transaction, in_its_group, steps};
use super::{step, value};
use crate::language::form::{Form, List, Table};
use crate::language::shape::{Absent, Key, Shape};

/// Where the definition is.
pub(super) const PLACE: &str = "#/definitions/whole";

/// Where the same of a step is.
const STEP: &str = "#/definitions/whole_step";

/// The definitions of the layer.
pub(super) fn define(definitions: &mut BTreeMap<String, Value>) {
    definitions.insert("whole".to_owned(), Value::Object(table(Placed::root()).unwrap_or_default()));
    definitions.insert("whole_step".to_owned(), Value::Object(by_verb(&steps())));
}

/// A step has a verb, and what that requires.
fn by_verb(shapes: &[&'static Shape]) -> Part {
    let mut verbs = Part::new();
    for shape in shapes {
        let others = shapes.iter().filter(|other| other.verb() != shape.verb() && other.has(shape.verb()));
        let others: Vec<Value> = others.map(|other| json!({ "required": [other.verb()] })).collect();
        let Some(own) = table(in_its_group(shape)) else { continue };
        let own = match others.is_empty() {
            true => Value::Object(own),
            false => json!({ "if": { "not": { "anyOf": others } }, "then": own }),
        };
        verbs.insert(shape.verb().to_owned(), own);
    }
    // Of a step with a key that no step has, that key is told.
    let known = step::keys(shapes);
    let is_known = json!({ "type": "object", "propertyNames": { "enum": known } });
    let mut schema = part(json!({ "if": is_known, "then": step::has_a_verb(shapes) }));
    schema.insert("dependencies".to_owned(), Value::Object(verbs));
    schema
}

/// What a table must have, if it must have anything.
fn table(of: Placed) -> Option<Part> {
    let required: Vec<&str> =
        of.keys().filter(|key| matches!(key.absent, Absent::Required)).map(|key| key.name).collect();
    let inside: Part =
        of.keys().filter_map(|key| Some((key.name.to_owned(), property(of, key)?.into()))).collect();
    let mut schema = Part::new();
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    if !inside.is_empty() {
        schema.insert("properties".to_owned(), Value::Object(inside));
    }
    (!schema.is_empty()).then_some(schema)
}

/// What the value of a key must have.
fn property(of: Placed, key: &Key) -> Option<Part> {
    let form = Form::of(key.value).ok()?;
    let mut schema = form_of(&form, of, key).unwrap_or_default();
    // A list is one, and no table of positions.
    if form.list.is_some() && form.table.is_none() {
        schema.insert("type".to_owned(), json!(value::types(&form)));
    }
    (!schema.is_empty()).then_some(schema)
}

fn form_of(form: &Form, of: Placed, key: &Key) -> Option<Part> {
    let mut schema = Part::new();
    match &form.table {
        Some(Table::Step) => {
            schema.extend(part(json!({ "if": { "type": "object" }, "then": { "$ref": STEP } })))
        }
        Some(Table::Named(value)) => {
            if let Some(value) = form_of(value, of, key) {
                schema.insert("additionalProperties".to_owned(), Value::Object(value));
            }
        }
        Some(Table::Shape) if of.shape.verb() == "transaction" => schema.extend(by_verb(&in_a_transaction())),
        Some(Table::Shape) => {
            // Of two shapes the reader of the file knows which one is meant.
            if let [only] = of.inside(key).as_slice() {
                schema.extend(table(*only).unwrap_or_default());
            }
        }
        None => {}
    }
    if let Some(List::Of(element)) = &form.list
        && let Some(element) = form_of(element, of, key)
    {
        schema.insert("items".to_owned(), Value::Object(element));
    }
    (!schema.is_empty()).then_some(schema)
}
