//! `Fn::ForEach` of the language extensions of CloudFormation. In: a template. Out: the same with each loop written out.

use serde_json::{Map, Value};

/// What a resource has of which nobody knows how often it is there.
pub const OPEN: &str = "simcap:open-loop";

const LOOP: &str = "Fn::ForEach::";
/// CloudFormation allows 500 resources; loops in properties make more of what is in them.
const MOST: usize = 20_000;

/// Whether a key is that of a loop.
pub fn is_loop(key: &str) -> bool {
    key.starts_with(LOOP)
}

/// Writes out all loops of a template.
pub fn expanded(template: Value) -> Value {
    let mut left = MOST;
    inner(&template, &template, &mut left, 0)
}

fn inner(value: &Value, template: &Value, left: &mut usize, depth: usize) -> Value {
    match value {
        _ if depth > 60 => Value::Null,
        Value::Object(table) => {
            let mut made = Map::new();
            for (key, value) in table {
                match is_loop(key).then(|| written_out(value, template, left, depth)).flatten() {
                    Some(entries) => made.extend(entries),
                    None => _ = made.insert(key.clone(), inner(value, template, left, depth + 1)),
                }
            }
            Value::Object(made)
        }
        Value::Array(list) => {
            Value::Array(list.iter().map(|it| inner(it, template, left, depth + 1)).collect())
        }
        other => other.clone(),
    }
}

/// The entries that a loop makes: one for each value, or one alone where its values are not in the template.
fn written_out(
    parts: &Value,
    template: &Value,
    left: &mut usize,
    depth: usize,
) -> Option<Map<String, Value>> {
    let [name, values, body] = parts.as_array()?.as_slice() else { return None };
    let (name, body) = (name.as_str()?, body.as_object()?);
    let known = values_of(values, template);
    let open = known.is_none();
    let mut made = Map::new();
    for value in known.unwrap_or_else(|| vec![name.to_owned()]) {
        if *left == 0 {
            break;
        }
        *left -= 1;
        let mut entries =
            inner(&put(&Value::Object(body.clone()), name, &value, 0), template, left, depth + 1);
        if let (true, Value::Object(entries)) = (open, &mut entries) {
            let resources = entries.values_mut().filter_map(Value::as_object_mut);
            resources.for_each(|it| _ = it.insert(OPEN.into(), Value::Bool(true)));
        }
        if let Value::Object(entries) = entries {
            made.extend(entries);
        }
    }
    Some(made)
}

/// The values of a loop: a list, the default of a parameter, or an entry of a mapping.
fn values_of(values: &Value, template: &Value) -> Option<Vec<String>> {
    let list = match values {
        Value::Array(list) => list.clone(),
        Value::Object(_) => match values.get("Fn::FindInMap").and_then(Value::as_array) {
            Some(keys) => {
                let [map, first, second] = keys.as_slice() else { return None };
                let found = template.get("Mappings")?.get(map.as_str()?)?.get(one(first, template)?)?;
                found.get(one(second, template)?)?.as_array()?.clone()
            }
            None => match default(values, template)? {
                Value::String(text) => text.split(',').map(|part| part.trim().into()).collect(),
                Value::Array(list) => list.clone(),
                _ => return None,
            },
        },
        _ => return None,
    };
    list.iter().map(|value| one(value, template)).collect()
}

fn one(value: &Value, template: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(_) => default(value, template)?.as_str().map(str::to_owned),
        _ => None,
    }
}

/// The default of the parameter that a value refers to.
fn default<'a>(value: &Value, template: &'a Value) -> Option<&'a Value> {
    let name = value.get("Ref")?.as_str()?;
    let parameter = template.get("Parameters")?.get(name)?;
    let stored = parameter.get("Type").and_then(Value::as_str).is_some_and(|it| it.starts_with("AWS::SSM"));
    parameter.get("Default").filter(|_| !stored)
}

/// A value with the value of the loop in the place of its name.
fn put(value: &Value, name: &str, with: &str, depth: usize) -> Value {
    // `&{name}` leaves out what a logical id cannot have.
    let letters: String = with.chars().filter(char::is_ascii_alphanumeric).collect();
    let text =
        |text: &str| text.replace(&format!("${{{name}}}"), with).replace(&format!("&{{{name}}}"), &letters);
    match value {
        _ if depth > 60 => Value::Null,
        Value::Object(table)
            if table.len() == 1 && table.get("Ref").and_then(Value::as_str) == Some(name) =>
        {
            with.into()
        }
        Value::Object(table) => {
            let entries = table.iter().map(|(key, value)| (text(key), put(value, name, with, depth + 1)));
            Value::Object(entries.collect())
        }
        Value::Array(list) => Value::Array(list.iter().map(|it| put(it, name, with, depth + 1)).collect()),
        Value::String(own) => Value::String(text(own)),
        other => other.clone(),
    }
}
