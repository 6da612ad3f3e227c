//! The functions of CloudFormation. In: a value of a template. Out: the value as it would be, with marks for resources, and nothing
//! where only a deployment knows.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::mark;
use super::stacks::Stacks;

const DEEPEST: usize = 80;

/// A template with what its functions can refer to.
#[derive(Debug)]
pub struct Scope<'a> {
    template: &'a Value,
    stack: String,
    stacks: &'a Stacks<'a>,
    given: Map<String, Value>,
    /// Parameters that something needs and that have no default.
    pub open: BTreeSet<String>,
    /// What was decided without being known.
    pub doubts: Vec<String>,
    depth: usize,
}

impl<'a> Scope<'a> {
    /// The functions of a template that gets some parameters.
    pub fn new(
        template: &'a Value,
        stack: &str,
        stacks: &'a Stacks<'a>,
        given: Map<String, Value>,
    ) -> Scope<'a> {
        let stack = stack.to_owned();
        Scope { template, stack, stacks, given, open: BTreeSet::new(), doubts: Vec::new(), depth: 0 }
    }

    /// The functions of a stack in this one.
    pub fn inside(&self, template: &'a Value, id: &str, given: Map<String, Value>) -> Scope<'a> {
        let inner = Scope::new(template, &self.address(id), self.stacks, given);
        Scope { depth: self.depth + 1, ..inner }
    }

    /// The address of a resource of this template.
    pub fn address(&self, id: &str) -> String {
        if self.stack.is_empty() { id.to_owned() } else { format!("{}/{id}", self.stack) }
    }

    /// What a value is.
    pub fn value(&mut self, value: &Value) -> Value {
        if self.depth > DEEPEST {
            return Value::Null;
        }
        self.depth += 1;
        let value = match value {
            Value::Object(table) => match table.iter().next() {
                Some((name, inner)) if table.len() == 1 && (name == "Ref" || name.starts_with("Fn::")) => {
                    self.function(name, inner)
                }
                _ => {
                    let entries = table.iter().map(|(key, value)| (key.clone(), self.value(value)));
                    Value::Object(entries.filter(|(_, value)| !value.is_null()).collect::<Map<_, _>>())
                }
            },
            Value::Array(list) => {
                let list: Vec<Value> =
                    list.iter().filter(|value| !is_no_value(value)).map(|v| self.value(v)).collect();
                Value::Array(list)
            }
            other => other.clone(),
        };
        self.depth -= 1;
        value
    }

    fn function(&mut self, name: &str, inner: &Value) -> Value {
        match name {
            "Ref" => inner.as_str().map_or(Value::Null, |name| self.reference(name)),
            "Fn::GetAtt" => self.attribute(inner),
            "Fn::Sub" => self.substitute(inner),
            "Fn::Join" => {
                let [separator, list] = self.two(inner);
                let separator = separator.as_str().unwrap_or_default().to_owned();
                match list {
                    Value::Array(list) => {
                        Value::String(list.iter().map(plain).collect::<Vec<_>>().join(&separator))
                    }
                    other => other,
                }
            }
            "Fn::Select" => {
                let [index, list] = self.two(inner);
                let index = index.as_u64().or_else(|| index.as_str()?.parse().ok());
                match (index, list) {
                    (Some(index), Value::Array(list)) => {
                        list.get(index as usize).cloned().unwrap_or(Value::Null)
                    }
                    (_, text @ Value::String(_)) => text,
                    _ => Value::Null,
                }
            }
            "Fn::Split" => {
                let [separator, text] = self.two(inner);
                match (separator.as_str(), text.as_str()) {
                    (Some(separator), Some(text)) if !separator.is_empty() => {
                        Value::Array(text.split(separator).map(Value::from).collect())
                    }
                    _ => text,
                }
            }
            "Fn::FindInMap" => self.find(inner),
            "Fn::If" => self.choose(inner),
            "Fn::GetAZs" => Value::Array(["a", "b", "c"].map(Value::from).to_vec()),
            "Fn::ImportValue" => {
                let name = self.value(inner);
                let exports = self.stacks.exports.borrow();
                name.as_str().and_then(|name| exports.get(name)).cloned().unwrap_or(Value::Null)
            }
            "Fn::Base64" | "Fn::ToJsonString" => self.value(inner),
            "Fn::Length" => self.value(inner).as_array().map_or(Value::Null, |list| Value::from(list.len())),
            "Fn::Equals" | "Fn::And" | "Fn::Or" | "Fn::Not" => {
                self.test(&Value::Object(Map::from_iter([(name.to_owned(), inner.clone())]))).into()
            }
            _ => Value::Null,
        }
    }

    fn two(&mut self, inner: &Value) -> [Value; 2] {
        let at = |i: usize| inner.get(i).cloned().unwrap_or_default();
        [self.value(&at(0)), self.value(&at(1))]
    }

    fn reference(&mut self, name: &str) -> Value {
        match name {
            "AWS::Region" => return self.stacks.region.into(),
            "AWS::Partition" => return "aws".into(),
            "AWS::URLSuffix" => return "amazonaws.com".into(),
            "AWS::StackName" => return "stack".into(),
            _ if name.starts_with("AWS::") => return Value::Null,
            _ => {}
        }
        if let Some(parameter) = self.template.get("Parameters").and_then(|parameters| parameters.get(name)) {
            return self.parameter(name, parameter);
        }
        match self.template.get("Resources").and_then(|resources| resources.get(name)) {
            Some(_) => mark::of(&self.address(name)).into(),
            // SAM makes resources that the template does not write.
            None => Value::Null,
        }
    }

    fn parameter(&mut self, name: &str, parameter: &Value) -> Value {
        if let Some(given) = self.given.get(name).filter(|given| !given.is_null()) {
            return given.clone();
        }
        let kind = parameter.get("Type").and_then(Value::as_str).unwrap_or_default();
        let default = parameter.get("Default").filter(|_| !kind.starts_with("AWS::SSM"));
        match default {
            Some(Value::String(text)) if kind.contains("List") => {
                Value::Array(text.split(',').map(|part| part.trim().into()).collect())
            }
            Some(default) => default.clone(),
            None => {
                self.open.insert(name.to_owned());
                Value::Null
            }
        }
    }

    fn attribute(&mut self, inner: &Value) -> Value {
        let path = match inner {
            Value::String(text) => text.clone(),
            Value::Array(list) => list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("."),
            _ => return Value::Null,
        };
        let (id, of) = path.split_once('.').unwrap_or((&path, ""));
        let stacks = self.stacks;
        let resource = self.template.get("Resources").and_then(|resources| resources.get(id));
        if let (Some(resource), Some(output)) = (resource, of.strip_prefix("Outputs."))
            && let Some(value) = stacks.output(self, id, resource, output)
        {
            return value;
        }
        mark::of(&self.address(id)).into()
    }

    fn substitute(&mut self, inner: &Value) -> Value {
        let (text, own) = match inner {
            Value::String(text) => (text.as_str(), Value::Null),
            Value::Array(list) => (
                list.first().and_then(Value::as_str).unwrap_or_default(),
                list.get(1).cloned().unwrap_or_default(),
            ),
            _ => return Value::Null,
        };
        let mut done = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            done.push_str(before);
            let Some((name, after)) = after.split_once('}') else {
                rest = after;
                break;
            };
            rest = after;
            if name.starts_with('!') {
                continue;
            }
            let value = match own.get(name) {
                Some(value) => self.value(value),
                None if name.contains('.') => self.attribute(&name.into()),
                None => self.reference(name.trim()),
            };
            done.push_str(&plain(&value));
        }
        done.push_str(rest);
        Value::String(done)
    }

    fn find(&mut self, inner: &Value) -> Value {
        let [map, first, second] = [0, 1, 2].map(|i| self.value(&inner.get(i).cloned().unwrap_or_default()));
        let found = self
            .template
            .get("Mappings")
            .and_then(|mappings| mappings.get(plain(&map))?.get(plain(&first))?.get(plain(&second)).cloned());
        let default = || inner.get(3)?.get("DefaultValue").cloned();
        found.or_else(default).unwrap_or(Value::Null)
    }

    fn choose(&mut self, inner: &Value) -> Value {
        let Some(name) = inner.get(0).and_then(Value::as_str) else { return Value::Null };
        let branch = match self.condition(name) {
            Some(true) => 1,
            Some(false) => 2,
            None => {
                self.doubts.push(format!("the condition {name} is open: its first branch was taken"));
                1
            }
        };
        let value = inner.get(branch).cloned().unwrap_or_default();
        if is_no_value(&value) { Value::Null } else { self.value(&value) }
    }

    /// Whether a condition holds, if the template says.
    pub fn condition(&mut self, name: &str) -> Option<bool> {
        let condition = self.template.get("Conditions")?.get(name)?.clone();
        self.test(&condition)
    }

    fn test(&mut self, condition: &Value) -> Option<bool> {
        if self.depth > DEEPEST {
            return None;
        }
        self.depth += 1;
        let result = self.tested(condition);
        self.depth -= 1;
        result
    }

    fn tested(&mut self, condition: &Value) -> Option<bool> {
        let (name, inner) = condition.as_object()?.iter().next()?;
        let parts: Vec<Value> = inner.as_array().cloned().unwrap_or_default();
        match name.as_str() {
            "Condition" => self.condition(inner.as_str()?),
            "Fn::Equals" => {
                let sides = self.two(inner);
                let known = sides.iter().all(|side| !side.is_null() && !mark::is_in(&plain(side)));
                known.then(|| plain(&sides[0]) == plain(&sides[1]))
            }
            "Fn::Not" => self.test(parts.first()?).map(|holds| !holds),
            "Fn::And" | "Fn::Or" => {
                let decides = name == "Fn::Or";
                let results: Vec<Option<bool>> = parts.iter().map(|part| self.test(part)).collect();
                if results.contains(&Some(decides)) {
                    return Some(decides);
                }
                results.iter().all(Option::is_some).then_some(!decides)
            }
            _ => None,
        }
    }
}

fn is_no_value(value: &Value) -> bool {
    value.get("Ref").and_then(Value::as_str) == Some("AWS::NoValue")
}

/// A value as part of a text.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(plain).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}
