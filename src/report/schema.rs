//! The schema of `outcome.json`, and of other documents by their types. In: types with their docs. Out: JSON Schema, draft 7, with what each
//! field means, and of columns and figures what they are counted in.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::checked::Finding;
use crate::kind;
use crate::measure::column::{Place, declare};
use crate::measure::unit::Unit;
use crate::outcome::{Outcome, Timeline};

/// Where definitions are.
const DEFINITIONS: &str = "#/definitions/";

/// What stands between what a field means and what it is counted in.
pub(super) const IN: &str = " In: ";

/// The schema of `outcome.json`.
pub fn outcome_schema() -> Value {
    let mut schema = schema_of::<Outcome>("outcome.json of simcap");
    let mut columns = Vec::new();
    declare::<Timeline>(None, &Place::default(), &mut columns);
    // Those of kinds, and those of what their resources have inside, such as pools.
    for column in columns {
        let rows = definition_of(&schema, &["timeline"]);
        let within = column.place.fields.split_last().map_or(&[][..], |(_, within)| within);
        let of = within.iter().try_fold(rows, |of, field| Some(definition_in(&schema, &of?, field)));
        count_in(&mut schema, of.flatten().as_deref(), [(column.name, column.unit)].into_iter());
    }
    for of in kind::units() {
        let of_end = definition_of(&schema, &[of.list]);
        count_in(&mut schema, of_end.as_deref(), of.figures.into_iter());
    }
    schema
}

/// The schema of what `simcap check --format json` prints.
pub fn check_schema() -> Value {
    schema_of::<Vec<Finding>>("simcap check --format json")
}

/// The schema of a document.
fn schema_of<T: JsonSchema>(title: &str) -> Value {
    let generator = SchemaSettings::draft07().for_serialize().into_generator();
    let mut schema = generator.into_root_schema_for::<T>().to_value();
    plain(&mut schema);
    if let Value::Object(parts) = &mut schema {
        parts.insert("title".to_owned(), title.into());
    }
    schema
}

/// Descriptions without the links of the docs, which lead nowhere in a schema.
fn plain(schema: &mut Value) {
    match schema {
        Value::Object(parts) => {
            for (key, part) in parts {
                match part {
                    Value::String(text) if key == "description" => *text = without_links(text),
                    part => plain(part),
                }
            }
        }
        Value::Array(parts) => parts.iter_mut().for_each(plain),
        _ => {}
    }
}

/// `` [`Outcome::stages`] `` as `` `Outcome::stages` ``, and lines as one.
fn without_links(text: &str) -> String {
    let mut words = String::new();
    let mut rest = text;
    while let Some((before, link)) = rest.split_once("[`") {
        words.push_str(before);
        words.push('`');
        let Some((name, behind)) = link.split_once("`]") else {
            rest = link;
            continue;
        };
        words.push_str(name);
        words.push('`');
        // Where it leads, if that is said.
        rest = match behind.strip_prefix('(').and_then(|it| it.split_once(')')) {
            Some((_, behind)) => behind,
            None => behind,
        };
    }
    words.push_str(rest);
    words.replace('\n', " ")
}

/// The definition to which a field of the document leads.
pub(super) fn definition_of(schema: &Value, path: &[&str]) -> Option<String> {
    let mut place = schema;
    for field in path {
        place = place.get("properties")?.get(field)?;
    }
    referred(place)
}

/// The definition to which a field of another definition leads.
pub(super) fn definition_in(schema: &Value, definition: &str, field: &str) -> Option<String> {
    referred(schema.get("definitions")?.get(definition)?.get("properties")?.get(field)?)
}

/// What a schema refers to: itself, its elements, or by the one of which it consists.
pub(super) fn referred(schema: &Value) -> Option<String> {
    let direct = schema.get("$ref").and_then(Value::as_str).and_then(|it| it.strip_prefix(DEFINITIONS));
    match direct {
        Some(name) => Some(name.to_owned()),
        None => schema.get("items").or_else(|| schema.get("allOf")?.get(0)).and_then(referred),
    }
}

/// Says of the fields of a definition what they are counted in.
fn count_in(
    schema: &mut Value,
    definition: Option<&str>,
    fields: impl Iterator<Item = (&'static str, Unit)>,
) {
    let Some(definition) = definition else { return };
    for (name, unit) in fields.filter(|(_, unit)| *unit != Unit::Text) {
        let place = format!("/definitions/{definition}/properties/{name}/description");
        if let Some(Value::String(about)) = schema.pointer_mut(&place) {
            // A definition may be that of several series.
            let counted = format!("{IN}{}.", unit.words_of(name));
            if !about.ends_with(&counted) {
                about.push_str(&counted);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_of_docs_are_plain_words() {
        assert_eq!(
            without_links("See [`Outcome::stages`] and [`guard`](crate::guard),\nor [1]."),
            "See `Outcome::stages` and `guard`, or [1]."
        );
    }

    /// Every table of columns and figures is found in the schema, each with the fields that it says.
    #[test]
    fn every_column_and_every_figure_says_what_it_is_counted_in() {
        let schema = outcome_schema();
        let mut seen = 0;
        let mut counted = |definition: &str, name: &str, unit: Unit| {
            let place = format!("/definitions/{definition}/properties/{name}/description");
            let about = schema.pointer(&place).and_then(Value::as_str).unwrap_or_default();
            let words = format!(" In: {}.", unit.words_of(name));
            assert!(
                about.ends_with(&words) && about.matches(" In: ").count() == 1,
                "{definition} {name}: {about:?}"
            );
            seen += 1;
        };
        let mut columns = Vec::new();
        declare::<Timeline>(None, &Place::default(), &mut columns);
        for column in columns.iter().filter(|column| column.unit != Unit::Text) {
            let (_, within) = column.place.fields.split_last().unwrap();
            let rows = definition_of(&schema, &["timeline"]).unwrap();
            let of = within.iter().fold(rows, |of, field| definition_in(&schema, &of, field).unwrap());
            counted(&of, column.name, column.unit);
        }
        for of in kind::units() {
            let of_end = definition_of(&schema, &[of.list]).unwrap();
            for (name, unit) in of.figures.into_iter().filter(|(_, unit)| *unit != Unit::Text) {
                counted(&of_end, name, unit);
            }
        }
        assert!(seen > 200, "{seen}");
    }
}
