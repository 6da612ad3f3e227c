//! The configuration that a plan carries: which resources a value comes from that is known only after the plan is applied. In: the
//! `configuration` of a plan. Out: marks in place of missing values.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::address::{LOCAL, bare, keyed, number, parts, plain, split};
use super::mark;
use super::resource::entries;

/// Steps from variable to output and back that a reference may take.
const FURTHEST: usize = 24;

/// The modules of a plan, as written.
#[derive(Debug)]
pub struct Configuration<'a> {
    root: &'a Value,
}

/// A module as written, with the way to it.
#[derive(Clone, Debug)]
struct Module<'a> {
    tree: &'a Value,
    /// Names of calls.
    way: Vec<String>,
    /// The same with the number or key of each, where it is known which one is meant.
    shown: Vec<String>,
    /// What `each.key` or `count.index` is here, in brackets.
    each: Option<String>,
}

impl<'a> Configuration<'a> {
    /// The configuration of a plan.
    pub fn new(configuration: &'a Value) -> Configuration<'a> {
        Configuration { root: configuration.get("root_module").unwrap_or(&Value::Null) }
    }

    /// Adds what a resource refers to and does not know yet.
    pub fn complete(&self, address: &str, values: &mut Value) {
        let (way, own) = split(address);
        let each = number(own).map(str::to_owned);
        let Some(module) = self.module(&way, &keyed(address), each) else { return };
        let resources = module.tree.get("resources").and_then(Value::as_array);
        let own = plain(own);
        let same = |written: &&Value| written.get("address").and_then(Value::as_str) == Some(own);
        let Some(written) = resources.into_iter().flatten().find(same) else { return };
        if !values.is_object() {
            *values = Value::Object(Map::new());
        }
        if let (Some(expressions), Value::Object(values)) = (written.get("expressions"), values) {
            self.fill(&module, expressions, values, 0);
        }
    }

    fn module(&self, way: &[String], shown: &[String], each: Option<String>) -> Option<Module<'a>> {
        let mut tree = self.root;
        for call in way {
            tree = tree.get("module_calls")?.get(call)?.get("module")?;
        }
        Some(Module { tree, way: way.to_vec(), shown: shown.to_vec(), each })
    }

    fn fill(
        &self,
        module: &Module<'a>,
        expressions: &'a Value,
        values: &mut Map<String, Value>,
        depth: usize,
    ) {
        for (key, expression) in entries(Some(expressions)) {
            match expression {
                Value::Object(_) if expression.get("references").is_some() => {
                    let missing = values.get(key).is_none_or(|value| {
                        value.is_null()
                            || value.as_array().is_some_and(|list| list.iter().any(Value::is_null))
                    });
                    if missing {
                        let marks: String = self
                            .targets(module, expression)
                            .iter()
                            .map(|address| mark::of(address))
                            .collect();
                        if !marks.is_empty() {
                            values.insert(key.to_owned(), Value::String(marks));
                        }
                    }
                }
                Value::Object(_) if depth < 12 && expression.get("constant_value").is_none() => {
                    let inner = values.entry(key).or_insert_with(|| Value::Object(Map::new()));
                    let inner = match inner {
                        Value::Array(list) => list.first_mut(),
                        other => Some(other),
                    };
                    if let Some(Value::Object(inner)) = inner {
                        self.fill(module, expression, inner, depth + 1);
                    }
                }
                Value::Array(blocks) if depth < 12 => {
                    let inner = values.entry(key).or_insert_with(|| Value::Array(Vec::new()));
                    let Value::Array(inner) = inner else { continue };
                    for (i, block) in blocks.iter().enumerate() {
                        if inner.len() <= i {
                            inner.push(Value::Object(Map::new()));
                        }
                        if let Some(Value::Object(inner)) = inner.get_mut(i) {
                            self.fill(module, block, inner, depth + 1);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// The resources that an expression comes from.
    fn targets(&self, module: &Module<'a>, expression: &Value) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        self.follow(module, expression, None, FURTHEST, &mut found);
        found
    }

    /// Follows what an expression refers to; `key` says which one of several resources is meant behind an output.
    fn follow(
        &self,
        module: &Module<'a>,
        expression: &Value,
        key: Option<&str>,
        left: usize,
        found: &mut BTreeSet<String>,
    ) {
        if left == 0 || found.len() > 64 {
            return;
        }
        let references = expression.get("references").and_then(Value::as_array);
        let references: Vec<&str> = references.into_iter().flatten().filter_map(Value::as_str).collect();
        // Beside `x[0].id` Terraform also lists `x[0]` and `x`, which say less.
        let longer = |short: &str| {
            let rest =
                |long: &&&str| long.strip_prefix(short).is_some_and(|rest| rest.starts_with(['[', '.']));
            references.iter().any(|long| rest(&long))
        };
        let own = references.iter().any(|it| matches!(*it, "each.key" | "count.index"));
        let key = key.or(module.each.as_deref().filter(|_| own));
        for reference in references.iter().copied().filter(|reference| !longer(reference)) {
            let parts = parts(reference);
            match parts.as_slice() {
                ["var", name, ..] => self.variable(module, bare(name), key, left, found),
                ["module", call, output, ..] => {
                    let mut inner = (module.way.clone(), module.shown.clone());
                    inner.0.push(bare(call).to_owned());
                    inner.1.push((*call).to_owned());
                    let Some(inner) = self.module(&inner.0, &inner.1, None) else { continue };
                    let key = number(output).or(key);
                    let output = inner.tree.get("outputs").and_then(|outputs| outputs.get(bare(output)));
                    if let Some(expression) = output.and_then(|output| output.get("expression")) {
                        self.follow(&inner, expression, key, left - 1, found);
                    }
                }
                // What a local is stands nowhere in a plan: only in which module it is.
                ["local", ..] => _ = found.insert(within(module, LOCAL)),
                ["each" | "count" | "path" | "terraform" | "self" | "module", ..] => {}
                ["data", kind, name, ..] => {
                    _ = found.insert(within(module, &chosen(&format!("data.{kind}.{name}"), key)));
                }
                [kind, name, ..] => {
                    _ = found.insert(within(module, &chosen(&format!("{kind}.{name}"), key)));
                }
                _ => {}
            }
        }
    }

    fn variable(
        &self,
        module: &Module<'a>,
        name: &str,
        key: Option<&str>,
        left: usize,
        found: &mut BTreeSet<String>,
    ) {
        let Some((call, outer)) = module.way.split_last() else { return };
        let Some((shown, outer_shown)) = module.shown.split_last() else { return };
        let each = number(shown).map(str::to_owned);
        let Some(outer) = self.module(outer, outer_shown, each) else { return };
        let call = outer.tree.get("module_calls").and_then(|calls| calls.get(call));
        let Some(expression) = call.and_then(|call| call.get("expressions")?.get(name)) else { return };
        self.anything(&outer, expression, key, left - 1, found);
    }

    /// An argument of a module can be written as one expression or as blocks of them.
    fn anything(
        &self,
        module: &Module<'a>,
        expression: &Value,
        key: Option<&str>,
        left: usize,
        found: &mut BTreeSet<String>,
    ) {
        match expression {
            Value::Object(table) if !table.contains_key("references") && left > 0 => {
                table.values().for_each(|inner| self.anything(module, inner, key, left - 1, found));
            }
            Value::Array(list) if left > 0 => {
                list.iter().for_each(|inner| self.anything(module, inner, key, left - 1, found));
            }
            _ => self.follow(module, expression, key, left, found),
        }
    }
}

/// A resource with the number or key that is meant, unless the reference has one.
fn chosen(address: &str, key: Option<&str>) -> String {
    if address.ends_with(']') { address.to_owned() } else { format!("{address}{}", key.unwrap_or_default()) }
}

/// The address of a resource of a module, with those numbers of modules that are known.
fn within(module: &Module<'_>, address: &str) -> String {
    let mut text: String = module.shown.iter().map(|call| format!("module.{call}.")).collect();
    text.push_str(address);
    text
}
