//! A resource, whatever described it. In: its kind and its properties, with the names that Terraform has for them. Out: properties
//! by name, and which of them nobody has asked for.
//!
//! CloudFormation names most things as Terraform does, in another spelling, so a family of resources asks for both names at once.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::words::small;

/// A resource of a plan, a state or a template.
#[derive(Debug)]
pub struct Resource {
    /// How people find it in their files, without what could be secret.
    pub shown: String,
    /// What references say.
    pub address: String,
    /// A short name of its own, which becomes that of a table.
    pub label: String,
    /// Its kind, as Terraform calls it; of an unknown one as its file does.
    pub kind: String,
    /// Its properties, with names in small letters.
    pub values: Value,
    /// What is unsure about it, said by the reader of its format.
    pub doubts: Vec<String>,
    /// Whether a template describes it, and not Terraform: defaults differ.
    pub of_template: bool,
    asked: RefCell<BTreeSet<String>>,
}

impl Resource {
    /// A resource that nobody has asked anything yet.
    pub fn new(address: &str, label: &str, kind: &str, values: Value) -> Resource {
        Resource {
            shown: super::clean::address(address),
            address: address.to_owned(),
            label: label.to_owned(),
            kind: kind.to_owned(),
            values,
            doubts: Vec::new(),
            of_template: false,
            asked: RefCell::default(),
        }
    }

    /// Its properties.
    pub fn view(&self) -> View<'_> {
        View { value: &self.values, asked: Some(&self.asked) }
    }

    /// Properties with a value that nobody has asked for.
    pub fn left(&self) -> Vec<&str> {
        let Value::Object(table) = &self.values else { return Vec::new() };
        let asked = self.asked.borrow();
        let left = table.iter().filter(|(key, value)| !asked.contains(*key) && says_something(value));
        left.map(|(key, _)| key.as_str()).collect()
    }
}

fn says_something(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(table) => !table.is_empty(),
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::Bool(true) => true,
    }
}

/// Properties of a resource, or of a block in it.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    value: &'a Value,
    asked: Option<&'a RefCell<BTreeSet<String>>>,
}

impl<'a> View<'a> {
    /// A view of any value.
    pub fn of(value: &'a Value) -> View<'a> {
        View { value, asked: None }
    }

    /// All of it.
    pub fn value(self) -> &'a Value {
        self.value
    }

    /// The first of these properties that has a value; all of them count as read.
    pub fn get(self, names: &[&str]) -> Option<&'a Value> {
        if let Some(asked) = self.asked {
            asked.borrow_mut().extend(names.iter().map(|name| (*name).to_owned()));
        }
        let values = names.iter().filter_map(|name| self.value.get(name));
        // States write lists and texts that nobody gave as empty ones.
        let empty = |value: &Value| match value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Array(list) => list.is_empty(),
            _ => false,
        };
        values.into_iter().find(|value| !empty(value))
    }

    /// Text that the file states.
    pub fn text(self, names: &[&str]) -> Option<&'a str> {
        self.get(names)?.as_str().filter(|text| !text.is_empty() && !super::mark::is_in(text))
    }

    /// A number, also if it was written as text.
    pub fn number(self, names: &[&str]) -> Option<f64> {
        let number = match self.get(names)? {
            Value::Number(number) => number.as_f64()?,
            Value::String(text) => text.trim().parse().ok()?,
            _ => return None,
        };
        (number.is_finite() && number.abs() < 1e15).then_some(number)
    }

    /// A whole number of zero or more.
    pub fn count(self, names: &[&str]) -> Option<u64> {
        self.number(names).filter(|number| *number >= 0.0).map(|number| number as u64)
    }

    /// A truth value, also if it was written as text.
    pub fn flag(self, names: &[&str]) -> Option<bool> {
        match self.get(names)? {
            Value::Bool(flag) => Some(*flag),
            Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }

    /// A block: an object, or the first one of a list, as Terraform writes blocks.
    pub fn block(self, names: &[&str]) -> Option<View<'a>> {
        self.blocks(names).into_iter().next()
    }

    /// All blocks of these names.
    pub fn blocks(self, names: &[&str]) -> Vec<View<'a>> {
        match self.get(names) {
            Some(value @ Value::Object(_)) => vec![View::of(value)],
            Some(Value::Array(list)) => list.iter().filter(|value| value.is_object()).map(View::of).collect(),
            _ => Vec::new(),
        }
    }

    /// Texts of a list, or one text.
    pub fn texts(self, names: &[&str]) -> Vec<&'a str> {
        match self.get(names) {
            Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(text)) => vec![text],
            _ => Vec::new(),
        }
    }

    /// A value of a list of `{ key, value }`, or of a table, as attributes and dimensions are written.
    pub fn attribute(self, names: &[&str], key: &str) -> Option<&'a str> {
        match self.get(names)? {
            Value::Array(list) => list.iter().find_map(|entry| {
                let entry = View::of(entry);
                (entry.text(&["key", "name"]) == Some(key)).then(|| entry.get(&["value"])?.as_str()).flatten()
            }),
            Value::Object(table) => {
                let found = table.iter().find(|(name, _)| name.as_str() == key || **name == small(key));
                found.and_then(|(_, value)| value.as_str())
            }
            _ => None,
        }
    }
}

/// A value with all its keys in small letters; JSON in a text is read, so that policies and containers can be seen.
pub fn smalled(value: &Value, depth: usize) -> Value {
    match value {
        _ if depth > 60 => Value::Null,
        Value::Object(table) => {
            let entries = table.iter().map(|(key, value)| (small(key), smalled(value, depth + 1)));
            Value::Object(Map::from_iter(entries))
        }
        Value::Array(list) => Value::Array(list.iter().map(|value| smalled(value, depth + 1)).collect()),
        Value::String(text) if text.trim_start().starts_with(['{', '[']) => {
            match serde_json::from_str(text) {
                Ok(inner @ (Value::Object(_) | Value::Array(_))) => smalled(&inner, depth + 1),
                _ => value.clone(),
            }
        }
        _ => value.clone(),
    }
}

/// Tables of a JSON object, by name.
pub fn entries(value: Option<&Value>) -> BTreeMap<&str, &Value> {
    let table = value.and_then(Value::as_object);
    table.into_iter().flatten().map(|(key, value)| (key.as_str(), value)).collect()
}
