//! The schema of a value, by what its words say. In: a key with its table. Out: which types it has, and of each what is possible.
//!
//! What a text, a number, a list and a table can be stands side by side in one schema: each keyword is of one type alone, so an editor can
//! say which part of a value is wrong, where of alternatives it could only say that none fits.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::part::{Part, part};
use super::shapes::{Placed, in_a_transaction};
use super::step;
use crate::language::form::{Form, List, Range, Table, Text};
use crate::language::shape::{Absent, Key, Shape};
use crate::scenario::listed;

/// The longest name of a table.
const NAME: &str = r"^\S(.*\S)?$";

/// What stands for the position in a list, in a file that changes another one.
const POSITION: &str = "^[0-9]+$";

/// What no value is: that of a key which does not exist. With `false` an editor would mark the whole table, and not the key.
pub(super) fn unknown() -> Value {
    json!({ "not": { "$comment": "a key that the language does not have here" } })
}

/// The table of a shape: its keys and no others.
pub(super) fn table(of: Placed) -> Part {
    let properties: Part = of.keys().map(|key| (key.name.to_owned(), property(of, key))).collect();
    part(json!({ "type": "object", "properties": properties, "additionalProperties": unknown() }))
}

/// The value of a key, with what an editor says of it.
pub(super) fn property(of: Placed, key: &Key) -> Value {
    let mut schema = match Form::of(key.value) {
        Ok(form) => form_of(&form, of, key),
        // A test holds that there is none.
        Err(_) => Part::new(),
    };
    schema.insert("description".to_owned(), told(key).into());
    if let Absent::Default(show) = key.absent
        && let Some(value) = as_json(&show().0)
    {
        schema.insert("default".to_owned(), value);
    }
    Value::Object(schema)
}

/// What an editor says of a key.
pub(super) fn told(key: &Key) -> String {
    let absent = match key.absent {
        Absent::Required => "Required.".to_owned(),
        Absent::Default(show) => {
            let (value, source) = show();
            format!("Default: {value} ({source}).")
        }
        Absent::Words("") => String::new(),
        Absent::Words(words) => format!("Default: {words}."),
    };
    format!("{}\n\nValue: {}. {absent}", key.about, key.value).trim_end().to_owned()
}

/// A default as the file would write it.
fn as_json(text: &str) -> Option<Value> {
    let table: toml::Table = format!("value = {text}").parse().ok()?;
    serde_json::to_value(table.get("value")?).ok()
}

/// The schema of a form: the types that it has, each with its keywords.
fn form_of(form: &Form, of: Placed, key: &Key) -> Part {
    let mut types = types(form);
    let mut schema = Part::new();
    texts(form, &mut schema);
    if let Some(range) = &form.number {
        numbers(range, &types, &mut schema);
    }
    if let ([flag], ["boolean"]) = (form.flags.as_slice(), types.as_slice()) {
        schema.insert("const".to_owned(), (*flag).into());
    }
    if let Some(of_table) = &form.table {
        schema.extend(table_of(of_table, of, key));
    }
    if let Some(list) = &form.list {
        // In a file that changes another one, `steps.0` stands for the first element of a list.
        if form.table.is_none() {
            types.push("object");
            schema.insert("additionalProperties".to_owned(), unknown());
        }
        let each = match list {
            List::Of(element) => {
                let element = match element.table {
                    Some(Table::Step) => json!({ "$ref": step::PLACE }),
                    _ => Value::Object(form_of(element, of, key)),
                };
                schema.insert("items".to_owned(), element.clone());
                element
            }
            List::Each(each) => {
                let each: Vec<Value> = each.iter().map(|it| form_of(it, of, key).into()).collect();
                let count = each.len();
                let tuple =
                    json!({ "items": each, "additionalItems": false, "minItems": count, "maxItems": count });
                schema.extend(part(tuple));
                json!({})
            }
        };
        schema.insert("patternProperties".to_owned(), json!({ POSITION: each }));
    }
    match types.as_slice() {
        [only] => schema.insert("type".to_owned(), (*only).into()),
        _ => schema.insert("type".to_owned(), json!(types)),
    };
    schema
}

/// The types of JSON that a form has.
pub(super) fn types(form: &Form) -> Vec<&'static str> {
    let number = form.number.as_ref().map(|range| if range.whole { "integer" } else { "number" });
    let mut types = Vec::new();
    types.extend((!form.texts.is_empty()).then_some("string"));
    types.extend(number);
    types.extend((!form.flags.is_empty()).then_some("boolean"));
    types.extend(form.list.is_some().then_some("array"));
    types.extend(form.table.is_some().then_some("object"));
    types
}

fn texts(form: &Form, schema: &mut Part) {
    if let [Text::Listed(list)] = form.texts.as_slice()
        && let Some(name) = listed::closed(*list)
    {
        let place = json!({ "$ref": format!("#/definitions/{name}") });
        schema.insert("if".to_owned(), json!({ "type": "string" }));
        schema.insert("then".to_owned(), place.clone());
        schema.insert("anyOf".to_owned(), step::for_editors(place));
        return;
    }
    let is_open = |text: &Text| matches!(text, Text::Free | Text::Listed(_));
    if form.texts.is_empty() || form.texts.iter().any(is_open) {
        return;
    }
    let words: Option<Vec<&String>> =
        form.texts.iter().map(|text| if let Text::Word(word) = text { Some(word) } else { None }).collect();
    if let Some(words) = words.filter(|_| types(form).len() == 1) {
        schema.insert("enum".to_owned(), json!(words));
        return;
    }
    let pattern = |text: &Text| match text {
        Text::Word(word) => escaped(word),
        Text::Quantity(quantity) => format!(r"\s*(?:{})\s*", quantity.pattern()),
        Text::Free | Text::Listed(_) => ".*".to_owned(),
    };
    let patterns: Vec<String> = form.texts.iter().map(pattern).collect();
    schema.insert("pattern".to_owned(), format!("^(?:{})$", patterns.join("|")).into());
}

/// The definitions of lists of names.
pub(super) fn define(definitions: &mut BTreeMap<String, Value>) {
    for (list, name) in listed::CLOSED {
        definitions.insert(name.to_owned(), json!({ "enum": listed::names(list) }));
    }
}

/// A word as a regular expression.
fn escaped(word: &str) -> String {
    word.chars()
        .flat_map(|it| (!it.is_alphanumeric() && !"_- ".contains(it)).then_some('\\').into_iter().chain([it]))
        .collect()
}

fn numbers(range: &Range, types: &[&str], schema: &mut Part) {
    if !range.only.is_empty() && types.len() == 1 {
        schema.insert("enum".to_owned(), json!(range.only));
    }
    // No whole number of the language is below zero.
    let least = range.least.or(range.whole.then_some(0.0));
    for (keyword, end) in [("minimum", least), ("maximum", range.most)] {
        if let Some(end) = end {
            schema.insert(keyword.to_owned(), number(end));
        }
    }
}

/// A number without a point where it is whole.
fn number(value: f64) -> Value {
    if value.fract() == 0.0 { json!(value as i64) } else { json!(value) }
}

fn table_of(form: &Table, of: Placed, key: &Key) -> Part {
    match form {
        Table::Step => step::one(),
        Table::Named(value) => {
            let value = form_of(value, of, key);
            let mut schema = part(json!({ "additionalProperties": value }));
            if of.shape.title == Placed::root().shape.title {
                schema.insert("propertyNames".to_owned(), json!({ "pattern": NAME, "maxLength": 64 }));
            }
            schema
        }
        Table::Shape if of.shape.verb() == "transaction" => step::by_verb(&in_a_transaction(), None),
        Table::Shape => {
            let shapes = of.inside(key);
            let mut all = Part::new();
            for shape in shapes {
                let schema = table(shape);
                match (all.get_mut("properties"), schema.get("properties")) {
                    // Of two shapes, the keys of both: which go together is for the reader of the file.
                    (Some(Value::Object(all)), Some(Value::Object(more))) => all.extend(more.clone()),
                    _ => all = schema,
                }
            }
            all.remove("type");
            all
        }
    }
}

/// A table of a shape that stands alone, for definitions.
pub(super) fn of_step(shape: &'static Shape, beside: Option<&'static Shape>) -> Part {
    let placed = super::shapes::in_its_group(shape);
    let mut schema = table(placed);
    if let (Some(beside), Some(Value::Object(properties))) = (beside, schema.get_mut("properties")) {
        let placed = super::shapes::in_its_group(beside);
        for key in placed.keys().filter(|key| !shape.has(key.name)) {
            properties.insert(key.name.to_owned(), property(placed, key));
        }
    }
    schema
}
