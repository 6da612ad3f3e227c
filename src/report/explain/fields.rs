//! The fields of a document, at any depth. In: its schema. Out: each field with its path and what it means.

use serde_json::Value;

use crate::measure::percentile::Percentile;
use crate::measure::stage::Cause;
use crate::scenario::explain::NAME;

/// Deepest path.
const DEPTH: usize = 8;
/// How often one definition may be inside of itself.
const NESTED: usize = 2;

/// A field.
pub(super) struct Field {
    /// Where it stands; [`NAME`] where a document has any key.
    pub path: Vec<String>,
    /// What it means.
    pub about: String,
    /// Which numbers it has, by itself or in lists.
    pub number: Option<Number>,
}

/// Numbers of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Number {
    /// Whole ones.
    Whole,
    /// Any.
    Any,
}

/// Which numbers a field has: where it can be nothing as well, those that it can be.
fn number(field: &Value) -> Option<Number> {
    let is = |name: &str| match field.get("type") {
        Some(Value::String(only)) => only == name,
        Some(Value::Array(some)) => some.iter().any(|it| it == name),
        _ => false,
    };
    match (is("integer"), is("number")) {
        (true, _) => Some(Number::Whole),
        (_, true) => Some(Number::Any),
        _ => field.get("items").or_else(|| field.get("additionalProperties")).and_then(number),
    }
}

/// What one of a map is, by its key: a cause of failure or a percentile.
fn one_of_a_map(key: &str) -> Option<&'static str> {
    let cause = Cause::ALL.into_iter().find(|it| it.name() == key).map(Cause::about);
    cause.or_else(|| Percentile::ALL.into_iter().find(|it| it.name() == key).map(Percentile::about))
}

/// All fields.
pub(super) fn of(schema: &Value) -> Vec<Field> {
    let mut walk = Walk { schema, within: Vec::new(), all: Vec::new() };
    walk.inside(schema, &[], "");
    walk.all
}

struct Walk<'a> {
    schema: &'a Value,
    /// The definitions on the way.
    within: Vec<&'a str>,
    all: Vec<Field>,
}

impl<'a> Walk<'a> {
    /// What a part of the schema has inside, whichever of its forms that is. `about` is what is known of it.
    fn inside(&mut self, part: &'a Value, path: &[String], about: &str) {
        if path.len() >= DEPTH {
            return;
        }
        if let Some(name) = part.get("$ref").and_then(Value::as_str).and_then(|it| it.rsplit('/').next()) {
            let nested = self.within.iter().filter(|it| **it == name).count();
            if let Some(definition) = self.schema.get("definitions").and_then(|it| it.get(name))
                && nested < NESTED
            {
                self.within.push(name);
                self.inside(definition, path, about);
                self.within.pop();
            }
        }
        if let Some(element) = part.get("items") {
            self.inside(element, path, about);
        }
        for forms in ["allOf", "anyOf", "oneOf"] {
            for form in part.get(forms).and_then(Value::as_array).into_iter().flatten() {
                // Of one of several forms its own words say more.
                let own = form.get("description").and_then(Value::as_str).unwrap_or(about);
                self.inside(form, path, own);
            }
        }
        for (name, field) in part.get("properties").and_then(Value::as_object).into_iter().flatten() {
            self.field(name, field, path, about);
        }
        if let Some(field) = part.get("additionalProperties").filter(|it| it.is_object()) {
            self.field(NAME, field, path, about);
        }
    }

    fn field(&mut self, name: &str, field: &'a Value, path: &[String], about_all: &str) {
        let path = [path, &[name.to_owned()]].concat();
        let own = field.get("description").or_else(|| self.refers_to(field)?.get("description"));
        let about = match own.and_then(Value::as_str) {
            Some(own) => own.to_owned(),
            // One of a map: what all of them are, and which one it is.
            None => match one_of_a_map(name) {
                Some(one) => format!("{about_all} `{name}`: {one}"),
                None => about_all.to_owned(),
            },
        };
        if !about.is_empty() && !self.all.iter().any(|it| it.path == path && it.about == about) {
            self.all.push(Field { path: path.clone(), about: about.clone(), number: number(field) });
        }
        self.inside(field, &path, &about);
    }

    /// The definition that a field is of, directly or as the one form that it has beside nothing.
    fn refers_to(&self, field: &'a Value) -> Option<&'a Value> {
        let forms = |of: &str| field.get(of)?.as_array()?.iter().find(|it| it.get("$ref").is_some());
        let of = [Some(field), field.get("items"), forms("anyOf"), forms("allOf")];
        let name = of.into_iter().flatten().find_map(|it| it.get("$ref"))?.as_str()?.rsplit('/').next()?;
        self.schema.get("definitions")?.get(name)
    }
}
